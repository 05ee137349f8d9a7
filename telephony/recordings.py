import asyncio
import re
from pathlib import Path

from telephony.ari.request import path
from telephony.commands import Commands
from telephony.config.ari import APPLICATION
from telephony.errors import (
    AlreadyExists,
    BadRequest,
    Conflict,
    Failed,
    NotFound,
    NotInApplication,
    RecordingMissing,
    Refused,
    RequestTimedOut,
)
from telephony.model import Recording

_NAME = re.compile(r"[0-9A-Za-z._-]{1,120}")
_OPENING_TIME = 2.0  # seconds
_CLOSING_TIME = 5.0  # seconds
_WAV_HEADER = 44  # bytes
_RIFF_LENGTH, _DATA_LENGTH = 4, 40
"""Where a WAV's header has how many bytes follow."""
_WAV_RATE = 16_000  # bytes a second: Asterisk's "wav" is 16-bit mono at 8 kHz


class RecordingCommands(Commands):
    """Commands to recordings of what a channel hears and says.

    A channel of our own listens in and is recorded. A recorded bridge would be simpler, but Asterisk then mixes it in
    software: 6 ms of processor a second of talk, against 2 ms so. The listener follows its channel from bridge to
    bridge and ends with it.
    """

    async def start_recording(self, channel: str, name: str, listener: str) -> None:
        """Record what `channel` hears and says, by a listening channel under an id of ours.

        A name that records already, or was recorded, is left alone. Raises NotFound when the channel is gone.
        """
        _check(name)
        if await asyncio.to_thread(self._file(name).exists):
            return
        query = {"spy": "both", "app": APPLICATION, "appArgs": "listener"}
        try:
            await self._requester.request("POST", path("channels", channel, "snoop", listener), query=query)
        except NotFound:
            raise
        except (Refused, Failed):
            # An earlier try may have made the listener and not the recording; Asterisk says so with any of two errors.
            await self._requester.request("GET", path("channels", listener))
        await self._record(listener, name)

    async def record_message(self, channel: str, name: str, seconds: int) -> None:
        """Record what the party says, until a pound key, a hang-up or so many seconds; RecordingFinished follows.

        What was queued before, an announcement and a beep, is heard first. A name that was recorded is left alone.
        """
        _check(name)
        query = {
            "name": name,
            "format": "wav",
            "ifExists": "fail",
            "maxDurationSeconds": str(seconds),
            "terminateOn": "#",
        }
        try:
            await self._requester.request("POST", path("channels", channel, "record"), query=query)
        except AlreadyExists:
            return

    async def _record(self, listener: str, name: str) -> None:
        query = {"name": name, "format": "wav", "ifExists": "fail"}
        pause = 0.001
        try:
            async with asyncio.timeout(_OPENING_TIME):
                while True:
                    try:
                        await self._requester.request("POST", path("channels", listener, "record"), query=query)
                    except NotInApplication:
                        # A new channel is not at once under our control.
                        await asyncio.sleep(pause)
                        pause = min(pause * 2, 0.05)
                    else:
                        return
        except AlreadyExists:
            return
        except TimeoutError:
            raise RequestTimedOut(f"Recording {name} did not begin within {_OPENING_TIME:g} s") from None

    async def stop_recording(self, name: str) -> Recording:
        """Stop, wait until the file is closed, and say where it is. Raises RecordingMissing, RequestTimedOut."""
        _check(name)
        await self._until_closed(name)
        return await asyncio.to_thread(self._closed, name)

    async def pause_recording(self, name: str) -> None:
        """Put nothing more on disk until resume; the time in between is missing from the file. Raises NotFound."""
        await self._requester.request("POST", path("recordings", "live", name, "pause"))

    async def resume_recording(self, name: str) -> None:
        """Undo pause. Raises NotFound."""
        await self._requester.request("DELETE", path("recordings", "live", name, "pause"))

    async def _until_closed(self, name: str) -> None:
        """Asterisk forgets a live recording once its file is closed, some milliseconds after the stop."""
        pause = 0.002
        try:
            async with asyncio.timeout(_CLOSING_TIME):
                while True:
                    # Again and again: Asterisk loses a stop that comes while the recording is about to begin.
                    await self._ask_to_stop(name)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 0.1)
        except NotFound:
            return
        except TimeoutError:
            raise RequestTimedOut(f"Recording {name} was not closed within {_CLOSING_TIME:g} s") from None

    async def _ask_to_stop(self, name: str) -> None:
        try:
            await self._requester.request("POST", path("recordings", "live", name, "stop"))
        except Conflict:
            return  # It is about to begin, or about to be closed.

    def _file(self, name: str) -> Path:
        return self._recording_dir / f"{name}.wav"

    def _closed(self, name: str) -> Recording:
        file = self._file(name)
        try:
            size = file.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            raise RecordingMissing(f"There is no recording {name}") from None
        if size > _WAV_HEADER:
            _write_lengths(file, size)
        return Recording(name, file, max(0, size - _WAV_HEADER) / _WAV_RATE)


def _write_lengths(file: Path, size: int) -> None:
    """Write the lengths into a WAV's header: an Asterisk that was killed never did, and players find nothing there."""
    with file.open("r+b") as wav:
        for place in (_RIFF_LENGTH, _DATA_LENGTH):
            wav.seek(place)
            wav.write((size - place - 4).to_bytes(4, "little"))


def _check(name: str) -> None:
    if not _NAME.fullmatch(name) or ".." in name:
        raise BadRequest(400, "The name of the recording has a character that a file name may not have")
