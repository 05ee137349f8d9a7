"""What a choice needs to know of the line and of those who could serve it, in as few statements as it takes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from db.core.engine import TODAY, AnySession
from db.routing.availability import AVAILABLE
from domain.queues.queue import Strategy
from domain.routing.matching import HIGHEST_PRIORITY, Candidate, Rules, WaitingCall

_BY_RULE = (Strategy.LONGEST_IDLE, Strategy.FEWEST_CALLS, Strategy.ROUND_ROBIN, Strategy.LINEAR)
"""Strategies that are an order: of the agents they choose, the first few are as good as all."""

_CALL = """
    waiting_calls.call_id, waiting_calls.queue_id, waiting_calls.place, waiting_calls.entered_at,
    waiting_calls.missed_by, waiting_calls.priority, waiting_calls.skills AS wanted
"""
_RULES = "queues.strategy, queues.weight, queues.aging_seconds, queues.skill_widening_seconds"
IN_LINE = """
    waiting_calls.offered_to = '{}' AND (waiting_calls.not_before IS NULL OR waiting_calls.not_before <= :now)
"""
_WAITED = "greatest(0, extract(epoch FROM :now - waiting_calls.entered_at))"
# As domain.routing.matching.urgency has it.
URGENCY = f"""
    least({HIGHEST_PRIORITY}, waiting_calls.priority + coalesce(floor({_WAITED} / queues.aging_seconds), 0))
"""
# As domain.routing.matching.may_take has it, for the agent :user_id.
_MAY_TAKE = f"""
    :user_id <> ALL(waiting_calls.missed_by)
    AND (waiting_calls.skills = '{{}}' OR NOT EXISTS (
        SELECT FROM jsonb_each_text(waiting_calls.skills) AS wanted
        LEFT JOIN agent_skills ON agent_skills.user_id = :user_id AND agent_skills.skill_id = wanted.key::uuid
        WHERE wanted.value::int - coalesce(floor({_WAITED} / queues.skill_widening_seconds), 0)
            > coalesce(agent_skills.level, 0)
    ))
"""
MEMBERS = "queue_members JOIN agents USING (user_id) JOIN extensions USING (user_id)"
_ANSWERED = f"""
    CASE WHEN queue_members.answered_on = {TODAY} THEN queue_members.answered ELSE 0 END
"""


def _free(rules: str, most: str, skilled: str) -> str:
    """The agents who can be rung for the queue of `rules`: the first `most` by its strategy, with skills if wanted."""
    return f"""
        SELECT agents.user_id, {rules}.id AS queue_id, agents.idle_since, queue_members.penalty,
            queue_members.position, {_ANSWERED} AS answered, queue_members.offered_at,
            CASE WHEN {skilled} THEN (
                SELECT coalesce(jsonb_object_agg(skill_id, level), '{{}}') FROM agent_skills
                WHERE agent_skills.user_id = agents.user_id) ELSE '{{}}' END AS skills
        FROM {MEMBERS}
        WHERE queue_members.queue_id = {rules}.id AND {AVAILABLE}
        ORDER BY queue_members.penalty,
            CASE {rules}.strategy
                WHEN 'fewest_calls' THEN {_ANSWERED}
                WHEN 'linear' THEN queue_members.position
                WHEN 'round_robin' THEN extract(epoch FROM queue_members.offered_at)
                ELSE 0 END NULLS FIRST,
            CASE {rules}.strategy WHEN 'round_robin' THEN queue_members.position ELSE 0 END,
            agents.idle_since, agents.user_id
        LIMIT {most}
    """  # noqa: S608


# In SQL what `of_queues` says of many calls.
_MOST_FOR_FIRST = f"""
    CASE WHEN first.wanted = '{{}}' AND first.strategy IN ({", ".join(f"'{name}'" for name in _BY_RULE)})
        THEN 1 + cardinality(first.missed_by) END
"""
_QUEUES = text("""
    SELECT DISTINCT queue_id FROM queue_members WHERE user_id = ANY(:user_ids) AND paused_at IS NULL
""")
# A line that nobody could be found for is not even read: it may be long.
_LINES = text(f"""
    WITH served AS MATERIALIZED (
        SELECT queues.id, {_RULES} FROM queues
        -- The limit has PostgreSQL stop at the first agent; for EXISTS it would look at each.
        CROSS JOIN LATERAL (
            SELECT FROM {MEMBERS} WHERE queue_members.queue_id = queues.id AND {AVAILABLE} LIMIT 1
        ) AS somebody
        WHERE queues.id = ANY(:queues)
    )
    SELECT {_CALL}, {_RULES.replace("queues.", "served.")}
    FROM waiting_calls JOIN served ON served.id = waiting_calls.queue_id
    WHERE {IN_LINE}
""")  # noqa: S608
_FREE = text(f"""
    SELECT free.* FROM queues
    JOIN LATERAL ({_free("queues", "CAST(:most AS int)", "CAST(:skilled AS boolean)")}) AS free ON true
    WHERE queues.id = ANY(:queues)
""")  # noqa: S608
# As domain.routing.matching.in_order has it: where a line has an order by hand, its calls exchange their turns.
_FIRST_FOR = text(f"""
    WITH line AS MATERIALIZED (
        SELECT {_CALL}, {_RULES}, queues.id, {URGENCY} AS urgency, {_MAY_TAKE} AS fits
        FROM queue_members
        JOIN queues ON queues.id = queue_members.queue_id
        JOIN waiting_calls ON waiting_calls.queue_id = queues.id
        WHERE queue_members.user_id = :user_id AND queue_members.paused_at IS NULL AND {IN_LINE}
    ),
    by_hand AS (
        SELECT call_id, queue_id, urgency, entered_at,
            row_number() OVER (PARTITION BY queue_id ORDER BY place, urgency DESC, entered_at, call_id) AS turn,
            row_number() OVER (PARTITION BY queue_id ORDER BY urgency DESC, entered_at, call_id) AS otherwise
        FROM line WHERE queue_id IN (SELECT queue_id FROM line WHERE place <> 0)
    ),
    first AS (
        SELECT line.* FROM line
        LEFT JOIN by_hand AS moved ON moved.call_id = line.call_id
        LEFT JOIN by_hand AS place ON place.queue_id = moved.queue_id AND place.otherwise = moved.turn
        WHERE line.fits AND line.call_id <> ALL(CAST(:others AS text[]))
        ORDER BY line.weight DESC, coalesce(place.urgency, line.urgency) DESC,
            coalesce(place.entered_at, line.entered_at), coalesce(place.call_id, line.call_id)
        LIMIT 1
    )
    SELECT first.call_id, first.place, first.entered_at, first.missed_by, first.priority, first.wanted,
        first.strategy, first.weight, first.aging_seconds, first.skill_widening_seconds, free.*
    FROM first JOIN LATERAL ({_free("first", _MOST_FOR_FIRST, "first.wanted <> '{}'")}) AS free ON true
""")  # noqa: S608


@dataclass(frozen=True)
class Line:
    """Calls in line, the rules of their queues, and the agents who can be rung for them."""

    calls: Sequence[WaitingCall]
    rules: Mapping[UUID, Rules]
    candidates: Sequence[Candidate]


async def of_queues(session: AnySession, queue_ids: Collection[UUID], now: datetime) -> Line:
    """Everybody in line in these queues, as far as there is somebody to be rung for them."""
    rows = (await session.execute(_LINES, {"queues": list(queue_ids), "now": now})).all()
    if not rows:
        return Line((), {}, ())
    calls, rules = [_call(row) for row in rows], {row.queue_id: _rules(row) for row in rows}
    skilled = any(call.skills for call in calls)
    # With skills, or where a call takes many agents, nobody can say how many must be looked at.
    some = not skilled and all(found.strategy in _BY_RULE for found in rules.values())
    most = len(calls) + sum(len(call.missed_by) for call in calls) if some else None
    about = {"queues": list(rules), "now": now, "most": most, "skilled": skilled}
    return Line(calls, rules, [Candidate(*row) for row in await session.execute(_FREE, about)])


async def queues_of(session: AnySession, user_ids: Collection[UUID]) -> Sequence[UUID]:
    """The queues that one of these agents serves now."""
    return list(await session.scalars(_QUEUES, {"user_ids": list(user_ids)}))


async def first_for(session: AnySession, user_id: UUID, but: Sequence[str], now: datetime) -> Line:
    """The first call in line, `but` for some, that the agent may take, and all agents who can be rung for it."""
    rows = (await session.execute(_FIRST_FOR, {"user_id": user_id, "others": list(but), "now": now})).all()
    if not rows:
        return Line((), {}, ())
    return Line(
        [_call(rows[0])],
        {rows[0].queue_id: _rules(rows[0])},
        [Candidate(*row[-len(fields(Candidate)) :]) for row in rows],
    )


def _call(row: Any) -> WaitingCall:
    return WaitingCall(
        row.call_id, row.queue_id, row.place, row.entered_at, frozenset(row.missed_by), row.priority, row.wanted
    )


def _rules(row: Any) -> Rules:
    return Rules(Strategy(row.strategy), row.weight, row.aging_seconds, row.skill_widening_seconds)
