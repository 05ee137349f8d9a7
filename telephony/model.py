"""What Asterisk has: channels, bridges, endpoints, recordings. Reading never raises: the fields are from outside."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from telephony.config.ari import APPLICATION
from telephony.config.dialplan import INBOUND, NODE_CONTEXT, PROHIBITED, TRUNK_CONTEXT
from telephony.text import NAME_LIMIT, NUMBER_LIMIT, clean

Json = dict[str, Any]

_QUOTED_PAIR = re.compile(r'\\(["\\])')


class ChannelState(StrEnum):
    """How far a channel is, from our side."""

    DOWN = "Down"
    DIALING = "Dialing"
    RING = "Ring"
    """An inbound call that nobody answered yet."""
    RINGING = "Ringing"
    """An outbound call whose phone rings."""
    UP = "Up"
    OTHER = "Other"


@dataclass(frozen=True)
class Channel:
    """One leg of a call. Name and number are cleaned but hostile: escape them wherever they are shown."""

    id: str
    name: str
    state: ChannelState
    caller_name: str
    caller_number: str
    dialled: str
    created_at: datetime
    arguments: tuple[str, ...] = ()
    """Those that it entered our application with; empty when it is not in it (any more, or yet)."""
    context: str = ""
    """That of its endpoint in the dialplan: "trunk" or "phone"."""

    @property
    def described(self) -> bool:
        """Whether Asterisk could say more of it than its id: it cannot where something in it is no text."""
        return bool(self.name)

    @property
    def is_up(self) -> bool:
        """Whether it was answered."""
        return self.state is ChannelState.UP

    @property
    def on_trunk(self) -> bool:
        """Whether it is somebody's outside, and no phone of an agent."""
        return self.context == TRUNK_CONTEXT

    @property
    def is_at_other_node(self) -> bool:
        """Whether it is between this node and another one: the phone is at the other, or the call is."""
        return self.context == NODE_CONTEXT

    @property
    def endpoint(self) -> str:
        """The extension or trunk that it belongs to: "demo" of "PJSIP/demo-0000001a"."""
        return self.name.partition("/")[2].rpartition("-")[0]

    @property
    def way_in(self) -> str:
        """How it entered our application: "inbound", "dialled", "agent", …; empty when it is not in it."""
        return self.arguments[0] if self.arguments else ""


@dataclass(frozen=True)
class Bridge:
    """Where channels hear each other."""

    id: str
    channels: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True)
class Endpoint:
    """An extension or trunk, and whether a phone is (or seems) there."""

    name: str
    online: bool
    channels: tuple[str, ...]


@dataclass(frozen=True)
class Recording:
    """A closed recording."""

    name: str
    path: Path
    seconds: float
    """Of sound in the file; paused time is not in it."""


@dataclass(frozen=True)
class AsteriskInfo:
    """What an Asterisk is, and since when it runs."""

    version: str
    started_at: datetime
    """Another value than before means that it restarted, and that all its calls are gone."""


def read_channel(found: Any) -> Channel:
    """A channel as ARI describes it."""
    fields = as_json(found)
    caller, dialplan = as_json(fields.get("caller")), as_json(fields.get("dialplan"))
    state = as_text(fields.get("state"))
    arguments = _arguments(dialplan)
    if arguments[:1] == (INBOUND,) and "".join(arguments[2:3]).startswith(PROHIBITED):
        caller = {}
    return Channel(
        id=as_text(fields.get("id")),
        name=as_text(fields.get("name")),
        state=ChannelState(state) if state in _STATES else ChannelState.OTHER,
        # Asterisk leaves the backslashes of a quoted SIP name in it.
        caller_name=clean(_QUOTED_PAIR.sub(r"\1", as_text(caller.get("name"))), NAME_LIMIT),
        caller_number=clean(caller.get("number"), NUMBER_LIMIT),
        dialled=clean(dialplan.get("exten"), NUMBER_LIMIT),
        created_at=read_time(fields.get("creationtime")),
        arguments=arguments,
        context=as_text(dialplan.get("context")),
    )


def read_bridge(found: Any) -> Bridge:
    """A bridge as ARI describes it."""
    fields = as_json(found)
    created_at = read_time(fields.get("creationtime"))
    return Bridge(as_text(fields.get("id")), as_texts(fields.get("channels")), created_at)


def read_endpoint(found: Any) -> Endpoint:
    """An endpoint as ARI describes it."""
    fields = as_json(found)
    online = fields.get("state") == "online"
    return Endpoint(as_text(fields.get("resource")), online, as_texts(fields.get("channel_ids")))


def read_info(found: Any) -> AsteriskInfo:
    """An Asterisk as ARI describes it."""
    fields = as_json(found)
    system, status = as_json(fields.get("system")), as_json(fields.get("status"))
    return AsteriskInfo(as_text(system.get("version")), read_time(status.get("startup_time")))


def read_time(text: Any) -> datetime:
    """Asterisk's time ("2026-11-22T20:01:31.777+0000"), in UTC; the current time when it cannot be read."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (TypeError, ValueError):
        return datetime.now(UTC)


def as_json(found: Any) -> Json:
    """The object, or an empty one."""
    return found if isinstance(found, dict) else {}


def as_text(found: Any) -> str:
    """The text, or an empty one."""
    return found if isinstance(found, str) else ""


def as_texts(found: Any) -> tuple[str, ...]:
    """The texts among the values of a list."""
    return tuple(value for value in found if isinstance(value, str)) if isinstance(found, list) else ()


def _arguments(dialplan: Json) -> tuple[str, ...]:
    """What "Stasis(everline,inbound,100)" was called with."""
    if dialplan.get("app_name") != "Stasis":
        return ()
    application, *arguments = as_text(dialplan.get("app_data")).split(",")
    return tuple(arguments) if application == APPLICATION else ()


_STATES = frozenset(state.value for state in ChannelState)
