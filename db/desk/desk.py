"""What an agent's page shows, slice by slice, for many agents at once: always the present truth."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, case, func, literal, null, or_, select

from db.agents import pause_reasons
from db.core.engine import AnySession
from db.core.id_in import id_in
from db.events import outbox
from db.events.outbox import Cursor
from db.models import Agent, Extension, Queue, QueueMember, User
from db.routing.availability import OVER, REGISTERED, WHY_NOT_OFFERED
from db.trunks import trunks
from domain.agents.agent import AgentState, ExtensionKind, NotOffered, Role
from domain.agents.permissions import Permission, may


@dataclass(frozen=True)
class AgentSlice:
    """The agent and the agent's state. `wanted` is the state that was asked for, for the end of the call.

    `reason` is why the agent is paused, or will be. `missed` counts the calls in a row that the agent let ring.
    `not_offered` is why an idle agent gets no calls of queues.
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
    not_offered: NotOffered | None


@dataclass(frozen=True)
class PhoneSlice:
    """The agent's phone, and whether it is there. `refused` is why what was last dialled on it was not dialled.

    `microphone` is what the page says of the browser's.
    """

    kind: ExtensionKind
    extension: str
    registered: bool
    since: datetime
    refused: str | None
    refused_at: datetime | None
    microphone: bool


@dataclass(frozen=True)
class Membership:
    """A queue that an agent serves, and since when and why the agent is paused there."""

    queue_id: UUID
    paused_at: datetime | None
    paused_reason: str | None


@dataclass(frozen=True)
class Opening:
    """What a desk begins with: `cursor` is that of somebody who has seen all that this desk shows."""

    agent: AgentSlice
    phone: PhoneSlice
    cursor: Cursor
    pause_reasons: tuple[str, ...]
    can_dial: bool


AGENT = (
    User.id,
    User.agent_id,
    User.name,
    User.role,
    case((OVER, func.coalesce(Agent.wanted, literal(AgentState.IDLE))), else_=Agent.state).label("state"),
    Agent.since,
    case((OVER, null()), else_=Agent.until).label("until"),
    case((or_(OVER, Agent.wanted.is_not(None)), Agent.wanted_reason), else_=Agent.reason).label("reason"),
    case((OVER, null()), else_=Agent.wanted).label("wanted"),
    Agent.missed,
    WHY_NOT_OFFERED.label("not_offered"),
)
"""What is read of an agent, `:now`, beside the extension."""

_PHONE = (
    Extension.kind,
    Extension.number,
    REGISTERED,
    func.coalesce(Extension.registered_since, User.created_at),
    Extension.refused,
    Extension.refused_at,
    or_(Extension.kind == ExtensionKind.SIP, Extension.microphone_lost_at.is_(None)),
)

# Every page begins with these, so they are put together once and not for each.
_AGENTS = (
    select(*AGENT)
    .join(Agent, Agent.user_id == User.id)
    .join(Extension, Extension.user_id == User.id)
    .where(id_in(User.id, "user_ids"))
)
_PHONES = (
    select(User.id, *_PHONE)
    .join(Extension, Extension.user_id == User.id)
    .where(id_in(User.id, "user_ids"), Extension.removed_at.is_(None))
)
_OPENING = (
    select(*AGENT, *_PHONE, outbox.HORIZON, pause_reasons.REASONS, trunks.CAN_DIAL)
    .join(Agent, Agent.user_id == User.id)
    .join(Extension, Extension.user_id == User.id)
    .where(User.id == bindparam("user_id"), Extension.removed_at.is_(None))
)
_MEMBERSHIPS = select(QueueMember.user_id, QueueMember.queue_id, QueueMember.paused_at, QueueMember.paused_reason)
_SERVED = _MEMBERSHIPS.where(id_in(QueueMember.user_id, "user_ids")).order_by(QueueMember.queue_id)
_ALL_MEMBERSHIPS = _MEMBERSHIPS.order_by(QueueMember.queue_id)
_ALL_QUEUES = select(Queue.id)
_OWN_QUEUES = select(QueueMember.queue_id).where(QueueMember.user_id == bindparam("user_id"))


async def agents(session: AnySession, user_ids: Collection[UUID], now: datetime) -> dict[UUID, AgentSlice]:
    """These users as agents."""
    found = await session.execute(_AGENTS, {"user_ids": list(user_ids), "now": now})
    return {row.id: AgentSlice(*agent_facts(row)) for row in found}


_AgentFacts = tuple[
    UUID,
    str,
    str,
    Role,
    AgentState,
    datetime,
    datetime | None,
    str | None,
    AgentState | None,
    int,
    NotOffered | None,
]


def agent_facts(row: Row[*tuple[Any, ...]]) -> _AgentFacts:
    """What AgentSlice consists of, from a row that begins with AGENT."""
    user_id, agent_id, name, role, state, since, until, reason, wanted, missed, why = row[: len(AGENT)]
    not_offered = NotOffered(why) if why else None
    return user_id, agent_id, name, role, state, since, until, reason, wanted, missed, not_offered


async def phones(session: AnySession, user_ids: Collection[UUID], now: datetime) -> dict[UUID, PhoneSlice]:
    """These users' phones, `now`."""
    found = await session.execute(_PHONES, {"user_ids": list(user_ids), "now": now})
    return {row.id: _phone(*row[1:]) for row in found}


def _phone(kind: ExtensionKind, *rest: Any) -> PhoneSlice:
    return PhoneSlice(kind, *rest)


async def opening(session: AnySession, user_id: UUID, now: datetime) -> Opening | None:
    """What a user's desk begins with; None for a user without a phone."""
    row = (await session.execute(_OPENING, {"user_id": user_id, "now": now})).first()
    if row is None:
        return None
    *phone, horizon, reasons, can_dial = row[len(AGENT) :]
    return Opening(AgentSlice(*agent_facts(row)), _phone(*phone), Cursor.parse(horizon), tuple(reasons), can_dial)


async def memberships(session: AnySession, user_ids: Collection[UUID]) -> dict[UUID, Sequence[Membership]]:
    """The queues that each of these users serves."""
    serves: dict[UUID, list[Membership]] = {user_id: [] for user_id in user_ids}
    for user_id, queue_id, paused_at, reason in await session.execute(_SERVED, {"user_ids": list(user_ids)}):
        serves[user_id].append(Membership(queue_id, paused_at, reason))
    return dict(serves)


async def all_memberships(session: AnySession, user_ids: Collection[UUID] | None) -> dict[UUID, Sequence[Membership]]:
    """The queues that everybody serves, or each of these users."""
    if user_ids is not None:
        return await memberships(session, user_ids)
    found: defaultdict[UUID, list[Membership]] = defaultdict(list)
    for user_id, queue_id, paused_at, reason in await session.execute(_ALL_MEMBERSHIPS):
        found[user_id].append(Membership(queue_id, paused_at, reason))
    return dict(found)


async def watched(session: AnySession, user_id: UUID, role: Role) -> frozenset[UUID]:
    """The queues that a user of that role sees: all, or the own ones."""
    if may(role, Permission.SEE_ALL_QUEUES):
        return frozenset(await session.scalars(_ALL_QUEUES))
    return frozenset(await session.scalars(_OWN_QUEUES, {"user_id": user_id}))
