from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.queues.exits import Exit, Occasion

STANDARD_MUSIC = "default"
"""Asterisk's own music, the only one that is always there."""


class Strategy(StrEnum):
    """How a queue chooses among its available agents; penalties come first, except in `weighted`."""

    LONGEST_IDLE = "longest_idle"
    FEWEST_CALLS = "fewest_calls"
    ROUND_ROBIN = "round_robin"
    RING_ALL = "ring_all"
    LINEAR = "linear"
    RANDOM = "random"
    WEIGHTED = "weighted"
    """By chance, but an agent of penalty p is chosen 1/(1+p) times as often as one of penalty 0."""


class ServiceLevel(StrEnum):
    """The formula of a queue's service level."""

    OF_ANSWERED = "answered_in/answered"
    WITH_SHORT_ABANDONS = "(answered_in+abandoned_in)/(answered+abandoned)"
    WITHOUT_SHORT_ABANDONS = "answered_in/(answered+abandoned-abandoned_in)"
    OF_ALL = "answered_in/(answered+abandoned)"


@dataclass(frozen=True)
class Announcements:
    """What a caller in line hears every `every_seconds`."""

    every_seconds: int
    position: bool = True
    wait: bool = True


@dataclass(frozen=True)
class CallbackRule:
    """How often a caller is called back, and how many seconds after a try that found a busy line or nobody."""

    attempts: int = 3
    busy_seconds: int = 300
    no_answer_seconds: int = 1800

    def retry_after(self, tries: int, *, busy: bool) -> int | None:
        """Seconds until the next try after so many; None when there is none."""
        if tries >= self.attempts:
            return None
        return self.busy_seconds if busy else self.no_answer_seconds


DEFAULT_CALLBACKS = CallbackRule()


@dataclass(frozen=True)
class Queue:
    """What a call needs to know of the queue it is in. Times are in seconds; what is None never happens."""

    queue_id: UUID
    name: str
    ring_seconds: int
    wrap_up_seconds: int
    recorded: bool
    music: str = STANDARD_MUSIC
    schedule_id: UUID | None = None
    max_wait_seconds: int | None = None
    max_waiting: int | None = None
    no_answer_limit: int | None = None
    wrap_up_code_required: bool = False
    announcements: Announcements | None = None
    callback_key: str | None = None
    callbacks: CallbackRule = DEFAULT_CALLBACKS
    exits: tuple[Exit, ...] = ()

    def exit_on(self, occasion: Occasion) -> Exit | None:
        """What the queue does on that occasion; None where nothing has been set."""
        return next((found for found in self.exits if found.occasion is occasion), None)
