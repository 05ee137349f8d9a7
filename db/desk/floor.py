"""All agents as a supervisor sees them, now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, case, func, select

from db.calls import own_calls
from db.core.engine import AnySession
from db.core.id_in import id_in
from db.desk import desk
from db.desk.desk import AGENT, AgentSlice, Membership, agent_facts
from db.models import Agent, Call, Extension, Queue, User
from db.routing.availability import REACHABLE
from domain.calls.call import CallStage


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


_EVERYBODY = (
    select(
        *AGENT,
        Extension.number,
        REACHABLE.label("reachable"),
        # Of an agent who was cut off a guest sees nothing.
        case((Call.guest_id == User.id, func.coalesce(Call.returning_to, Call.stage)), else_=Call.stage),
        Queue.name.label("queue"),
        Call.guest_id,
        Call.guest_since,
        func.coalesce(Call.ended_at, Call.answered_at, Call.offered_at).label("stage_since"),
    )
    .join(Agent, Agent.user_id == User.id)
    .join(Extension, and_(Extension.user_id == User.id, Extension.removed_at.is_(None)))
    .outerjoin(Call, own_calls.HAS)
    .outerjoin(Queue, Queue.id == Call.queue_id)
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
    return Colleague(*agent_facts(row), extension, reachable, pauses, active, _glance(row.id, *call))


def _glance(  # noqa: PLR0913, PLR0917 - the columns of a row
    user_id: UUID,
    stage: str | None,
    queue: str | None,
    guest_id: UUID | None,
    guest_since: datetime | None,
    since: datetime | None,
) -> CallGlance | None:
    if stage is None:
        return None
    if guest_id == user_id:
        return CallGlance(own_calls.OF_GUEST.get(CallStage(stage), CallStage.CONNECTED), queue, guest_since)
    return CallGlance(CallStage(stage), queue, since)
