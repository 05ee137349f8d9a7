"""Whether a queue takes a call just now, and what becomes of waiting callers when it closes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from db.core.engine import AnySession
from db.inbound import schedules
from db.routing.availability import IS_THERE
from domain.inbound.hours import is_open
from domain.queues.exits import Occasion
from domain.queues.queue import Queue

# A callback that is due later does not wait now.
_WAITING = text("""
    SELECT count(*) FROM waiting_calls LEFT JOIN callbacks ON callbacks.call_id = waiting_calls.call_id
    WHERE waiting_calls.queue_id = :queue_id AND waiting_calls.call_id <> :call_id
        AND NOT coalesce(callbacks.next_at > :now, false)
""")


_ANYBODY = text(f"""
    SELECT EXISTS (
        SELECT FROM queue_members JOIN agents USING (user_id) JOIN extensions USING (user_id)
        WHERE queue_id = :queue_id AND {IS_THERE}
    )
""")  # noqa: S608 - made of constants


async def occasion(session: AnySession, call_id: str, queue: Queue, now: datetime) -> Occasion | None:
    """Why the queue does not take a new call now; None when it does. Only what the queue has rules for is asked."""
    if await is_closed(session, queue, now):
        return Occasion.CLOSED
    about = {"queue_id": queue.queue_id, "call_id": call_id, "now": now}
    if queue.max_waiting is not None and (await session.scalar(_WAITING, about) or 0) >= queue.max_waiting:
        return Occasion.FULL
    if queue.exit_on(Occasion.NO_AGENTS) and not await is_anybody_there(session, queue.queue_id, now):
        return Occasion.NO_AGENTS
    return None


async def is_closed(session: AnySession, queue: Queue, now: datetime) -> bool:
    """Whether the queue has opening hours, and is out of them."""
    if queue.schedule_id is None:
        return False
    schedule = await schedules.find_for_queue(session, queue.queue_id)
    return schedule is not None and not is_open(schedule, now)


async def is_anybody_there(session: AnySession, queue_id: UUID, now: datetime) -> bool:
    """Whether an agent of the queue is logged in and has a phone and a microphone, or had them a moment ago."""
    return bool(await session.scalar(_ANYBODY, {"queue_id": queue_id, "now": now}))
