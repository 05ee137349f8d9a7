"""What administrators send and read. Times are in seconds."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from api.web.schemas import Incoming, Name, Outgoing
from db.queues.queue_settings import SPANS
from domain.queues.exits import ExitAction, Occasion
from domain.queues.queue import ServiceLevel, Strategy


def _span(rule: str, example: int) -> Any:
    """A rule that is a number. The service checks the span, and says so in words; the schema only tells of it."""
    span = SPANS[rule]
    return Field(default=None, examples=[example], json_schema_extra={"minimum": span.lowest, "maximum": span.highest})


class NewQueueIn(Incoming):
    """A queue to be made."""

    name: Name = Field(examples=["Support"])


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
    weight: StrictInt | None = _span("weight", 10)
    """Agents of several queues take the calls of heavier ones first."""
    ring_seconds: StrictInt | None = _span("ring_seconds", 20)
    """How long an agent's phone rings before the next agent is tried."""
    wrap_up_seconds: StrictInt | None = _span("wrap_up_seconds", 10)
    wrap_up_code_required: StrictBool | None = None
    """Whether the agent must give a code before the wrap-up can be ended early."""
    recorded: StrictBool | None = None
    music: str | None = Field(default=None, max_length=40, examples=["default"])
    """What callers wait to: Asterisk's own music, or a folder of sound files in the centre's folder `music`."""
    no_answer_limit: StrictInt | None = _span("no_answer_limit", 3)
    """After so many unanswered calls in a row an agent is paused; null never pauses anybody."""
    max_wait_seconds: StrictInt | None = _span("max_wait_seconds", 300)
    """After so long a call leaves by the exit `max_wait`; null lets it wait."""
    max_waiting: StrictInt | None = _span("max_waiting", 50)
    """With so many in line a call leaves by the exit `full`; null has no limit."""
    aging_seconds: StrictInt | None = _span("aging_seconds", 60)
    """A waiting call's priority grows by one each so many seconds; null lets it stay."""
    skill_widening_seconds: StrictInt | None = _span("skill_widening_seconds", 30)
    """The levels that a waiting call wants fall by one each so many seconds; null lets them stay."""
    service_level_seconds: StrictInt | None = _span("service_level_seconds", 20)
    service_level_formula: ServiceLevel | None = None
    short_abandon_seconds: StrictInt | None = _span("short_abandon_seconds", 5)
    """Callers who hang up sooner are counted as short abandons."""
    announce_seconds: StrictInt | None = _span("announce_seconds", 60)
    """How often callers hear their position and wait; null says nothing."""
    announce_position: StrictBool | None = None
    announce_wait: StrictBool | None = None
    callback_key: str | None = Field(default=None, examples=["5"])
    """The key by which a caller in line asks to be called back; null offers no callbacks."""
    callback_attempts: StrictInt | None = _span("callback_attempts", 3)
    callback_busy_seconds: StrictInt | None = _span("callback_busy_seconds", 300)
    """How long after a try that found the line busy."""
    callback_no_answer_seconds: StrictInt | None = _span("callback_no_answer_seconds", 1800)
    """How long after a try that nobody answered."""
    shown_number: str | None = Field(default=None, max_length=40, examples=["+49301230"])
    """The number of ours that the queue's customers see when they are called; null shows the one that they called."""
    schedule_id: UUID | None = None
    """The opening hours; with null the queue is always open."""


class QueueChanges(QueueRules):
    """What is to be different about a queue. What is left out stays as it is; null turns off what can be turned off."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"strategy": "linear", "max_wait_seconds": 300, "no_answer_limit": None}]}
    )

    name: Name | None = None


class ExitIn(Incoming):
    """Where calls go that the queue does not serve."""

    action: ExitAction = Field(examples=["voicemail"])
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


class MemberOut(Outgoing):
    """An agent who serves a queue."""

    user_id: UUID
    name: str
    penalty: int
    position: int
    paused: bool
    """Whether the agent is paused for this queue."""


class WantedSkillOut(Outgoing):
    """What an agent must know for the queue's calls, and how well."""

    skill_id: UUID
    name: str
    level: int


class QueueDetails(Outgoing):
    """A queue with all its rules."""

    queue_id: UUID
    name: str
    rules: QueueRules
    exits: Sequence[ExitOut]
    members: Sequence[MemberOut]
    """In the order of the linear strategy."""
    skills: Sequence[WantedSkillOut]


class MembershipIn(Incoming):
    """How an agent serves a queue."""

    penalty: StrictInt = Field(default=0, json_schema_extra={"minimum": 0, "maximum": 100})
    """Agents of a lower penalty are rung first."""
    position: StrictInt = Field(default=0, json_schema_extra={"minimum": 0, "maximum": 10_000})
    """The order of the linear strategy."""


class NewCodeIn(Incoming):
    """A wrap-up code to be made."""

    name: Name = Field(examples=["Solved"])
    key: str | None = Field(default=None, examples=["1"])
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
