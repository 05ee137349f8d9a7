"""What a lost wake-up, or time that simply passed, leaves behind; found by a look at the whole floor."""

from datetime import datetime, timedelta

from sqlalchemy import text

from db.core.engine import AnySession, WriteSession
from db.routing import claims
from db.routing.availability import AVAILABLE
from db.routing.candidates import IN_LINE, MEMBERS
from domain.routing.matching import Match

CONFIRMED_WITHIN = timedelta(seconds=1)
"""A call that is woken confirms its claim in some milliseconds; after this long the wake-up is taken for lost."""

_QUEUES = text(f"""
    SELECT DISTINCT waiting_calls.queue_id
    FROM waiting_calls
    WHERE {IN_LINE} AND EXISTS (
        SELECT FROM {MEMBERS}
        WHERE queue_members.queue_id = waiting_calls.queue_id AND {AVAILABLE}
            AND agents.user_id <> ALL(waiting_calls.missed_by)
    )
""")  # noqa: S608 - made of constants
# A claim has an attempt once its call has confirmed it; a call whose claims all ran out is held by nobody. Who calls a
# customer back talks to nobody yet. A callback that nobody wants any more is to find that out.
_UNCONFIRMED = text("""
    SELECT waiting_calls.call_id
    FROM waiting_calls LEFT JOIN agents
        ON agents.call_id = waiting_calls.call_id AND agents.user_id = ANY(waiting_calls.offered_to)
            AND (agents.state = 'offered' AND agents.until >= :now OR agents.state = 'on_call')
    WHERE waiting_calls.offered_to <> '{}'
    GROUP BY waiting_calls.call_id
    HAVING count(agents.user_id) = 0 OR bool_or(agents.attempt IS NULL AND agents.since < :before)
    UNION ALL
    SELECT calls.id FROM calls JOIN callbacks ON callbacks.call_id = calls.id
    WHERE callbacks.closed_at < :before AND calls.stage = 'waiting'
""")


async def unconfirmed(session: AnySession, now: datetime) -> list[str]:
    """The calls for which agents were claimed, or which are not wanted any more, and which do not seem to know it."""
    found = await session.scalars(_UNCONFIRMED, {"now": now, "before": now - CONFIRMED_WITHIN})
    return list(found)


async def has_pairs(session: AnySession, now: datetime) -> bool:
    """Whether a call waits beside an agent who could be rung for it."""
    return (await session.execute(_QUEUES, {"now": now})).first() is not None


async def match(session: WriteSession, now: datetime) -> list[Match]:
    """Claims agents for the calls that wait beside them."""
    await claims.lock(session)
    queue_ids = list(await session.scalars(_QUEUES, {"now": now}))
    return await claims.match(session, queue_ids, now) if queue_ids else []
