"""The desk as the page receives it. Times are ISO 8601 with an offset."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.agent import AgentState, ExtensionKind, Role
from domain.call import CallStage, CallType


class Slice(BaseModel):
    """A part of the desk, replaced as a whole when it changes."""

    model_config = ConfigDict(from_attributes=True, frozen=True, use_attribute_docstrings=True)


class AgentOut(Slice):
    """Who the agent is, and what the agent is doing."""

    user_id: UUID
    agent_id: str
    name: str
    role: Role
    state: AgentState
    since: datetime
    """When the state began."""
    until: datetime | None
    """When it ends by itself."""
    reason: str | None
    """Why the agent is paused."""
    wanted: AgentState | None
    """What the agent becomes when the present call lets go, if not idle."""


class PhoneOut(Slice):
    """The agent's phone."""

    kind: ExtensionKind
    extension: str
    registered: bool
    """Whether the phone is there to be rung."""
    since: datetime


class QueueOut(Slice):
    """A queue's line."""

    queue_id: UUID
    name: str
    waiting: int
    """How many callers wait."""
    longest_since: datetime | None
    """Since when the first of them waits."""


class CallOut(Slice):
    """The call that the agent is rung for, talks on or wraps up."""

    call_id: str
    type: CallType
    stage: CallStage
    caller_number: str
    caller_name: str
    """As the caller sent it: never to be trusted, and never put into a page as markup."""
    queue: str | None
    dialled: str
    queued_at: datetime | None
    offered_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    muted: bool
    recorded: bool


class DeskOut(Slice):
    """Everything the page shows at once."""

    cursor: str
    """Where to take up the live events: what has happened up to here is in this desk."""
    server_time: datetime
    agent: AgentOut
    phone: PhoneOut
    queues: Sequence[QueueOut]
    call: CallOut | None
