"""Every id of a call is computed from the call id, so that a repeated command or event names the same thing.

An inbound call takes its id from Asterisk's channel; a call of ours takes a UUIDv7. The legs, the bridge and the
recordings append a suffix, and a channel id found in an event therefore names its call without any table.
"""

import re
import secrets
import time
import uuid
from dataclasses import dataclass

_LEG = re.compile(r"^(?P<call>.+)-(?P<kind>[acs])(?P<attempt>\d*)$")
_WORKFLOW_PREFIX = "call-"


@dataclass(frozen=True)
class Leg:
    """A channel that belongs to a call: the customer's (`attempt` 0), an agent's, or one that only listens."""

    call_id: str
    attempt: int
    listens: bool = False

    @property
    def is_customer(self) -> bool:
        """Whether this is the customer's side of the call."""
        return self.attempt == 0 and not self.listens


def agent_leg(call_id: str, attempt: int) -> str:
    """The channel id of the `attempt`-th agent rung for a call; attempts count from 1."""
    return f"{call_id}-a{attempt}"


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
    match = _LEG.match(channel_id)
    if match is None:
        return Leg(channel_id, 0)
    attempt = int(match["attempt"] or 0) if match["kind"] == "a" else 0
    return Leg(match["call"], attempt, listens=match["kind"] == "s")


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562, version 7): 48 bits of milliseconds, 74 bits of chance."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
