"""All agents as a supervisor sees them, now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, case, func, select
from sqlalchemy.orm import aliased

from db.calls import own_calls
from db.core.engine import AnySession
from db.core.id_in import id_in
from db.desk import desk
from db.desk.desk import AGENT, AgentSlice, Membership, agent_facts
from db.models import Agent, Call, Extension, Participant, Queue, User
from db.routing.availability import REACHABLE
from domain.calls.call import CallRole, CallStage


@dataclass(frozen=True)
class CallGlance:
    """What of an agent's call everybody on the floor may know."""

    stage: CallStage
    queue: str | None
    since: datetime | None


@dataclass(frozen=True)
class Colleague(AgentSlice):
    """An agent, whether calls could ring there, which queues the agent takes calls of, and for which alone not."""

    extension: str
    reachable: bool
    pauses: tuple[Membership, ...]
    serves: tuple[UUID, ...]
    call: CallGlance | None


_BROUGHT_IN = aliased(Participant)
_EVERYBODY = (
    select(
        *AGENT,
        Extension.number,
        REACHABLE.label("reachable"),
        # Of an agent who was cut off a guest sees nothing.
        case((_BROUGHT_IN.id.is_not(None), func.coalesce(Call.returning_to, Call.stage)), else_=Call.stage),
        Queue.name.label("queue"),
        _BROUGHT_IN.id.label("brought_in"),
        case((_BROUGHT_IN.away, None), else_=func.coalesce(_BROUGHT_IN.joined_at, _BROUGHT_IN.since)),
        func.coalesce(Call.ended_at, Call.answered_at, Call.offered_at).label("stage_since"),
    )
    .join(Agent, Agent.user_id == User.id)
    .join(Extension, and_(Extension.user_id == User.id, Extension.removed_at.is_(None)))
    .outerjoin(Call, own_calls.HAS)
    .outerjoin(Queue, Queue.id == Call.queue_id)
    .outerjoin(
        _BROUGHT_IN,
        and_(
            _BROUGHT_IN.call_id == Call.id,
            _BROUGHT_IN.user_id == User.id,
            _BROUGHT_IN.role == CallRole.THIRD_PARTY,
            _BROUGHT_IN.until.is_(None),
        ),
    )
    .where(User.disabled_at.is_(None))
    .order_by(User.name)
)
_SOME = _EVERYBODY.where(id_in(User.id, "user_ids"))


async def listing(session: AnySession, now: datetime, user_ids: Collection[UUID] | None = None) -> Sequence[Colleague]:
    """Everybody who has a phone, by name; or those of these users."""
    serve = await desk.all_memberships(session, user_ids)
    if user_ids is None:
        rows = await session.execute(_EVERYBODY, {"now": now})
    else:
        rows = await session.execute(_SOME, {"now": now, "user_ids": list(user_ids)})
    return [_colleague(row, serve.get(row.id, ())) for row in rows]


def _colleague(row: Row[*tuple[Any, ...]], serves: Sequence[Membership]) -> Colleague:
    extension, reachable, *call = row[len(AGENT) :]
    pauses = tuple(one for one in serves if one.paused_at is not None)
    active = tuple(one.queue_id for one in serves if one.paused_at is None)
    return Colleague(*agent_facts(row), extension, reachable, pauses, active, _glance(*call))


def _glance(
    stage: CallStage | None,
    queue: str | None,
    brought_in: int | None,
    brought_in_since: datetime | None,
    since: datetime | None,
) -> CallGlance | None:
    if stage is None:
        return None
    if brought_in is not None:
        return CallGlance(own_calls.OF_GUEST.get(stage, CallStage.CONNECTED), queue, brought_in_since)
    return CallGlance(stage, queue, since)
