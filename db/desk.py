"""What an agent's page shows, slice by slice, for many agents at once: always the present truth."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, literal, null, select

from db.among import among
from db.availability import is_over
from db.engine import AnySession
from db.models import Agent, Extension, Queue, QueueMember, User
from domain.agent import AgentState, ExtensionKind, Role


@dataclass(frozen=True)
class AgentSlice:
    """Who the agent is and what the agent is doing. `wanted` is the state asked for when the call lets go.

    `missed` counts the calls in a row that the agent let ring.
    """

    user_id: UUID
    agent_id: str
    name: str
    role: Role
    state: AgentState
    since: datetime
    until: datetime | None
    reason: str | None
    wanted: AgentState | None
    missed: int


@dataclass(frozen=True)
class PhoneSlice:
    """The agent's phone, and whether it is there. `refused` is why what was last dialled on it was not dialled."""

    kind: ExtensionKind
    extension: str
    registered: bool
    since: datetime
    refused: str | None
    refused_at: datetime | None


@dataclass(frozen=True)
class Membership:
    """A queue that an agent serves, and since when and why the agent is paused there."""

    queue_id: UUID
    paused_at: datetime | None
    paused_reason: str | None


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
            Agent.missed,
        )
        .join(Agent, Agent.user_id == User.id)
        .where(among(User.id, user_ids)),
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
            row.missed,
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
            Extension.refused,
            Extension.refused_at,
        )
        .join(User, User.id == Extension.user_id)
        .where(among(Extension.user_id, user_ids), Extension.removed_at.is_(None)),
    )
    return {
        row.user_id: PhoneSlice(
            ExtensionKind(row.kind), row.number, row.registered, row.since, row.refused, row.refused_at
        )
        for row in found
        if row.user_id is not None
    }


async def memberships(session: AnySession, user_ids: Collection[UUID]) -> dict[UUID, Sequence[Membership]]:
    """The queues that each of these users serves."""
    found = await session.execute(
        select(QueueMember.user_id, QueueMember.queue_id, QueueMember.paused_at, QueueMember.paused_reason)
        .where(among(QueueMember.user_id, user_ids))
        .order_by(QueueMember.queue_id),
    )
    serves: dict[UUID, list[Membership]] = {user_id: [] for user_id in user_ids}
    for user_id, queue_id, paused_at, reason in found:
        serves[user_id].append(Membership(queue_id, paused_at, reason))
    return dict(serves)


async def watched(session: AnySession, user_id: UUID, role: Role) -> frozenset[UUID]:
    """The queues that a user sees: an agent the own ones, a supervisor or administrator all."""
    wanted = select(Queue.id)
    if role is Role.AGENT:
        wanted = select(QueueMember.queue_id).where(QueueMember.user_id == user_id)
    return frozenset(await session.scalars(wanted))
