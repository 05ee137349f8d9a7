"""How many of an agent's calls were answered, and how many were not, this month and yesterday."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from db.core.engine import AnySession
from db.models.participant import LEFT_TO_OTHERS
from db.records.missed import DIALLED_IN_VAIN, MISSED
from domain.records.periods import Periods

# What the agent answered and passed on was answered. A call that the agent dialled counts by its record.
_COUNT = text(f"""
    WITH rung AS MATERIALIZED (
        SELECT id, call_id, state, at
        FROM agent_changes
        WHERE user_id = :user_id AND at >= :begin AND at < :end AND state IN ('offered', 'on_call')
    ), {MISSED},
    counted AS (
        SELECT call_id, arrived_at AS at, disposition = 'answered' AS answered
        FROM cdrs
        WHERE user_id = :user_id AND arrived_at >= :begin AND arrived_at < :end
            AND (disposition = 'answered' OR {DIALLED_IN_VAIN})
        UNION ALL
        SELECT call_id, arrived_at, true FROM participants
        WHERE user_id = :user_id AND arrived_at >= :begin AND arrived_at < :end AND {LEFT_TO_OTHERS}
        GROUP BY call_id, arrived_at HAVING bool_or(role = 'agent')
        UNION ALL
        SELECT call_id, at, false FROM missed WHERE counts
    )
    SELECT
        count(DISTINCT call_id) FILTER (WHERE answered AND at >= :month) AS month_answered,
        count(DISTINCT call_id) FILTER (WHERE NOT answered AND at >= :month) AS month_not_answered,
        count(DISTINCT call_id) FILTER (WHERE answered AND at >= :yesterday AND at < :today) AS yesterday_answered,
        count(DISTINCT call_id) FILTER (WHERE NOT answered AND at >= :yesterday AND at < :today)
            AS yesterday_not_answered
    FROM counted
""")  # noqa: S608 - made of constants


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
    }
    row = (await session.execute(_COUNT, values)).one()
    return Rates(
        Rate(row.month_answered, row.month_not_answered), Rate(row.yesterday_answered, row.yesterday_not_answered)
    )
