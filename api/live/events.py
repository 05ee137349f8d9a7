"""The events of the live line, each of which replaces a part of the desk: what is written and what is described."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.desk.schemas import (
    AgentOut,
    CallOut,
    DeskOut,
    FloorAgentOut,
    MembershipsOut,
    PhoneOut,
    QueueLineOut,
    VoicemailCountOut,
)
from api.web.schemas import Outgoing


class GoneOut(Outgoing):
    """An agent who has left the floor for good."""

    user_id: UUID


class NothingOut(Outgoing):
    """The event itself says it all."""


class DeskEvent(Outgoing):
    """Everything at once: the page was away for too long, or may see something else than before."""

    event: Literal["desk"] = "desk"
    data: DeskOut


class AgentEvent(Outgoing):
    """What the agent is doing."""

    event: Literal["agent"] = "agent"
    data: AgentOut


class CallEvent(Outgoing):
    """The agent's call; null once there is none."""

    event: Literal["call"] = "call"
    data: CallOut | None


class PhoneEvent(Outgoing):
    """The agent's phone."""

    event: Literal["phone"] = "phone"
    data: PhoneOut


class MembershipsEvent(Outgoing):
    """The queues that the agent serves."""

    event: Literal["memberships"] = "memberships"
    data: MembershipsOut


class VoicemailsEvent(Outgoing):
    """How many voicemails nobody has heard."""

    event: Literal["voicemails"] = "voicemails"
    data: VoicemailCountOut


class QueueEvent(Outgoing):
    """One of the queues, by its id."""

    event: Literal["queue"] = "queue"
    data: QueueLineOut


class FloorAgentEvent(Outgoing):
    """One of the agents on the floor, by id; for supervisors."""

    event: Literal["colleague"] = "colleague"
    data: FloorAgentOut


class FloorAgentGoneEvent(Outgoing):
    """Takes an agent off the floor; for supervisors."""

    event: Literal["colleague-gone"] = "colleague-gone"
    data: GoneOut


class SessionReplacedEvent(Outgoing):
    """The user has logged in elsewhere. It is the last event."""

    event: Literal["session-replaced"] = "session-replaced"
    data: NothingOut = NothingOut()


class HeartbeatEvent(Outgoing):
    """The line is alive."""

    event: Literal["heartbeat"] = "heartbeat"
    data: NothingOut = NothingOut()


DeskChange = (
    DeskEvent
    | AgentEvent
    | CallEvent
    | PhoneEvent
    | MembershipsEvent
    | VoicemailsEvent
    | QueueEvent
    | FloorAgentEvent
    | FloorAgentGoneEvent
)
"""Events that replace a part of the desk."""

LiveEvent = Annotated[DeskChange | SessionReplacedEvent | HeartbeatEvent, Field(discriminator="event")]
"""Each event of the stream: the name that stands after `event:`, and the JSON after `data:`."""
