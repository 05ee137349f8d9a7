"""How a call leaves a queue that does not serve it: on which occasions, and to where."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Occasion(StrEnum):
    """Why a queue does not serve a call. MAX_WAIT is seen while a call waits, the others when it comes."""

    CLOSED = "closed"
    FULL = "full"
    MAX_WAIT = "max_wait"
    NO_AGENTS = "no_agents"


class ExitAction(StrEnum):
    """Where the call goes instead."""

    HANG_UP = "hang_up"
    QUEUE = "queue"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"


class Outcome(StrEnum):
    """How a call's stay in a queue ended; offered = answered + abandoned + flowed out."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    FLOWED_OUT = "flowed_out"


class LeftBy(StrEnum):
    """How a call left its queue, or a menu, that was neither answered nor given up."""

    CLOSED = "closed"
    FULL = "full"
    MAX_WAIT = "max_wait"
    NO_AGENTS = "no_agents"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    SERVED = "served"
    """The customer, who was to be called back, was talked with otherwise."""
    MENU = "menu"
    """The caller was in no queue yet."""


@dataclass(frozen=True)
class Exit:
    """What a queue does on an occasion: `message` is the name of a sound that is played first."""

    occasion: Occasion
    action: ExitAction
    target_queue_id: UUID | None = None
    message: str | None = None


DEFAULT_MESSAGES = {
    Occasion.CLOSED: "ss-noservice",
    Occasion.FULL: "tt-allbusy",
    Occasion.MAX_WAIT: "tt-allbusy",
    Occasion.NO_AGENTS: "vm-nobodyavail",
}
"""Asterisk's own sounds, for queues that name none."""
