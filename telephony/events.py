"""What Asterisk tells us, typed: only what we use. Everything else is filtered out at Asterisk already."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.calls.causes import HangupCause
from telephony.config.dialplan import CALLED_US
from telephony.model import Channel, Json, as_json, as_text, as_texts, read_channel, read_time


@dataclass(frozen=True)
class Event:
    """Something that happened, at Asterisk's own time."""

    at: datetime


@dataclass(frozen=True)
class ChannelEnteredApp(Event):
    """A channel is ours (StasisStart): a new inbound call, or an outbound leg that was answered."""

    channel: Channel
    arguments: tuple[str, ...]
    """Those of the dialplan or of the originate: "inbound" or "dialled", dialled number; "agent", call id; …"""


@dataclass(frozen=True)
class ChannelLeftApp(Event):
    """A leg of ours that was answered has ended (StasisEnd); ChannelDestroyed with its cause follows."""

    channel: Channel


@dataclass(frozen=True)
class ChannelDialled(Event):
    """How far the dialling of a leg that we call has come."""

    channel: Channel
    rings: bool
    """The far end rings (180), or lets us hear something before the answer (183)."""
    redirected: bool = False
    """The far end names another number in place of an answer (3xx). It ends with this, by whatever cause."""


@dataclass(frozen=True)
class ChannelDestroyed(Event):
    """A leg has ended, for whatever reason: its last event, and exactly one a leg."""

    channel: Channel
    cause: HangupCause
    cause_number: int
    """The number behind the cause, for logs."""
    status: int = 0
    """The SIP status that ended a leg of ours before its answer; 0 when there was none."""


@dataclass(frozen=True)
class HangupRequested(Event):
    """A leg is to end: its phone has said so, or, `soft`, Asterisk itself has decided it. ChannelDestroyed follows."""

    channel: Channel
    soft: bool
    status: int
    """That of the SIP answer by which the phone ended it; 0 without one."""


@dataclass(frozen=True)
class ChannelHeld(Event):
    """A phone has put its call on hold by a button of its own (`held`), or has taken it back."""

    channel: Channel
    held: bool


@dataclass(frozen=True)
class DtmfReceived(Event):
    """A key was pressed. The digit may be part of a card number: never log it."""

    channel: Channel
    digit: str


@dataclass(frozen=True)
class RecordingFinished(Event):
    """A recording's file is closed."""

    name: str


@dataclass(frozen=True)
class RecordingFailed(Event):
    """A recording broke off; its file may hold the beginning."""

    name: str
    reason: str


@dataclass(frozen=True)
class PlaybackFinished(Event):
    """An announcement was heard to its end, or was stopped."""

    playback: str


class ContactStatus(StrEnum):
    """What Asterisk knows of a registered phone."""

    REACHABLE = "Reachable"
    """It answered the last check."""
    UNREACHABLE = "Unreachable"
    """It does not answer checks: switched off, or its network is gone."""
    UNCHECKED = "NonQualified"
    """It registered, and is not checked."""
    REMOVED = "Removed"
    """It logged out, its time ran out, or its websocket closed."""
    OTHER = "Other"


@dataclass(frozen=True)
class ContactChanged(Event):
    """A phone of that extension came or went."""

    endpoint: str
    status: ContactStatus
    address: str = ""
    """Where it is, as a SIP URI."""


@dataclass(frozen=True)
class EndpointChanged(Event):
    """An extension has a phone that can be called, or none any more."""

    endpoint: str
    online: bool


def _entered(at: datetime, fields: Json) -> Event:
    return ChannelEnteredApp(at, read_channel(fields.get("channel")), as_texts(fields.get("args")))


def _left(at: datetime, fields: Json) -> Event:
    channel = read_channel(fields.get("channel"))
    if channel.way_in in CALLED_US:
        # Asterisk tells the destruction of a channel to those who dialled it only; of one that called us, this is the
        # last that we hear. Its cause would say no more than that the caller, or we, hung up.
        return ChannelDestroyed(at, channel, HangupCause.NORMAL, HangupCause.NORMAL.value)
    return ChannelLeftApp(at, channel)


def _destroyed(at: datetime, fields: Json) -> Event:
    number = fields.get("cause")
    number = number if isinstance(number, int) else 0
    status = fields.get("tech_cause")
    status = status if isinstance(status, int) else 0
    return ChannelDestroyed(at, read_channel(fields.get("channel")), HangupCause.of(number), number, status)


def _hangup_requested(at: datetime, fields: Json) -> Event:
    status = fields.get("tech_cause")
    soft = fields.get("soft") is True
    return HangupRequested(at, read_channel(fields.get("channel")), soft, status if isinstance(status, int) else 0)


def _digit(at: datetime, fields: Json) -> Event:
    return DtmfReceived(at, read_channel(fields.get("channel")), as_text(fields.get("digit")))


def _recording_failed(at: datetime, fields: Json) -> Event:
    recording = as_json(fields.get("recording"))
    return RecordingFailed(at, as_text(recording.get("name")), as_text(recording.get("cause")))


def _contact(at: datetime, fields: Json) -> Event:
    info = as_json(fields.get("contact_info"))
    status = info.get("contact_status")
    known = ContactStatus(status) if status in set(ContactStatus) else ContactStatus.OTHER
    return ContactChanged(at, as_text(as_json(fields.get("endpoint")).get("resource")), known, as_text(info.get("uri")))


def _peer(at: datetime, fields: Json) -> Event:
    endpoint, peer = as_json(fields.get("endpoint")), as_json(fields.get("peer"))
    return EndpointChanged(
        at, as_text(endpoint.get("resource")), peer.get("peer_status") in {"Reachable", "Registered"}
    )


def _dialled(at: datetime, fields: Json) -> Event:
    rings = fields.get("dialstatus") in {"RINGING", "PROGRESS"}
    redirected = bool(as_text(fields.get("forward")))
    return ChannelDialled(at, read_channel(fields.get("peer")), rings=rings, redirected=redirected)


_READERS: dict[str, Callable[[datetime, Json], Event]] = {
    "Dial": _dialled,
    "StasisStart": _entered,
    "StasisEnd": _left,
    "ChannelDestroyed": _destroyed,
    "ChannelHangupRequest": _hangup_requested,
    "ChannelHold": lambda at, fields: ChannelHeld(at, read_channel(fields.get("channel")), held=True),
    "ChannelUnhold": lambda at, fields: ChannelHeld(at, read_channel(fields.get("channel")), held=False),
    "ChannelDtmfReceived": _digit,
    "RecordingFinished": lambda at, fields: RecordingFinished(
        at, as_text(as_json(fields.get("recording")).get("name"))
    ),
    "RecordingFailed": _recording_failed,
    "PlaybackFinished": lambda at, fields: PlaybackFinished(at, as_text(as_json(fields.get("playback")).get("id"))),
    "ContactStatusChange": _contact,
    "PeerStatusChange": _peer,
}

EVENT_TYPES = tuple(_READERS)
"""ARI's names of the events above."""


def parse(fields: Json) -> Event | None:
    """The event of a message, or None when it is of a kind that we do not use. Never raises."""
    read = _READERS.get(as_text(fields.get("type")))
    return read(read_time(fields.get("timestamp")), fields) if read else None
