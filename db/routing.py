"""Claims: under one lock, waiting calls and available agents are matched, so that no pair is missed or made twice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, text, true

from db.engine import WriteSession
from db.models import Agent, Call, Extension, Queue, QueueMember, WaitingCall
from db.notices import Notice, publish
from domain import routing
from domain.agent import WORKING, AgentState, ExtensionKind

ROUTING_LOCK = 0x45564C52
CLAIM_LASTS = timedelta(seconds=5)
"""How long a claim holds an agent before the call's workflow has confirmed it by ringing."""

PORTAL_SILENCE = timedelta(seconds=30)
"""A web agent whose page has been silent this long is not reachable."""

WRAP_UP_GRACE = timedelta(seconds=10)
"""A wrap-up that nobody ended is over this long after its time."""

_MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Claim:
    """An agent held for a call, and what is needed to ring the agent."""

    call_id: str
    user_id: UUID
    extension: str
    kind: ExtensionKind


def is_over(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether what an agent is doing outlived its time or its call, so that the agent counts as idle."""
    has_call = exists().where(Call.id == Agent.call_id, Call.user_id == Agent.user_id)
    return or_(
        and_(Agent.state == AgentState.OFFERED, Agent.until < now),
        and_(Agent.state == AgentState.WRAP_UP, Agent.until < now - WRAP_UP_GRACE),
        and_(Agent.state.in_(WORKING - {AgentState.OFFERED}), ~has_call),
    )


def available(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether an agent can be rung now: free, not about to leave, and the phone is there."""
    return and_(
        Extension.registered,
        Extension.removed_at.is_(None),
        or_(Extension.kind == ExtensionKind.SIP, Agent.portal_seen_at > now - PORTAL_SILENCE),
        or_(Agent.state == AgentState.IDLE, is_over(now)),
        Agent.wanted.is_(None),
    )


# These statements run for every call, so they are built once and not at each use.
_NOW: ColumnElement[datetime] = bindparam("now", type_=Agent.since.type)
_LOCK = select(func.pg_advisory_xact_lock(ROUTING_LOCK))
_IN_LINE = (
    select(WaitingCall.call_id, WaitingCall.queue_id, WaitingCall.place, WaitingCall.entered_at, WaitingCall.missed_by)
    .where(WaitingCall.offered_to.is_(None))
    .order_by(WaitingCall.place, WaitingCall.entered_at)
    .limit(_MOST_AT_ONCE)
)
_IN_QUEUES = _IN_LINE.where(WaitingCall.queue_id.in_(bindparam("queues", expanding=True)))
_IN_QUEUES_OF = _IN_LINE.where(
    WaitingCall.queue_id.in_(select(QueueMember.queue_id).where(QueueMember.user_id == bindparam("user_id")))
)
# Longest idle first: with `needed` rows of each queue, the choice is the same as from all of them.
_FREE_IN_QUEUE = (
    select(Agent.user_id, Agent.idle_since)
    .join(QueueMember, QueueMember.user_id == Agent.user_id)
    .join(Extension, Extension.user_id == Agent.user_id)
    .where(QueueMember.queue_id == Queue.id, available(_NOW))
    .order_by(Agent.idle_since, Agent.user_id)
    .limit(bindparam("needed"))
    .lateral()
)
_CANDIDATES = (
    select(_FREE_IN_QUEUE.c.user_id, Queue.id.label("queue_id"), _FREE_IN_QUEUE.c.idle_since)
    .join(_FREE_IN_QUEUE, true())
    .where(Queue.id.in_(bindparam("queues", expanding=True)))
)
_CLAIM = text("""
    WITH agent AS (
        UPDATE agents
        SET state = 'offered', since = :now, until = :until, reason = NULL, call_id = :call_id,
            wanted = NULL, wanted_reason = NULL
        WHERE user_id = :user_id
    )
    UPDATE waiting_calls SET offered_to = :user_id WHERE call_id = :call_id
""")
_CONFIRM = text("""
    WITH agent AS (
        UPDATE agents SET until = :until
        FROM waiting_calls, extensions
        WHERE waiting_calls.call_id = :call_id
            AND agents.user_id = waiting_calls.offered_to
            AND agents.call_id = :call_id AND agents.state = 'offered'
            AND extensions.user_id = agents.user_id
        RETURNING agents.user_id, extensions.number, extensions.kind
    ),
    call AS (
        UPDATE calls SET stage = 'offered', user_id = agent.user_id, attempt = :attempt, offered_at = :now
        FROM agent
        WHERE calls.id = :call_id
    )
    SELECT user_id, number, kind FROM agent
""")


async def lock(session: WriteSession) -> None:
    """Waits for the routing lock, which the end of the transaction lets go."""
    await session.execute(_LOCK)


async def match(session: WriteSession, queue_ids: Collection[UUID], now: datetime) -> list[routing.Match]:
    """Claims an agent for every call of these queues that can have one. The caller holds the routing lock."""
    found = await session.execute(_IN_QUEUES, {"queues": list(queue_ids)})
    return await _match(session, [_waiting(*row) for row in found], now)


async def match_agent(session: WriteSession, user_id: UUID, now: datetime) -> list[routing.Match]:
    """As `match`, for all queues of an agent who has become available. Takes the routing lock."""
    await lock(session)
    found = await session.execute(_IN_QUEUES_OF, {"user_id": user_id})
    return await _match(session, [_waiting(*row) for row in found], now)


async def confirm(session: WriteSession, call_id: str, attempt: int, now: datetime, ring: timedelta) -> Claim | None:
    """The agent whom the call holds is being rung for it until `ring` has passed; None when it holds none."""
    values = {"call_id": call_id, "attempt": attempt, "now": now, "until": now + ring}
    row = (await session.execute(_CONFIRM, values)).first()
    if row is None:
        return None
    publish(session, Notice("call.offered", row.user_id, None, {"call_id": call_id}))
    return Claim(call_id, row.user_id, row.number, ExtensionKind(row.kind))


def _waiting(call_id: str, queue_id: UUID, place: int, entered_at: datetime, missed: list[UUID]) -> routing.WaitingCall:
    return routing.WaitingCall(call_id, queue_id, place, entered_at, frozenset(missed))


async def _match(session: WriteSession, waiting: Sequence[routing.WaitingCall], now: datetime) -> list[routing.Match]:
    if not waiting:
        return []
    needed = len(waiting) + sum(len(call.missed_by) for call in waiting)
    queues = list({call.queue_id for call in waiting})
    found = await session.execute(_CANDIDATES, {"queues": queues, "now": now, "needed": needed})
    matches = routing.match(waiting, [routing.Candidate(*row) for row in found])
    for made in matches:
        await _claim(session, made, now)
    return matches


async def _claim(session: WriteSession, made: routing.Match, now: datetime) -> None:
    values = {"call_id": made.call_id, "user_id": made.user_id, "now": now, "until": now + CLAIM_LASTS}
    await session.execute(_CLAIM, values)
    publish(session, Notice("agent.claimed", made.user_id, made.queue_id, {"call_id": made.call_id}))
