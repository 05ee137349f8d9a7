import asyncio
import contextlib
import os
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from tests.phones import starter
from tests.phones.audio import write_tone
from tests.phones.errors import PhoneDied, PhoneError, PhoneTimeout, RegistrationRefused
from tests.phones.identity import anonymous_sender, sender
from tests.phones.messages import (
    RING,
    CallArrived,
    CallChanged,
    CallState,
    Command,
    Dial,
    DigitHeard,
    Done,
    Event,
    Incoming,
    PhoneSetup,
    Ready,
    Register,
    Registration,
    SetIncoming,
    Unregister,
    event_adapter,
)
from tests.phones.phone_call import PhoneCall

_START_SECONDS = 10.0
_STOP_SECONDS = 3.0
_ERRORS = "errors.log"


@dataclass(frozen=True)
class Line:
    """The process of a phone: it reads commands, and writes what has happened."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class SoftPhone:
    """A SIP phone in a process of its own. It plays a known sound and records what it hears.

    The methods of a call without a call (`wait_for`, `answer`, …) act on the newest call.
    """

    def __init__(self, line: Line, setup: PhoneSetup) -> None:
        self.bind = setup.bind
        self.port = 0
        self.calls: list[PhoneCall] = []
        self.registration: Registration | None = None
        self._line = line
        self._log = Path(setup.log)
        self._requests: dict[int, asyncio.Future[str | None]] = {}
        self._last_request = 0
        self._ready = asyncio.Event()
        self._registration_changed = asyncio.Event()
        self._arrived: asyncio.Queue[PhoneCall] = asyncio.Queue()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    @asynccontextmanager
    async def start(
        cls,
        *,
        bind: str = "127.0.0.2",
        port: int = 0,
        rtp_port: int = 0,
        number: str = "phone",
        tone_hz: float | None = None,
        wav: Path | None = None,
        record: Path | None = None,
        incoming: Incoming = RING,
        codec: str | None = None,
    ) -> AsyncIterator[Self]:
        """Run a phone for as long as the block. Port 0 takes a free one.

        `tone_hz` plays bursts of that tone, or `wav` a file, again and again. `record` names the first call's
        recording; later calls get "-2", "-3", … in their names. `codec` ("PCMA", "G722") allows no other.
        """
        with tempfile.TemporaryDirectory(prefix="phone-") as folder:
            if tone_hz is not None:
                wav = Path(folder) / "tone.wav"
                write_tone(wav, tone_hz, seconds=5.0, rate=16000)
            setup = PhoneSetup(
                bind=bind,
                port=port,
                rtp_port=rtp_port,
                number=number,
                sound=str(wav) if wav else None,
                record=str(record) if record else None,
                incoming=incoming,
                log=str(Path(folder) / "phone.log"),
                codec=codec,
            )
            phone = cls(await _launch(setup, Path(folder)), setup)
            try:
                await phone._wait(phone._ready, _START_SECONDS, "the phone did not start")
                yield phone
            finally:
                await phone._stop()

    @property
    def pid(self) -> int:
        return self._line.pid

    @property
    def call(self) -> PhoneCall:
        """The newest call."""
        if not self.calls:
            raise PhoneError("this phone has had no call")
        return self.calls[-1]

    async def register(
        self,
        server: str,
        user: str,
        password: str,
        *,
        expires_seconds: int = 300,
        timeout: float = 10.0,  # noqa: ASYNC109  # Part of the phone's language.
    ) -> None:
        """Register at `server` ("host:port"). RegistrationRefused carries the SIP status when it fails."""
        self.registration = None
        await self._send(
            lambda request: Register(
                request=request, server=server, user=user, password=password, expires_seconds=expires_seconds
            )
        )
        report = await self._next_registration(timeout)
        if not report.active:
            raise RegistrationRefused(report.status, report.reason)

    async def unregister(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109  # Part of the phone's language.
        self.registration = None
        await self._send(lambda request: Unregister(request=request))
        await self._next_registration(timeout)

    async def dial(
        self,
        uri: str,
        *,
        caller_name: str = "",
        caller_number: str = "",
        anonymous: bool = False,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> PhoneCall:
        """Call `uri` ("sip:number@host:port"), as ourselves or under any name and number, or without caller id."""
        call = PhoneCall(len(self.calls) + 1, "out", self._send)
        identity: str | None = None
        if anonymous:
            identity, headers = anonymous_sender(), (*headers, ("Privacy", "id"))
        elif caller_name or caller_number:
            identity = sender(caller_name, caller_number or "phone", f"{self.bind}:{self.port}")
        self.calls.append(call)
        await self._send(
            lambda request: Dial(request=request, call=call.number, uri=uri, sender=identity, headers=headers)
        )
        return call

    async def next_call(self, timeout: float = 10.0) -> PhoneCall:  # noqa: ASYNC109  # Part of the phone's language.
        """The next call that comes in, in the order of arrival."""
        try:
            return await asyncio.wait_for(self._arrived.get(), timeout)
        except TimeoutError:
            raise PhoneTimeout(f"no call came in within {timeout:g} s") from None

    async def on_incoming(self, incoming: Incoming) -> None:
        """What to do with calls from now on."""
        await self._send(lambda request: SetIncoming(request=request, incoming=incoming))

    async def wait_for(self, state: CallState, timeout: float = 10.0) -> None:  # noqa: ASYNC109  # Part of the phone's language.
        await self.call.wait_for(state, timeout)

    async def answer(self) -> None:
        await self.call.answer()

    async def decline(self, status: int = 603) -> None:
        await self.call.decline(status)

    async def hang_up(self) -> None:
        await self.call.hang_up()

    async def dtmf(self, digits: str) -> None:
        await self.call.dtmf(digits)

    async def _next_registration(self, seconds: float) -> Registration:
        while self.registration is None:
            self._registration_changed.clear()
            await self._wait(self._registration_changed, seconds, "the registrar did not answer")
        return self.registration

    async def _send(self, build: Callable[[int], Command]) -> None:
        self._last_request += 1
        request = self._last_request
        done = self._requests[request] = asyncio.get_running_loop().create_future()
        if self._reader.done():
            raise PhoneDied(self._obituary())
        self._line.writer.write(build(request).model_dump_json().encode() + b"\n")
        error = await done
        if error is not None:
            raise PhoneError(error)

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionError):
            async for line in self._line.reader:
                self._take(event_adapter.validate_json(line))
        for done in self._requests.values():
            if not done.done():
                done.set_exception(PhoneDied(self._obituary()))
        for call in self.calls:
            call.note_loss(self._obituary())

    def _take(self, event: Event) -> None:
        match event:
            case Ready():
                self.port = event.port
                self._ready.set()
            case Done():
                self._requests.pop(event.request).set_result(event.error)
            case Registration():
                self.registration = event
                self._registration_changed.set()
            case CallArrived():
                call = PhoneCall(event.call, "in", self._send, event.invite)
                call.note_state("incoming")
                self.calls.append(call)
                self._arrived.put_nowait(call)
            case CallChanged():
                self._numbered(event.call).note_change(event)
            case DigitHeard():
                self._numbered(event.call).note_digit(event.digit)

    def _numbered(self, number: int) -> PhoneCall:
        return next(call for call in self.calls if call.number == number)

    async def _wait(self, happened: asyncio.Event, seconds: float, otherwise: str) -> None:
        """Wait for an event of this phone, but not for a dead phone."""
        waiting = asyncio.ensure_future(happened.wait())
        await asyncio.wait({waiting, self._reader}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._reader.done():
            raise PhoneDied(self._obituary())
        if not happened.is_set():
            raise PhoneTimeout(f"{otherwise} within {seconds:g} s")

    def _obituary(self) -> str:
        tails = [path.read_text(errors="replace")[-2000:] for path in (self._log, self._log.with_name(_ERRORS))]
        return "\n".join(["the phone's process has ended; its logs end:", *tails])

    async def _stop(self) -> None:
        """End the process: politely by closing its input, then by its id."""
        with contextlib.suppress(OSError):
            self._line.writer.write_eof()
        await asyncio.wait({self._reader}, timeout=_STOP_SECONDS)
        if not self._reader.done():
            os.kill(self.pid, signal.SIGKILL)
        await self._reader
        self._line.writer.close()
        while psutil.pid_exists(self.pid):  # noqa: ASYNC110 - The kernel tells only the parent, which is not us.
            await asyncio.sleep(0.002)


async def _launch(setup: PhoneSetup, folder: Path) -> Line:
    ours, theirs = socket.socketpair()
    with theirs:
        pid = await asyncio.to_thread(starter.start, setup.model_dump_json(), theirs, folder / _ERRORS)
    return Line(pid, *await asyncio.open_connection(sock=ours))
