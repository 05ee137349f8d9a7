"""How many of an agent's calls were answered, and how many were not, this month and yesterday."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from db.engine import AnySession
from db.routing import CLAIM_LASTS
from domain.periods import Periods

# Not answered is a call that rang the agent and was not taken, neither then nor later, while nobody else had answered
# it: a call that a colleague picked up first is nobody's miss, and what rings after the answer is a consultation. A
# claim that ended by running out has rung no phone. What the agent answered and passed on was answered. A call that the
# agent dialled counts by its record, and only once the customer was called, which `queued_at` tells: what rings first
# is the agent's own phone.
#
# `rung` reads the index ix_agent_changes_rung alone. What is asked about each miss is asked about the few that are left
# by then: hence the materialized parts, which the planner would else join in an order of its own.
_COUNT = text("""
    WITH rung AS MATERIALIZED (
        SELECT id, call_id, state, at
        FROM agent_changes
        WHERE user_id = :user_id AND at >= :begin AND at < :end AND state IN ('offered', 'on_call')
    ),
    untaken AS MATERIALIZED (
        SELECT id, call_id, at FROM rung
        WHERE state = 'offered'
            AND NOT EXISTS (SELECT FROM rung AS taken WHERE taken.state = 'on_call' AND taken.call_id = rung.call_id)
    ),
    ended AS MATERIALIZED (
        SELECT call_id, at,
            (SELECT later.at FROM agent_changes AS later
                WHERE later.user_id = :user_id AND later.queue_id IS NULL AND later.at >= untaken.at
                    AND (later.at, later.id) > (untaken.at, untaken.id)
                ORDER BY later.at, later.id LIMIT 1) AS until,
            known.answered_at, known.type
        FROM untaken LEFT JOIN LATERAL (
            SELECT cdrs.answered_at, cdrs.type FROM cdrs WHERE cdrs.call_id = untaken.call_id
            UNION ALL
            SELECT calls.answered_at, calls.type FROM calls WHERE calls.id = untaken.call_id
            LIMIT 1
        ) AS known ON true
    ),
    missed AS (
        SELECT call_id, at FROM ended
        WHERE until <> at + CAST(:claim AS interval) AND (answered_at IS NULL OR answered_at > until)
            AND type IS DISTINCT FROM 'manual'
    ),
    counted AS (
        SELECT call_id, arrived_at AS at, disposition = 'answered' AS answered
        FROM cdrs
        WHERE user_id = :user_id AND arrived_at >= :begin AND arrived_at < :end
            AND (disposition = 'answered' OR (disposition IN ('unanswered', 'busy') AND type <> 'inbound'
                AND queued_at IS NOT NULL))
        UNION ALL
        SELECT call_id, arrived_at, true FROM call_parts
        WHERE user_id = :user_id AND arrived_at >= :begin AND arrived_at < :end AND NOT as_guest
        UNION ALL
        SELECT call_id, at, false FROM missed
    )
    SELECT
        count(DISTINCT call_id) FILTER (WHERE answered AND at >= :month) AS month_answered,
        count(DISTINCT call_id) FILTER (WHERE NOT answered AND at >= :month) AS month_not_answered,
        count(DISTINCT call_id) FILTER (WHERE answered AND at >= :yesterday AND at < :today) AS yesterday_answered,
        count(DISTINCT call_id) FILTER (WHERE NOT answered AND at >= :yesterday AND at < :today)
            AS yesterday_not_answered
    FROM counted
""")


@dataclass(frozen=True)
class Rate:
    """Calls that were answered and calls that were not."""

    answered: int
    not_answered: int


@dataclass(frozen=True)
class Rates:
    """Of the current month up to now, and of yesterday."""

    month: Rate
    yesterday: Rate


async def of_agent(session: AnySession, user_id: UUID, periods: Periods) -> Rates:
    """Counts an agent's calls. One with a record belongs to the day it arrived on, a missed one to that of its ring."""
    values = {
        "user_id": user_id,
        "begin": periods.begin,
        "end": periods.today_ends,
        "month": periods.month_begins,
        "yesterday": periods.yesterday_begins,
        "today": periods.today_begins,
        "claim": CLAIM_LASTS,
    }
    row = (await session.execute(_COUNT, values)).one()
    return Rates(
        Rate(row.month_answered, row.month_not_answered), Rate(row.yesterday_answered, row.yesterday_not_answered)
    )
