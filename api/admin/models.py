"""What administrators send and read. Times are in seconds."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from domain.exits import ExitAction, Occasion
from domain.queue import ServiceLevel, Strategy

Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Incoming(BaseModel):
    """What is sent; a field that is not known is refused."""

    model_config = ConfigDict(from_attributes=True, frozen=True, extra="forbid", use_attribute_docstrings=True)


class Outgoing(BaseModel):
    """What is answered."""

    model_config = ConfigDict(from_attributes=True, frozen=True, use_attribute_docstrings=True)


class NewQueueIn(Incoming):
    """A queue to be made."""

    name: Name


class Named(Outgoing):
    """Something with a name."""

    id: UUID
    name: str


class NewNamed(Incoming):
    """Something to be made, with its name."""

    name: Name


class NamedList(Outgoing):
    """All of them."""

    items: Sequence[Named]


class QueueOut(Outgoing):
    """A queue, its agents and the numbers that lead to it."""

    queue_id: UUID
    name: str
    members: Sequence[str]
    numbers: Sequence[str]


class QueueList(Outgoing):
    """All queues, by name."""

    items: Sequence[QueueOut]


class QueueRules(Incoming):
    """A queue's rules. What is left out stays as it is; null turns off what can be turned off."""

    strategy: Strategy | None = None
    """How an agent is chosen among those who are free."""
    weight: int | None = None
    """Agents of several queues take the calls of heavier ones first."""
    ring_seconds: int | None = None
    wrap_up_seconds: int | None = None
    wrap_up_code_required: bool | None = None
    recorded: bool | None = None
    no_answer_limit: int | None = None
    """After so many unanswered calls in a row an agent is paused."""
    max_wait_seconds: int | None = None
    max_waiting: int | None = None
    aging_seconds: int | None = None
    """A waiting call's priority grows by one each so many seconds."""
    skill_widening_seconds: int | None = None
    """The levels that a waiting call wants fall by one each so many seconds."""
    service_level_seconds: int | None = None
    service_level_formula: ServiceLevel | None = None
    short_abandon_seconds: int | None = None
    announce_seconds: int | None = None
    """How often callers hear their position and wait."""
    announce_position: bool | None = None
    announce_wait: bool | None = None
    callback_key: str | None = None
    """The key by which a caller in line asks to be called back."""
    callback_attempts: int | None = None
    callback_busy_seconds: int | None = None
    callback_no_answer_seconds: int | None = None
    schedule_id: UUID | None = None
    """The opening hours; without them the queue is always open."""


class ExitIn(Incoming):
    """Where calls go that the queue does not serve."""

    action: ExitAction
    target_queue_id: UUID | None = None
    """The queue that takes them, for the action `queue`."""
    message: Annotated[str, StringConstraints(max_length=80)] | None = None
    """The name of the sound that they hear first."""


class ExitOut(Outgoing):
    """What happens on an occasion."""

    occasion: Occasion
    action: ExitAction
    target_queue_id: UUID | None
    message: str | None


class QueueDetails(Outgoing):
    """A queue with all its rules."""

    queue_id: UUID
    rules: QueueRules
    exits: Sequence[ExitOut]


class MembershipIn(Incoming):
    """How an agent serves a queue."""

    penalty: int = 0
    """Agents of a lower penalty are rung first."""
    position: int = 0
    """The order of the linear strategy."""


class LevelIn(Incoming):
    """How well something is known, or must be: 1 to 10, or 0 for not at all."""

    level: int


class NewCodeIn(Incoming):
    """A wrap-up code to be made."""

    name: Name
    key: str | None = None
    """The digit, 1 to 9, that gives it."""
    queue_id: UUID | None = None
    """Without a queue it is there in all of them."""


class CodeOut(Outgoing):
    """A wrap-up code."""

    id: UUID
    name: str
    key: str | None
    queue_id: UUID | None


class CodeList(Outgoing):
    """All wrap-up codes, in the order in which they are shown."""

    items: Sequence[CodeOut]


class Made(Outgoing):
    """It is there, under this id."""

    id: UUID


class Done(Outgoing):
    """It has happened."""
