"""What a caller in line may be told of the wait."""

from uuid import UUID

from sqlalchemy import text

from db.core.engine import AnySession
from domain.queues import estimate

_FACTS = text("""
    SELECT
        (SELECT avg(talk_seconds + coalesce(wrap_up_seconds, 0)) FROM (
            SELECT talk_seconds, wrap_up_seconds FROM cdrs
            WHERE queue_id = :queue_id AND disposition = 'answered'
            ORDER BY arrived_at DESC LIMIT 50
        ) AS latest) AS handle_seconds,
        (SELECT count(*) FROM queue_members JOIN agents USING (user_id)
            WHERE queue_id = :queue_id AND paused_at IS NULL AND state NOT IN ('offline', 'paused')) AS agents
""")


async def wait(session: AnySession, queue_id: UUID, place: int) -> float | None:
    """The expected wait in seconds at a place in line, by the latest 50 answered calls; None while there are none."""
    row = (await session.execute(_FACTS, {"queue_id": queue_id})).one()
    if row.handle_seconds is None:
        return None
    return estimate.wait(place, row.agents, float(row.handle_seconds))
