"""The desk as the page receives it. Times are ISO 8601 with an offset."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, WithJsonSchema

from api.web.party import Party, read_from
from api.web.schemas import Outgoing
from domain.agents.agent import AgentState, ExtensionKind, NotOffered, Role
from domain.agents.permissions import Permission
from domain.calls.call import CallRole, CallStage, CallType, Direction, GuestOutcome, Purpose
from domain.calls.call import Party as CallParty
from domain.calls.failure import Failure

_WITHOUT_AGENT = {
    CallStage.ARRIVING,
    CallStage.ASKING,
    CallStage.WAITING,
    CallStage.LEAVING,
    CallStage.VOICEMAIL,
    CallStage.CLOSED,
}
AgentStage = Annotated[
    CallStage,
    WithJsonSchema({"type": "string", "enum": [str(stage) for stage in CallStage if stage not in _WITHOUT_AGENT]}),
]
"""Where a call is that an agent has."""


class Slice(Outgoing):
    """A part of the desk, replaced as a whole when it changes."""


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
    """Why the agent is paused, or will be after the present call."""
    wanted: AgentState | None
    """What the agent becomes when the present call lets go, if not idle."""
    missed: int
    """How many calls in a row the agent has let ring."""
    not_offered: NotOffered | None
    """Why the agent gets no calls of queues while idle; null when the agent gets them, or is not idle."""


class PhoneOut(Slice):
    """The agent's phone."""

    kind: ExtensionKind
    extension: str
    registered: bool
    """Whether the phone is there to be rung."""
    since: datetime
    refused: str | None = None
    """Why what was last dialled on a desk phone was not called; null when it was."""
    refused_at: datetime | None = None
    microphone: bool = True
    """Whether the page has not said that its microphone cannot be used."""


class WaitingOut(Slice):
    """A call in a queue's line."""

    call_id: str
    customer: Party | None = Field(validation_alias=read_from("customer_number"))
    """The customer's number; null when it is withheld."""
    customer_name: str
    """As the caller sent it: never to be trusted, and never put into a page as markup."""
    entered_at: datetime
    priority: int
    """From 1 to 99, the most urgent; 50 is usual."""
    place: int | None
    """Whose turn it is, from 1; null for a callback that is to be tried again later."""
    ringing: bool
    """Whether an agent is being rung for it."""
    callback: bool
    """Whether the caller has hung up and keeps the place in line, to be called back."""
    next_at: datetime | None
    """When a callback without a place stands in line again."""


class QueueLineOut(Slice):
    """A queue's line."""

    queue_id: UUID
    name: str
    waiting: int
    """How many callers wait."""
    longest_since: datetime | None
    """Since when the first of them waits."""
    calls: tuple[WaitingOut, ...]
    """The calls that wait, the newest first. Of a very long line the last are left out."""
    leaving: int
    """How many callers the queue does not serve just now: they hear why, or leave a message."""


class MembershipOut(Slice):
    """A queue that the agent serves."""

    queue_id: UUID
    paused_at: datetime | None
    """Since when the agent is paused for this queue."""
    paused_reason: str | None


class MembershipsOut(Slice):
    """All queues that the agent serves."""

    items: tuple[MembershipOut, ...]


class VoicemailCountOut(Slice):
    """How many voicemails of the user's queues nobody has heard yet, and when the newest of all was left."""

    count: int
    newest_at: datetime | None


class GlanceOut(Slice):
    """What can be known of another agent's call."""

    stage: AgentStage
    queue: str | None
    since: datetime | None


class FloorAgentOut(Slice):
    """An agent, as a supervisor sees the floor."""

    user_id: UUID
    agent_id: str
    name: str
    role: Role
    state: AgentState
    since: datetime
    until: datetime | None
    reason: str | None
    """Why the agent is paused, or will be after the present call."""
    wanted: AgentState | None
    """What the agent becomes when the present call lets go, if not idle."""
    extension: str
    reachable: bool
    """Whether the phone, and for a Web extension the page, is there."""
    pauses: tuple[MembershipOut, ...]
    """The queues for which alone the agent is paused."""
    not_offered: NotOffered | None
    """Why the agent gets no calls of queues while idle; null when the agent gets them, or is not idle."""
    serves: tuple[UUID, ...]
    """The queues of which the agent takes calls: the own ones without those for which alone the agent is paused."""
    call: GlanceOut | None


class WrapUpCodeOut(Slice):
    """An outcome that can be given to the call."""

    name: str
    key: str | None
    """The digit that chooses it."""


class GuestOut(Slice):
    """The third party of a call."""

    purpose: Purpose
    """Whether it is asked first, or takes the call as soon as it answers."""
    user_id: UUID | None
    name: str | None
    party: Party | None = Field(validation_alias=read_from("number"))
    """The number of somebody outside."""
    answered: bool
    since: datetime | None
    """Since when it is rung, or, once it has answered, talks."""


class LastGuestOut(Slice):
    """The third party who was in the call before."""

    name: str | None
    party: Party | None = Field(validation_alias=read_from("number"))
    """The number of somebody outside."""
    purpose: Purpose
    outcome: GuestOutcome
    """What became of it."""
    failure: Failure | None
    """Why somebody outside was not reached, by what the carrier has answered."""
    at: datetime


class ParticipantOut(Slice):
    """Somebody who is in the call now."""

    role: CallRole
    name: str | None
    party: Party | None = Field(validation_alias=read_from("number"))
    """The number of the customer, or of a third party outside."""


class CallOut(Slice):
    """The call that the agent is rung for, talks on or wraps up."""

    call_id: str
    revision: str
    """What is to be sent as `seen` with everything that is asked of the call. It changes with who is in the call and
    with its stage."""
    type: CallType
    stage: AgentStage
    callback: bool
    """Whether it is the customer who is called, once the agent is there."""
    customer: Party | None = Field(validation_alias=read_from("customer_number"))
    """The customer's number; null when it is withheld."""
    customer_name: str
    """As the caller sent it: never to be trusted, and never put into a page as markup."""
    queue: str | None
    our_number: str
    """What the customer has called, or what is shown to the customer."""
    direction: Direction
    queued_at: datetime | None
    offered_at: datetime | None
    answered_at: datetime | None
    """When this agent came in."""
    served_at: datetime | None
    """When the first agent answered; earlier than `answered_at` in a call that was handed over."""
    ended_at: datetime | None
    muted: bool
    recorded: bool
    recording_paused: bool
    recording_failed: bool
    """Whether the talk is to be recorded, and that has failed."""
    guest: GuestOut | None
    last_guest: LastGuestOut | None
    """What became of the third party before: of one that was not reached or has gone. Null once the call is another's,
    or somebody else is rung."""
    participants: tuple[ParticipantOut, ...]
    """Who is in the call once somebody talks, told to everybody in it. An agent who was cut off is missing."""
    brought_by: str | None
    """Who brings this user into the call as its guest; null for the agent whose call it is. The `purpose` of `guest`
    says whether that agent asks, or gives the customer over."""
    ended_by: CallParty | None
    """Who ended the call, in wrap-up."""
    wrap_up_codes: tuple[WrapUpCodeOut, ...]
    """The outcomes to choose from, in wrap-up."""
    wrap_up_code_required: bool
    """Whether the wrap-up can be ended with a code only."""
    """The outcome that was chosen."""


class LowDiskOut(Slice):
    """A node on whose disk recordings and voicemails will soon be cut short."""

    node: str
    megabytes: int
    """What is left."""


class DeskOut(Slice):
    """Everything the page shows at once."""

    cursor: str
    """Where to take up the live events: what has happened up to here is in this desk."""
    server_time: datetime
    agent: AgentOut
    phone: PhoneOut
    queues: tuple[QueueLineOut, ...]
    memberships: MembershipsOut
    pause_reasons: tuple[str, ...]
    """What the agent can pause for; while it is empty, any words will do."""
    call: CallOut | None
    voicemails: VoicemailCountOut
    agents: tuple[FloorAgentOut, ...] | None
    """Everybody on the floor, by name; null for an agent."""
    low_disks: tuple[LowDiskOut, ...] | None
    """The nodes whose disks are nearly full; null for an agent. A page is read anew when that changes."""
    can_dial: bool
    """Whether there is a trunk by which to call out."""
    permissions: tuple[Permission, ...]
    """What the user may do beyond what is the user's own."""
