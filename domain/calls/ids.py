"""Every id of a call is computed from the call id, so that a repeated command or event names the same thing.

An inbound call takes its id from Asterisk's channel; a call out takes a UUIDv7. The legs, the bridge and the
recordings append a suffix, and a channel id found in an event therefore names its call without any table.
A call that is dialled on a desk phone begins with a channel of Asterisk's too: its id is that channel's with a mark,
and its first agent's leg is that channel.
"""

import re
import secrets
import time
import uuid
from dataclasses import dataclass

_LEG = re.compile(r"^(?P<call>.+)-(?P<kind>[acs])(?P<attempt>\d*)$")
_ANNOUNCEMENT = re.compile(r"^(?P<call>.+)-p(?P<count>\d+)$")
_VOICEMAIL = "-v1"
_RECORDING = re.compile(r"^(?P<call>.+)-r\d+$")
_WORKFLOW_PREFIX = "call-"
_CALLBACK = "-cb"
_DIALLED = "-d"
_FIRST = 1


@dataclass(frozen=True)
class Leg:
    """A channel that belongs to a call: the customer's (`attempt` 0), an agent's, or one that only listens.

    `dial` counts how often a customer was called; it is 0 for one who called us.
    """

    call_id: str
    attempt: int
    listens: bool = False
    dial: int = 0

    @property
    def is_customer(self) -> bool:
        """Whether this is the customer's side of the call."""
        return self.attempt == 0 and not self.listens

    def is_customer_of(self, call_id: str) -> bool:
        """Whether this is the customer's side of that call."""
        return self.is_customer and self.call_id == call_id


def agent_leg(call_id: str, attempt: int) -> str:
    """The channel id of the `attempt`-th agent's leg of a call; attempts count from 1."""
    return call_id.removesuffix(_DIALLED) if is_own_phone(call_id, attempt) else f"{call_id}-a{attempt}"


def dialled_on(channel_id: str) -> str:
    """The id of the call that a desk phone dials on a channel of Asterisk's."""
    return f"{channel_id}{_DIALLED}"


def is_own_phone(call_id: str, attempt: int) -> bool:
    """Whether that leg is the phone on which the call was dialled: it has called us, and was not rung."""
    return call_id.endswith(_DIALLED) and attempt == _FIRST


def dialling_leg(channel_id: str) -> Leg:
    """The call and the leg of the channel on which a desk phone dials."""
    return Leg(dialled_on(channel_id), _FIRST)


def customer_leg(call_id: str, dial: int) -> str:
    """The customer's channel: that of an inbound call is the call's own id, ours count from 1."""
    return f"{call_id}-c{dial}" if dial else call_id


def callback(call_id: str) -> str:
    """The id of the call by which a caller is called back; one caller's call asks for one at most."""
    return f"{call_id}{_CALLBACK}"


def is_callback(call_id: str) -> bool:
    """Whether this is a call by which somebody is called back."""
    return call_id.endswith(_CALLBACK)


def announcement(call_id: str, count: int) -> str:
    """The `count`-th thing that is played to a call's customer, from 1."""
    return f"{call_id}-p{count}"


def line_announcement(call_id: str, count: int) -> str:
    """The same for what is played over the music: nobody waits for its end."""
    return f"{call_id}-q{count}"


def played(call_id: str, count: int) -> tuple[str, ...]:
    """What a customer may still hear: to be stopped first, for Asterisk does nothing else before its end."""
    return (announcement(call_id, count), line_announcement(call_id, count)) if count else ()


def ringback(call_id: str, dial: int) -> str:
    """What an agent hears while the customer is called for the `dial`-th time."""
    return f"{call_id}-t{dial}"


def guest_ringback(call_id: str, attempt: int) -> str:
    """What an agent hears while the guest whose leg is `attempt` is rung."""
    return f"{call_id}-g{attempt}"


def voicemail(call_id: str) -> str:
    """The name of the recording of what a caller leaves for a queue."""
    return f"{call_id}{_VOICEMAIL}"


def bridge(call_id: str) -> str:
    """The bridge in which a call's parties talk."""
    return f"{call_id}-b"


def recording(call_id: str, part: int) -> str:
    """The name of a call's `part`-th recording, from 1."""
    return f"{call_id}-r{part}"


def listener(call_id: str, part: int) -> str:
    """The channel that listens in for a call's `part`-th recording."""
    return f"{call_id}-s{part}"


def workflow(call_id: str) -> str:
    """The id of the workflow that is this call."""
    return f"{_WORKFLOW_PREFIX}{call_id}"


def parse_leg(channel_id: str) -> Leg:
    """The call and the leg that a channel id names; an id without a suffix is an inbound customer's."""
    found = _LEG.match(channel_id)
    if found is None:
        return Leg(channel_id, 0)
    count = int(found["attempt"] or 0)
    match found["kind"]:
        case "a":
            return Leg(found["call"], count)
        case "c":
            return Leg(found["call"], 0, dial=count)
        case _:
            return Leg(found["call"], 0, listens=True)


@dataclass(frozen=True)
class Announcement:
    """The `count`-th thing that was played to a call's customer."""

    call_id: str
    count: int


def parse_announcement(playback: str) -> Announcement | None:
    """What a playback's id names; None when it is no announcement of a call that waits for its end."""
    found = _ANNOUNCEMENT.match(playback)
    return Announcement(found["call"], int(found["count"])) if found else None


def parse_voicemail(recording: str) -> str | None:
    """The call in which a voicemail was recorded; None for any other recording."""
    return recording.removesuffix(_VOICEMAIL) if recording.endswith(_VOICEMAIL) else None


def parse_recording(recording: str) -> str | None:
    """The call of which a talk was recorded; None for any other recording."""
    found = _RECORDING.match(recording)
    return found["call"] if found else None


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562, version 7): 48 bits of milliseconds, 74 bits of chance."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
