"""What an agent's page shows, slice by slice, for many agents at once: always the present truth."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, literal, null, select

from db.engine import AnySession
from db.models import Agent, Call, Cdr, Extension, Queue, QueueMember, User, WaitingCall
from db.routing import is_over
from domain.agent import AgentState, ExtensionKind, Role
from domain.call import CallStage, CallType, Disposition


@dataclass(frozen=True)
class AgentSlice:
    """Who the agent is and what the agent is doing. `wanted` is the state asked for when the call lets go."""

    user_id: UUID
    agent_id: str
    name: str
    role: Role
    state: AgentState
    since: datetime
    until: datetime | None
    reason: str | None
    wanted: AgentState | None


@dataclass(frozen=True)
class PhoneSlice:
    """The agent's phone, and whether it is there."""

    kind: ExtensionKind
    extension: str
    registered: bool
    since: datetime


@dataclass(frozen=True)
class QueueSlice:
    """How many wait in a queue, and since when the first."""

    queue_id: UUID
    name: str
    waiting: int
    longest_since: datetime | None


@dataclass(frozen=True)
class CallSlice:
    """The call that the agent is rung for, talks on or wraps up."""

    call_id: str
    type: CallType
    stage: CallStage
    caller_number: str
    caller_name: str
    queue: str | None
    dialled: str
    queued_at: datetime | None
    offered_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    muted: bool
    recorded: bool


@dataclass(frozen=True)
class PastCall:
    """A call that is over. `duration` is the talk, in seconds."""

    call_id: str
    type: CallType
    disposition: Disposition
    caller_number: str
    caller_name: str
    queue: str | None
    started_at: datetime
    duration: float


async def agents(session: AnySession, user_ids: Collection[UUID], now: datetime) -> dict[UUID, AgentSlice]:
    """These users as agents."""
    over = is_over(now)
    state = case((over, func.coalesce(Agent.wanted, literal(AgentState.IDLE))), else_=Agent.state)
    found = await session.execute(
        select(
            User.id,
            User.agent_id,
            User.name,
            User.role,
            state.label("state"),
            Agent.since,
            case((over, null()), else_=Agent.until).label("until"),
            case((over, Agent.wanted_reason), else_=Agent.reason).label("reason"),
            case((over, null()), else_=Agent.wanted).label("wanted"),
        )
        .join(Agent, Agent.user_id == User.id)
        .where(User.id.in_(user_ids)),
    )
    return {
        row.id: AgentSlice(
            row.id,
            row.agent_id,
            row.name,
            Role(row.role),
            AgentState(row.state),
            row.since,
            row.until,
            row.reason,
            AgentState(row.wanted) if row.wanted else None,
        )
        for row in found
    }


async def phones(session: AnySession, user_ids: Collection[UUID]) -> dict[UUID, PhoneSlice]:
    """These users' phones."""
    found = await session.execute(
        select(
            Extension.user_id,
            Extension.kind,
            Extension.number,
            Extension.registered,
            func.coalesce(Extension.registered_since, User.created_at).label("since"),
        )
        .join(User, User.id == Extension.user_id)
        .where(Extension.user_id.in_(user_ids), Extension.removed_at.is_(None)),
    )
    return {
        row.user_id: PhoneSlice(ExtensionKind(row.kind), row.number, row.registered, row.since)
        for row in found
        if row.user_id is not None
    }


async def calls(session: AnySession, user_ids: Collection[UUID]) -> dict[UUID, CallSlice]:
    """The calls that these users have; who has none is left out."""
    found = await session.execute(
        select(Agent.user_id, Call, Queue.name)
        .join(Call, (Call.id == Agent.call_id) & (Call.user_id == Agent.user_id))
        .outerjoin(Queue, Queue.id == Call.queue_id)
        .where(
            Agent.user_id.in_(user_ids),
            Call.stage.in_([CallStage.OFFERED, CallStage.CONNECTED, CallStage.WRAP_UP]),
        ),
    )
    return {user_id: _call(call, queue) for user_id, call, queue in found}


def _call(call: Call, queue: str | None) -> CallSlice:
    return CallSlice(
        call_id=call.id,
        type=CallType(call.type),
        stage=CallStage(call.stage),
        caller_number=call.caller_number,
        caller_name=call.caller_name,
        queue=queue,
        dialled=call.dialled,
        queued_at=call.queued_at,
        offered_at=call.offered_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        muted=call.muted,
        recorded=call.recorded,
    )


async def queues(session: AnySession, queue_ids: Collection[UUID]) -> Sequence[QueueSlice]:
    """These queues, by name."""
    found = await session.execute(
        select(Queue.id, Queue.name, func.count(WaitingCall.call_id), func.min(WaitingCall.entered_at))
        .outerjoin(WaitingCall, WaitingCall.queue_id == Queue.id)
        .where(Queue.id.in_(queue_ids))
        .group_by(Queue.id, Queue.name)
        .order_by(Queue.name),
    )
    return [QueueSlice(*row) for row in found]


async def watched(session: AnySession, user_id: UUID, role: Role) -> frozenset[UUID]:
    """The queues that a user sees: an agent the own ones, a supervisor or administrator all."""
    wanted = select(Queue.id)
    if role is Role.AGENT:
        wanted = select(QueueMember.queue_id).where(QueueMember.user_id == user_id)
    return frozenset(await session.scalars(wanted))


async def owns_call(session: AnySession, user_id: UUID, call_id: str) -> bool:
    """Whether the call is this agent's now."""
    found = await session.scalar(select(Call.id).where(Call.id == call_id, Call.user_id == user_id))
    return found is not None


async def recent_calls(session: AnySession, user_id: UUID | None, limit: int) -> Sequence[PastCall]:
    """The latest calls of one user, or of all, newest first."""
    wanted = select(
        Cdr.call_id,
        Cdr.type,
        Cdr.disposition,
        Cdr.caller_number,
        Cdr.caller_name,
        Cdr.queue_name,
        Cdr.arrived_at,
        Cdr.talk_seconds,
    )
    if user_id is not None:
        wanted = wanted.where(Cdr.user_id == user_id)
    found = await session.execute(wanted.order_by(Cdr.arrived_at.desc()).limit(limit))
    return [
        PastCall(
            row.call_id,
            CallType(row.type),
            Disposition(row.disposition),
            row.caller_number,
            row.caller_name,
            row.queue_name,
            row.arrived_at,
            row.talk_seconds,
        )
        for row in found
    ]
