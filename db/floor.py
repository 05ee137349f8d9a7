"""All agents as a supervisor sees them, now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from db import desk, own_calls
from db.among import among
from db.availability import PORTAL_SILENCE
from db.desk import Membership
from db.engine import AnySession
from db.models import Agent, Extension, User
from domain.agent import AgentState, ExtensionKind, Role
from domain.call import CallStage


@dataclass(frozen=True)
class CallGlance:
    """What of an agent's call everybody on the floor may know."""

    stage: CallStage
    queue: str | None
    since: datetime | None


@dataclass(frozen=True)
class Colleague:
    """An agent: what the agent is doing, whether calls could ring there, and for which queues the agent is paused."""

    user_id: UUID
    agent_id: str
    name: str
    role: Role
    state: AgentState
    since: datetime
    until: datetime | None
    reason: str | None
    extension: str
    reachable: bool
    pauses: tuple[Membership, ...] = ()
    call: CallGlance | None = None


async def listing(session: AnySession, now: datetime, user_ids: Collection[UUID] | None = None) -> Sequence[Colleague]:
    """Everybody who has a phone, by name; or those of these users."""
    there = and_(
        Extension.registered,
        or_(Extension.kind == ExtensionKind.SIP, Agent.portal_seen_at > now - PORTAL_SILENCE),
    )
    wanted = (
        select(User.id, Extension.number, there.label("reachable"))
        .join(Agent, Agent.user_id == User.id)
        .join(Extension, and_(Extension.user_id == User.id, Extension.removed_at.is_(None)))
        .where(User.disabled_at.is_(None))
        .order_by(User.name)
    )
    if user_ids is not None:
        wanted = wanted.where(among(User.id, user_ids))
    rows = (await session.execute(wanted)).all()
    known = [row.id for row in rows]
    agents = await desk.agents(session, known, now)
    calls = await own_calls.find(session, known, now)
    serves = await desk.memberships(session, known)
    return [
        replace(
            _colleague(agents[row.id], row.number, reachable=bool(row.reachable)),
            pauses=tuple(found for found in serves[row.id] if found.paused_at is not None),
            call=_glance(calls.get(row.id)),
        )
        for row in rows
    ]


def _colleague(agent: desk.AgentSlice, extension: str, *, reachable: bool) -> Colleague:
    return Colleague(
        agent.user_id,
        agent.agent_id,
        agent.name,
        agent.role,
        agent.state,
        agent.since,
        agent.until,
        agent.reason,
        extension,
        reachable,
    )


def _glance(call: own_calls.CallSlice | None) -> CallGlance | None:
    if call is None:
        return None
    return CallGlance(call.stage, call.queue, call.ended_at or call.answered_at or call.offered_at)
