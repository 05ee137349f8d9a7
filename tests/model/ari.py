"""An Asterisk in memory, behind ARI: channels, bridges, playbacks and recordings, without any sound."""

from collections.abc import Callable, Container, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from telephony.ari.request import Method
from telephony.config.ari import APPLICATION
from telephony.errors import RequestTimedOut, refusal
from tests.model.legs import Answered, Event, Gone, Leg, Played, Pressed, Recorded, Rings

NORMAL = 16
CANCELLED = 26

_WAV_HEADER = 44
_STARTED = "2026-01-05T08:00:00.000+0000"


class MemoryAri:
    """Answers requests as Asterisk does, and notes in `events` what it would tell."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self.folder = folder
        self._clock = clock
        self.legs: dict[str, Leg] = {}
        self.bridges: dict[str, list[str]] = {}
        self.made: dict[str, datetime] = {}
        """When each bridge was made."""
        self.playbacks: dict[str, str] = {}
        self.live: dict[str, str] = {}
        """The channel that each recording is of."""
        self.paused: set[str] = set()
        self.unreachable: set[str] = set()
        """Endpoints at which no phone is."""
        self.events: list[Event] = []
        self.keys = 0
        """How often we have pressed keys towards somebody."""
        self.dialled_outside: list[str] = []
        """Every channel by which somebody outside was called, once a time."""
        self.broken = 0
        """So many requests fail before they are looked at."""
        self.odd = 0
        """So many requests are refused for a reason that is not about who is there."""
        self.deaf = 0
        """So many requests are done, and their answers are lost."""

    async def request(
        self,
        method: Method,
        uri: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,  # noqa: ARG002 - as Requester
        timeout: float = 5.0,  # noqa: ARG002, ASYNC109 - as Requester
    ) -> Any:
        """One request, done at once."""
        if self.broken:
            self.broken -= 1
            raise refusal(500, "Internal server error")
        if self.odd:
            self.odd -= 1
            raise refusal(412, "Channel in invalid state")
        answer = self._do(method, [unquote(part) for part in uri.split("/")], dict(query or {}))
        if self.deaf:
            self.deaf -= 1
            raise RequestTimedOut(f"No answer to {method} {uri}")
        return answer

    # What parties do

    def call_in(self, channel: str, arguments: str, *, endpoint: str = "line", number: str = "") -> None:
        """A customer, or an agent at the desk phone, calls us, and comes into our application with `arguments`."""
        self.legs[channel] = Leg(channel, endpoint, arguments=arguments, number=number)

    def answer(self, channel: str) -> None:
        """A phone that rings is picked up."""
        self.legs[channel].up, self.legs[channel].rings_until = True, None
        self.events.append(Answered(channel))

    def end(self, channel: str, cause: int = NORMAL) -> None:
        """A channel goes, whoever ended it, and with it what depends on it."""
        leg = self.legs.pop(channel)
        self._take_out(leg)
        for playback in list(leg.playing):
            self._stop_playing(playback)
        for name in [name for name, of in self.live.items() if of == channel]:
            self._close(name)
        for listener in [other for other in self.legs.values() if other.listens_to == channel]:
            self.end(listener.id)
        if leg.listens_to is None:
            self.events.append(Gone(channel, cause))

    def press(self, channel: str, digit: str) -> None:
        """A party presses a key; a pound ends a message."""
        self.events.append(Pressed(channel, digit))
        if digit == "#":
            for name in [name for name, of in self.live.items() if of == channel]:
                self._close(name)

    def finish_playing(self, playback: str) -> None:
        """What is played has come to its end."""
        self._stop_playing(playback)

    # What we ask for

    def _do(self, method: str, parts: list[str], query: Mapping[str, str]) -> Any:
        match parts:
            case ["channels", *rest]:
                return self._do_with_channels(method, rest, query)
            case ["bridges", bridge, *rest]:
                return self._do_to_bridge(method, bridge, rest, query)
            case ["playbacks", playback]:
                return self._stop_playing(self._known(playback, self.playbacks, "Playback"))
            case ["recordings", "live", name, what]:
                return self._do_to_recording(method, self._known(name, self.live, "Recording"), what)
            case ["asterisk", "info"]:
                return {"system": {"version": "memory"}, "status": {"startup_time": _STARTED}}
            case ["applications", _]:
                return {"channel_ids": list(self.legs), "bridge_ids": list(self.bridges)}
        raise NotImplementedError(f"{method} {'/'.join(parts)} is not known to the model")

    def _known(self, name: str, id_in: Container[str], kind: str) -> str:
        if name not in id_in:
            raise refusal(404, f"{kind} not found")
        return name

    def _do_with_channels(self, method: str, parts: list[str], query: Mapping[str, str]) -> Any:
        match method, parts:
            case "POST", [channel]:
                return self._originate(channel, query)
            case "DELETE", [channel]:
                return self.end(self._leg(channel).id, int(query.get("reason_code", NORMAL)))
            case _, [channel]:
                return self._describe(self._leg(channel))
            case _, [channel, "snoop", listener]:
                return self._listen(channel, listener)
            case _, [channel, "variable"]:
                self._leg(channel)
            case _, [channel, *rest]:
                self._do_to_leg(method, self._controlled(channel), rest, query)
        return None

    def _do_to_leg(self, method: str, leg: Leg, rest: list[str], query: Mapping[str, str]) -> None:
        match method, rest:
            case "POST", ["answer"]:
                leg.up, leg.rings = True, False
            case "POST", ["ring"] if leg.up:
                raise refusal(412, "Channel in invalid state")
            case "POST", ["ring"]:
                leg.rings = True
            case "POST", ["continue"]:
                leg.refused = True
            case _, ["moh"]:
                leg.music = method == "POST"
            case _, ["mute"]:
                leg.muted = method == "POST"
            case "POST", ["play", playback]:
                self._play(leg, playback)
            case "POST", ["record"]:
                self._record(leg, query["name"])
            case "POST", ["dtmf"]:
                self.keys += 1
            case _:
                raise NotImplementedError(f"{method} {'/'.join(rest)} of a channel is not known to the model")

    def _play(self, leg: Leg, playback: str) -> None:
        if playback in self.playbacks:
            raise refusal(409, "Playback already exists")
        leg.playing.append(playback)
        self.playbacks[playback] = leg.id

    def _do_to_bridge(self, method: str, bridge: str, rest: list[str], query: Mapping[str, str]) -> Any:
        match method, rest:
            case "POST", []:
                if bridge in self.bridges:
                    raise refusal(409, "Bridge with the same id already exists")
                self.bridges[bridge] = []
                self.made[bridge] = self._clock()
                return None
        members = self.bridges.get(bridge)
        if members is None:
            raise refusal(404, "Bridge not found")
        match method, rest:
            case "GET", []:
                return {"id": bridge, "channels": members, "creationtime": self.made[bridge].isoformat()}
            case "DELETE", []:
                for member in list(members):
                    self.legs[member].bridge = None
                del self.bridges[bridge]
            case "POST", ["addChannel"]:
                self._put_together(bridge, query["channel"].split(","))
            case "POST", ["removeChannel"]:
                leg = self._leg_of_bridge(query["channel"])
                if leg.bridge != bridge:
                    raise refusal(422, "Channel not in this bridge")
                self._take_out(leg)
            case _:
                raise NotImplementedError(f"{method} {'/'.join(rest)} of a bridge is not known to the model")
        return None

    def _do_to_recording(self, method: str, name: str, what: str) -> None:
        match method, what:
            case "POST", "stop":
                self._close(name)
            case "POST", "pause":
                self.paused.add(name)
            case "DELETE", "pause":
                self.paused.discard(name)
            case _:
                raise NotImplementedError(f"{method} {what} of a recording is not known to the model")

    def _originate(self, channel: str, query: Mapping[str, str]) -> None:
        endpoint = query["endpoint"].removeprefix("PJSIP/")
        if endpoint in self.unreachable:
            raise refusal(500, "Internal Server Error")
        if channel in self.legs:
            raise refusal(409, "Channel with given unique ID already exists")
        if "@" in endpoint:
            self.dialled_outside.append(channel)
            self.events.append(Rings(channel))
        until = self._clock() + timedelta(seconds=float(query["timeout"]))
        arguments = query["appArgs"]
        self.legs[channel] = Leg(channel, endpoint, ours=True, arguments=arguments, rings_until=until)

    def _listen(self, channel: str, listener: str) -> None:
        self._leg(channel)
        if listener in self.legs:
            raise refusal(500, "Snoop failed")
        self.legs[listener] = Leg(listener, "listener", up=True, ours=True, listens_to=channel)

    def _record(self, leg: Leg, name: str) -> None:
        file = self._file(name)
        if name in self.live or file.exists():
            raise refusal(409, "Recording exists already")
        self.live[name] = leg.id
        file.write_bytes(bytes(_WAV_HEADER))

    def _close(self, name: str) -> None:
        del self.live[name]
        self.paused.discard(name)
        with self._file(name).open("ab") as file:
            file.write(bytes(16_000))
        self.events.append(Recorded(name))

    def _put_together(self, bridge: str, channels: list[str]) -> None:
        # All are looked at before any is moved.
        found = [self._leg_of_bridge(channel) for channel in channels]
        for leg in found:
            if not leg.is_controlled:
                raise refusal(422, "Channel not in Stasis application")
        for leg in found:
            self._take_out(leg)
            leg.bridge = bridge
            self.bridges[bridge].append(leg.id)

    def _take_out(self, leg: Leg) -> None:
        if leg.bridge is not None:
            self.bridges[leg.bridge].remove(leg.id)
            leg.bridge = None

    def _stop_playing(self, playback: str) -> None:
        channel = self.playbacks.pop(playback)
        leg = self.legs.get(channel)
        if leg is not None:
            leg.playing.remove(playback)
        self.events.append(Played(playback))

    def _leg(self, channel: str) -> Leg:
        if channel not in self.legs:
            raise refusal(404, "Channel not found")
        return self.legs[channel]

    def _leg_of_bridge(self, channel: str) -> Leg:
        if channel not in self.legs:
            # A bridge names a missing channel a bad request.
            raise refusal(400, "Channel not found")
        return self.legs[channel]

    def _controlled(self, channel: str) -> Leg:
        leg = self._leg(channel)
        if not leg.is_controlled:
            raise refusal(409, "Channel not in Stasis application")
        return leg

    def _describe(self, leg: Leg) -> dict[str, Any]:
        state = "Up" if leg.up else "Ringing" if leg.ours else "Ring"
        kind = "Everline" if leg.listens_to else "PJSIP"
        dialplan = {"app_name": "Stasis", "app_data": f"{APPLICATION},{leg.arguments}"} if leg.is_controlled else {}
        return {
            "id": leg.id,
            "name": f"{kind}/{leg.endpoint}-00000001",
            "state": state,
            "caller": {"name": "", "number": leg.number},
            "dialplan": dialplan,
        }

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.wav"
