"""Claims: under one lock, waiting calls and available agents are matched, so that no pair is missed or made twice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    all_,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    true,
)

from db.engine import WriteSession
from db.models import Agent, AgentSkill, Call, Extension, Queue, QueueMember, WaitingCall
from db.notices import Notice, publish
from domain import routing
from domain.agent import WORKING, AgentState, ExtensionKind
from domain.queue import Strategy

ROUTING_LOCK = 0x45564C52
CLAIM_LASTS = timedelta(seconds=5)
"""How long a claim holds an agent before the call's workflow has confirmed it by ringing."""

PORTAL_SILENCE = timedelta(seconds=30)
"""A web agent whose page has been silent this long is not reachable."""

WRAP_UP_GRACE = timedelta(seconds=10)
"""A wrap-up that nobody ended is over this long after its time."""

_CHANCE = Random()  # noqa: S311 - who is rung is no secret
_MOST_ROUNDS = 50
"""An agent whose calls all find somebody better is tried with this many of them; the others look by themselves."""


@dataclass(frozen=True)
class Claim:
    """An agent held for a call, the number of the leg that rings the agent, and what is needed to do so."""

    call_id: str
    user_id: UUID
    attempt: int
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
_USER: ColumnElement[UUID] = bindparam("user_id", type_=Agent.user_id.type)
_LOCK = select(func.pg_advisory_xact_lock(ROUTING_LOCK))
_MEMBERS = (
    select(QueueMember.user_id)
    .join(Agent, Agent.user_id == QueueMember.user_id)
    .join(Extension, Extension.user_id == QueueMember.user_id)
    .where(QueueMember.queue_id == Queue.id, QueueMember.paused_at.is_(None), available(_NOW))
    .correlate(Queue)
)
# A line that nobody could be found for is not even read: it may be long.
_SERVED = (
    select(Queue.id, Queue.strategy, Queue.weight, Queue.aging_seconds, Queue.skill_widening_seconds)
    .where(Queue.id.in_(bindparam("queues", expanding=True)), _MEMBERS.exists())
    .cte("served")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_COLUMNS = (
    WaitingCall.call_id,
    WaitingCall.queue_id,
    WaitingCall.place,
    WaitingCall.entered_at,
    WaitingCall.missed_by,
    WaitingCall.priority,
    WaitingCall.skills,
)
_IN_LINE = and_(
    WaitingCall.offered_to == literal([], WaitingCall.offered_to.type),
    or_(WaitingCall.not_before.is_(None), WaitingCall.not_before <= _NOW),
)
_IN_QUEUES = (
    select(*_COLUMNS, *(column for column in _SERVED.c if column.name != "id"))
    .join(_SERVED, _SERVED.c.id == WaitingCall.queue_id)
    .where(_IN_LINE)
)
_WAITED = func.extract("epoch", _NOW - WaitingCall.entered_at)
# As domain.routing.urgency has it.
_URGENCY = func.least(
    routing.HIGHEST_PRIORITY, WaitingCall.priority + func.coalesce(func.floor(_WAITED / Queue.aging_seconds), 0)
)
# As domain.routing.wanted_level has it.
_EASY_ENOUGH = text("""
    NOT EXISTS (
        SELECT FROM jsonb_each_text(waiting_calls.skills) AS wanted
        LEFT JOIN agent_skills ON agent_skills.user_id = :user_id AND agent_skills.skill_id = wanted.key::uuid
        WHERE wanted.value::int - coalesce(floor(extract(epoch FROM :now - waiting_calls.entered_at)
            / queues.skill_widening_seconds), 0) > coalesce(agent_skills.level, 0)
    )
""")
_FIRST_FOR = (
    select(*_COLUMNS, Queue.strategy, Queue.weight, Queue.aging_seconds, Queue.skill_widening_seconds)
    .join(Queue, Queue.id == WaitingCall.queue_id)
    .join(QueueMember, QueueMember.queue_id == WaitingCall.queue_id)
    .where(
        QueueMember.user_id == _USER,
        QueueMember.paused_at.is_(None),
        _IN_LINE,
        all_(WaitingCall.missed_by) != _USER,
        or_(WaitingCall.skills == literal({}, WaitingCall.skills.type), _EASY_ENOUGH),
        WaitingCall.call_id.not_in(bindparam("others", expanding=True)),
    )
    .order_by(Queue.weight.desc(), WaitingCall.place, _URGENCY.desc(), WaitingCall.entered_at, WaitingCall.call_id)
    .limit(1)
)
_ANSWERED_TODAY = case((QueueMember.answered_on == func.date(_NOW), QueueMember.answered), else_=0)
_BY_STRATEGY = case(
    (Queue.strategy == Strategy.FEWEST_CALLS, _ANSWERED_TODAY),
    (Queue.strategy == Strategy.LINEAR, QueueMember.position),
    (Queue.strategy == Strategy.ROUND_ROBIN, func.extract("epoch", QueueMember.offered_at)),
    else_=0,
)
_ORDERED = [Strategy.LONGEST_IDLE, Strategy.FEWEST_CALLS, Strategy.LINEAR, Strategy.ROUND_ROBIN]
# Where a strategy is an order, its first `needed` agents make the same choice as all of them.
_FREE_IN_QUEUE = (
    select(
        Agent.user_id,
        Agent.idle_since,
        QueueMember.penalty,
        QueueMember.position,
        _ANSWERED_TODAY.label("answered"),
        QueueMember.offered_at,
    )
    .join(QueueMember, QueueMember.user_id == Agent.user_id)
    .join(Extension, Extension.user_id == Agent.user_id)
    .where(QueueMember.queue_id == Queue.id, QueueMember.paused_at.is_(None), available(_NOW))
    .order_by(
        QueueMember.penalty,
        _BY_STRATEGY.nulls_first(),
        case((Queue.strategy == Strategy.ROUND_ROBIN, QueueMember.position), else_=0),
        Agent.idle_since,
        Agent.user_id,
    )
    .limit(case((Queue.strategy.in_(_ORDERED), cast(bindparam("needed"), Integer)), else_=None))
    .correlate(Queue)
    .lateral()
)
_CANDIDATES = (
    select(
        _FREE_IN_QUEUE.c.user_id,
        Queue.id.label("queue_id"),
        _FREE_IN_QUEUE.c.idle_since,
        _FREE_IN_QUEUE.c.penalty,
        _FREE_IN_QUEUE.c.position,
        _FREE_IN_QUEUE.c.answered,
        _FREE_IN_QUEUE.c.offered_at,
    )
    .join(_FREE_IN_QUEUE, true())
    .where(Queue.id.in_(bindparam("queues", expanding=True)))
)
_SKILLS = select(AgentSkill.user_id, AgentSkill.skill_id, AgentSkill.level).where(
    AgentSkill.user_id.in_(bindparam("users", expanding=True))
)
_CLAIM = text("""
    WITH made AS (
        SELECT * FROM unnest(CAST(:calls AS text[]), CAST(:users AS uuid[]), CAST(:queues AS uuid[]))
            AS made(call_id, user_id, queue_id)
    ),
    agent AS (
        UPDATE agents
        SET state = 'offered', since = :now, until = :until, reason = NULL, call_id = made.call_id, attempt = NULL,
            wanted = NULL, wanted_reason = NULL
        FROM made WHERE agents.user_id = made.user_id
    ),
    member AS (
        UPDATE queue_members SET offered_at = :now
        FROM made JOIN queues ON queues.id = made.queue_id AND queues.strategy = 'round_robin'
        WHERE queue_members.queue_id = made.queue_id AND queue_members.user_id = made.user_id
    )
    UPDATE waiting_calls SET offered_to = chosen.users
    FROM (SELECT call_id, array_agg(user_id) AS users FROM made GROUP BY call_id) AS chosen
    WHERE waiting_calls.call_id = chosen.call_id
""")
_CONFIRM = text("""
    WITH held AS (
        SELECT agents.user_id, extensions.number, extensions.kind, coalesce(agents.attempt,
            CAST(:attempt AS int) - 1 + count(agents.attempt) OVER ()
                + row_number() OVER (PARTITION BY agents.attempt IS NULL ORDER BY agents.user_id)) AS attempt
        FROM agents JOIN extensions ON extensions.user_id = agents.user_id
        WHERE agents.call_id = :call_id AND agents.state = 'offered'
            AND EXISTS (SELECT FROM waiting_calls
                WHERE waiting_calls.call_id = :call_id AND agents.user_id = ANY(waiting_calls.offered_to))
    ),
    agent AS (
        UPDATE agents SET until = :until, attempt = held.attempt FROM held WHERE agents.user_id = held.user_id
    ),
    call AS (
        UPDATE calls SET stage = 'offered', offered_at = :now WHERE id = :call_id AND EXISTS (SELECT FROM held)
    )
    SELECT user_id, attempt, number, kind FROM held ORDER BY attempt
""")


async def lock(session: WriteSession) -> None:
    """Waits for the routing lock, which the end of the transaction lets go."""
    await session.execute(_LOCK)


async def match(session: WriteSession, queue_ids: Collection[UUID], now: datetime) -> list[routing.Match]:
    """Claims agents for every call of these queues that can have some. The caller holds the routing lock."""
    found = await session.execute(_IN_QUEUES, {"queues": list(queue_ids), "now": now})
    lines = [_Line.of(row) for row in found]
    return await _match(session, lines, now)


async def match_agent(session: WriteSession, user_id: UUID, now: datetime) -> list[routing.Match]:
    """As `match`, for an agent who has become available. Takes the routing lock.

    The first call that the agent may take decides; should it find somebody better, the next one does.
    """
    await lock(session)
    made: list[routing.Match] = []
    tried: list[str] = []
    while len(tried) < _MOST_ROUNDS and not any(match.user_id == user_id for match in made):
        values = {"user_id": user_id, "now": now, "others": tried}
        first = (await session.execute(_FIRST_FOR, values)).first()
        if first is None:
            break
        tried.append(first.call_id)
        matches = await _match(session, [_Line.of(first)], now)
        made += matches
        if not matches:
            # Not even this agent is available.
            break
    return made


async def confirm(session: WriteSession, call_id: str, attempt: int, now: datetime, ring: timedelta) -> list[Claim]:
    """The agents whom the call holds are being rung for it until `ring` has passed, on legs from `attempt` on."""
    values = {"call_id": call_id, "attempt": attempt, "now": now, "until": now + ring}
    claims = []
    for row in await session.execute(_CONFIRM, values):
        publish(session, Notice("call.offered", row.user_id, None, {"call_id": call_id}))
        claims.append(Claim(call_id, row.user_id, row.attempt, row.number, ExtensionKind(row.kind)))
    return claims


@dataclass(frozen=True)
class _Line:
    """A call in line with the rules of its queue."""

    call: routing.WaitingCall
    rules: routing.Rules

    @classmethod
    def of(cls, row: Any) -> "_Line":
        call = routing.WaitingCall(
            row.call_id, row.queue_id, row.place, row.entered_at, frozenset(row.missed_by), row.priority, row.skills
        )
        strategy = Strategy(row.strategy)
        return cls(call, routing.Rules(strategy, row.weight, row.aging_seconds, row.skill_widening_seconds))


async def _match(session: WriteSession, lines: Sequence[_Line], now: datetime) -> list[routing.Match]:
    if not lines:
        return []
    calls = [line.call for line in lines]
    candidates = await _candidates(session, calls, now)
    rules = {line.call.queue_id: line.rules for line in lines}
    matches = routing.match(calls, candidates, rules, now, _CHANCE)
    if matches:
        await _claim(session, matches, now)
    return matches


async def _candidates(
    session: WriteSession, calls: Sequence[routing.WaitingCall], now: datetime
) -> list[routing.Candidate]:
    skilled = any(call.skills for call in calls)
    # With skills nobody can say how many agents must be looked at.
    needed = None if skilled else len(calls) + sum(len(call.missed_by) for call in calls)
    queues = list({call.queue_id for call in calls})
    found = await session.execute(_CANDIDATES, {"queues": queues, "now": now, "needed": needed})
    candidates = [routing.Candidate(*row) for row in found]
    if not skilled or not candidates:
        return candidates
    skills = await _skills(session, {candidate.user_id for candidate in candidates})
    return [replace(candidate, skills=skills.get(candidate.user_id, {})) for candidate in candidates]


async def _skills(session: WriteSession, users: Collection[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    levels: dict[UUID, dict[str, int]] = {}
    for user_id, skill_id, level in await session.execute(_SKILLS, {"users": list(users)}):
        levels.setdefault(user_id, {})[str(skill_id)] = level
    return levels


async def _claim(session: WriteSession, matches: Sequence[routing.Match], now: datetime) -> None:
    values = {
        "calls": [made.call_id for made in matches],
        "users": [made.user_id for made in matches],
        "queues": [made.queue_id for made in matches],
        "now": now,
        "until": now + CLAIM_LASTS,
    }
    await session.execute(_CLAIM, values)
    for made in matches:
        publish(session, Notice("agent.claimed", made.user_id, made.queue_id, {"call_id": made.call_id}))
