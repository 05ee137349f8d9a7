from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Literal

from domain.calls.causes import HangupCause
from domain.dialling_rules.refusal import DialRefusal
from domain.queues.queue import STANDARD_MUSIC
from telephony.ari.request import path
from telephony.commands import Commands
from telephony.config.ari import APPLICATION
from telephony.config.dialplan import REFUSAL_CONTEXT
from telephony.dialling import caller_id
from telephony.errors import Conflict, Failed, NotFound, Refused, Unreachable, WrongState
from telephony.model import Channel, as_json, as_text, read_channel

Direction = Literal["in", "out", "both"]

# Asterisk's language of tones: two frequencies for 2 s, then 4 s of silence. A comma would end the medium.
_RINGBACK = "440+480/2000|0/4000"
_REFRESH = "PJSIP_SEND_SESSION_REFRESH()"
_AGREED = "CHANNEL(audionativeformat)"
_OFFER = "PJSIP_MEDIA_OFFER(audio)"
_PHONE_CALL = "PJSIP/"
"""How the names of channels begin, those apart that Asterisk makes to record or to play."""


class ChannelCommands(Commands):
    """Commands to channels.

    Where the channel is gone, those that need it raise NotFound or NotInApplication; those that end something succeed.
    """

    async def answer(self, channel: str) -> None:
        """Answer an inbound call; an answered one stays so."""
        await self._waiting.request("POST", path("channels", channel, "answer"))

    async def ring(self, channel: str) -> None:
        """Let the caller hear ringing (SIP 180). Does nothing on an answered call."""
        try:
            await self._requester.request("POST", path("channels", channel, "ring"))
        except WrongState:
            return

    async def hang_up(self, channel: str, cause: HangupCause | int | None = None) -> bool:
        """Hang up, and tell why (normally, by default); False when the channel was gone already."""
        try:
            await self._requester.request(
                "DELETE", path("channels", channel), query={"reason_code": str(int(cause or HangupCause.NORMAL))}
            )
        except NotFound:
            return False
        return True

    async def refuse(self, channel: str, refusal: DialRefusal) -> None:
        """Tell a phone that dials why nothing is dialled, in words and, as they end, by its SIP status.

        Asterisk goes on alone with that. A channel that is gone, or hears it already, is let be.
        """
        query = {"context": REFUSAL_CONTEXT, "extension": refusal.value, "priority": "1"}
        try:
            await self._requester.request("POST", path("channels", channel, "continue"), query=query)
        except (NotFound, Conflict):
            return

    async def originate(  # noqa: PLR0913  Each is a different thing that ARI is told.
        self,
        channel: str,
        *,
        endpoint: str,
        app_args: str,
        caller_name: str = "",
        caller_number: str = "",
        timeout: float,  # noqa: ASYNC109  How long the phone rings, in seconds.
        variables: Mapping[str, str] | None = None,
    ) -> bool:
        """Ring an endpoint (see dialling) under an id of ours; ChannelEnteredApp with app_args says it answered.

        False when a channel of that id is there already: nothing was dialled. The id is free again once the channel
        is destroyed, so an attempt must never reuse the id of an ended one. Raises Unreachable when no phone is there.
        """
        query = {
            "endpoint": endpoint,
            "app": APPLICATION,
            "appArgs": app_args,
            "timeout": str(max(1, round(timeout))),
        }
        shown = caller_id(caller_name, caller_number)
        if shown:
            query["callerId"] = shown
        try:
            await self._requester.request(
                "POST", path("channels", channel), query=query, body={"variables": dict(variables or {})}
            )
        except (Refused, Failed) as refused:
            if isinstance(refused, Failed) or not await self._exists(channel):
                # Its words go to logs, and the endpoint of somebody outside is a number.
                raise Unreachable(refused.status, f"Nothing can be called there: {refused.message}") from refused
            return False
        return True

    async def _exists(self, channel: str) -> bool:
        """Whether the channel is there.

        An originate that fails for want of a phone is answered 500, or, wrongly, "already exists" when
        an earlier one failed for that reason: Asterisk keeps the old reason of that thread.
        """
        try:
            await self.channel(channel)
        except NotFound:
            return False
        return True

    async def start_music(self, channel: str, music: str = STANDARD_MUSIC) -> None:
        """Play the music on hold of that class; it goes on while it plays."""
        await self._requester.request("POST", path("channels", channel, "moh"), query={"mohClass": music})

    async def stop_music(self, channel: str) -> None:
        """Stop the music on hold, if the channel is there and hears it."""
        await self._end("DELETE", channel, "moh")

    async def mute(self, channel: str, direction: Direction = "in") -> None:
        """Stop what comes from the channel ("in"), what goes to it ("out"), or both."""
        await self._requester.request("POST", path("channels", channel, "mute"), query={"direction": direction})

    async def unmute(self, channel: str, direction: Direction = "in") -> None:
        """Undo mute."""
        await self._end("DELETE", channel, "mute", {"direction": direction})

    async def play(self, channel: str, playback: str, media: str) -> None:
        """Play "sound:<name>" under an id of ours; PlaybackFinished follows. An id that plays already goes on.

        Several media are separated by commas. Music pauses meanwhile and does not go on by itself: ask for it at once,
        Asterisk starts it when the playback is over.
        """
        # Asterisk would play a second one of the same id after the first, and stop only one of them.
        if not await self._plays(playback):
            await self._requester.request("POST", path("channels", channel, "play", playback), query={"media": media})

    async def _plays(self, playback: str) -> bool:
        try:
            await self._requester.request("GET", path("playbacks", playback))
        except NotFound:
            return False
        return True

    async def speak(self, channel: str, playback: str, sounds: Sequence[str]) -> None:
        """Play Asterisk's own sounds, by their names, one after the other."""
        await self.play(channel, playback, ",".join(f"sound:{sound}" for sound in sounds))

    async def play_ringback(self, channel: str, playback: str) -> None:
        """Let a party that has answered hear that another phone rings, until it is stopped."""
        await self.play(channel, playback, f"tone:{_RINGBACK}")

    async def stop_playing(self, playback: str) -> None:
        """Stop an announcement, if it still plays."""
        try:
            await self._requester.request("DELETE", path("playbacks", playback))
        except NotFound:
            return

    async def send_dtmf(self, channel: str, digits: str) -> None:
        """Press keys towards the channel. Not safe to repeat: the far end hears them once more."""
        await self._requester.request("POST", path("channels", channel, "dtmf"), query={"dtmf": digits})

    async def ask(self, channel: str) -> None:
        """Ask whether the other side is still there, by an INVITE that changes nothing (RFC 3261, section 14).

        A leg whose phone says nothing for 32 s ends (timer B, section 17.1.1.2). One that is gone, or that nobody has
        answered yet, is let be.
        """
        with suppress(Refused, Failed):
            agreed = (await self._read(channel, _AGREED)).strip("()")
            offered = (await self._read(channel, _OFFER)).split(",")
            # Asterisk offers all that the endpoint may speak, and sends nothing if it were only what was agreed. So
            # that comes first, for most take the first.
            codecs = ",".join(sorted(offered, key=lambda codec: codec != agreed))
            await self._write(channel, _OFFER, codecs)
            await self._write(channel, _REFRESH, "invite")

    async def _read(self, channel: str, variable: str) -> str:
        where = path("channels", channel, "variable")
        return as_text(as_json(await self._requester.request("GET", where, query={"variable": variable})).get("value"))

    async def _write(self, channel: str, variable: str, value: str) -> None:
        query = {"variable": variable, "value": value}
        await self._requester.request("POST", path("channels", channel, "variable"), query=query)

    async def heard_packets(self, channel: str) -> int | None:
        """How many packets of sound have come from a phone; None when the channel is gone or was never answered."""
        try:
            found = await self._requester.request("GET", path("channels", channel, "rtp_statistics"))
        except (Refused, Failed):
            return None
        packets = as_json(found).get("rxcount")
        return packets if isinstance(packets, int) else None

    async def target_of(self, channel: str) -> str:
        """The address of the phone that a channel was rung at; empty when it is gone, or has called us."""
        query = {"variable": "CHANNEL(pjsip,target_uri)"}
        try:
            found = await self._requester.request("GET", path("channels", channel, "variable"), query=query)
        except (Refused, Failed):
            return ""
        return as_text(as_json(found).get("value"))

    async def channel(self, channel: str) -> Channel:
        """One channel. Raises NotFound."""
        return read_channel(await self._requester.request("GET", path("channels", channel)))

    async def exists(self, channel: str) -> bool:
        """Whether there is such a channel."""
        try:
            await self.channel(channel)
        except NotFound:
            return False
        return True

    async def channels(self) -> list[Channel]:
        """Every phone call's leg. By AriHttp also those that are not ours, as the demo caller's own."""
        channels = [read_channel(found) for found in await self._all("channels", "channel_ids")]
        return [channel for channel in channels if channel.name.startswith(_PHONE_CALL) or not channel.described]

    async def _end(
        self, method: Literal["DELETE"], channel: str, what: str, query: Mapping[str, str] | None = None
    ) -> None:
        try:
            await self._requester.request(method, path("channels", channel, what), query=query)
        except (NotFound, Conflict):
            return
