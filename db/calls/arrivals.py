"""How calls come in, and into the line of a queue."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from db.calls import leaving
from db.core.engine import AnySession, WriteSession
from db.core.notices import Notice, publish
from db.queues import admission
from db.routing import claims
from domain.calls.arrival import Arrival
from domain.calls.call import CallStage
from domain.events.notice import NoticeKind
from domain.queues.exits import Exit, Occasion
from domain.queues.line import BEFORE_ALL
from domain.queues.queue import Queue
from domain.routing.matching import USUAL_PRIORITY

_ENTER = text("""
    WITH call AS (
        INSERT INTO calls (id, node, type, direction, stage, customer_number, received_number, customer_name,
            our_number, queue_id, arrived_at, queued_at, recorded, priority, trunk)
        VALUES (:id, :node, 'inbound', 'inbound', :stage, :customer_number, :received_number, :customer_name,
            :our_number, :queue_id, :arrived_at, :queued_at, false, :priority, :trunk)
        ON CONFLICT DO NOTHING
        RETURNING id, queue_id, queued_at
    ),
    in_line AS (
        INSERT INTO waiting_calls (call_id, queue_id, priority, place, entered_at, missed_by, skills)
        SELECT id, queue_id, :priority, 0, queued_at, '{}',
            (SELECT coalesce(jsonb_object_agg(skill_id, level), '{}') FROM queue_skills
                WHERE queue_skills.queue_id = call.queue_id)
        FROM call WHERE queued_at IS NOT NULL
    )
    SELECT id FROM call
""")
# A call that comes from another queue, or from a menu, is as old as it is: nobody goes to the back of a line twice. One
# that was answered and has lost its agent goes before all others.
_JOIN = text(f"""
    WITH call AS (
        UPDATE calls
        SET queue_id = :queue_id, stage = 'waiting',
            queued_at = CASE WHEN back.call_id IS NULL THEN :now ELSE queued_at END,
            talked = talked + coalesce(extract(epoch FROM coalesce(lost_at, :now) - talk_since), 0),
            talk_since = NULL, lost_at = NULL
        FROM (SELECT :call_id AS id) AS asked
        LEFT JOIN waiting_calls AS back ON back.call_id = asked.id AND back.queue_id = :queue_id
        WHERE calls.id = asked.id
        RETURNING calls.id, calls.arrived_at, calls.priority, calls.answered_at
    )
    INSERT INTO waiting_calls (call_id, queue_id, priority, place, entered_at, missed_by, skills)
    SELECT id, :queue_id, priority, CASE WHEN answered_at IS NULL THEN 0 ELSE {BEFORE_ALL} END, arrived_at, '{{}}',
        (SELECT coalesce(jsonb_object_agg(skill_id, level), '{{}}') FROM queue_skills WHERE queue_id = :queue_id)
    FROM call
    ON CONFLICT (call_id) DO UPDATE SET queue_id = excluded.queue_id, not_before = NULL
""")  # noqa: S608 - made of constants
_STANDING = text("""
    SELECT calls.answered_at IS NOT NULL AS was_served, line.queue_id
    FROM calls LEFT JOIN waiting_calls AS line ON line.call_id = calls.id
    WHERE calls.id = :call_id
""")
_TURN_AWAY = text("UPDATE calls SET queue_id = :queue_id, queued_at = NULL, stage = 'leaving' WHERE id = :call_id")


@dataclass(frozen=True)
class Entry:
    """How a call came in: whether it is new, and why its queue does not take it, if it does not."""

    is_new: bool
    occasion: Occasion | None = None


async def come_in(
    session: WriteSession, arrival: Arrival, queue: Queue, now: datetime, *, priority: int = USUAL_PRIORITY
) -> Entry:
    """A caller has dialled a number of the queue: the call is written down, and stands in line if the queue takes it.

    Repeated, it changes nothing: a call in line is not checked again.
    """
    await _lock_to_count(session, queue)
    why = await admission.occasion(session, arrival.call_id, queue, now)
    is_new = await enter(session, arrival, queue, now, priority=priority, in_line=why is None)
    return Entry(is_new, why if is_new else await go_in(session, arrival.call_id, queue, now))


async def go_in(session: WriteSession, call_id: str, queue: Queue, now: datetime) -> Occasion | None:
    """A call that is there comes to a queue, or back to it. Why the queue does not take it; None when it does.

    The queue's rules are for new calls. A call that is in its line, or was answered before, is always let in.
    """
    await claims.lock(session)
    standing = (await session.execute(_STANDING, {"call_id": call_id})).first()
    asked = standing is not None and not standing.was_served and standing.queue_id != queue.queue_id
    why = await admission.occasion(session, call_id, queue, now) if asked else None
    if why is None:
        await join(session, call_id, queue, now)
        return None
    if standing is not None and standing.queue_id is not None:
        await leaving.leave(session, call_id, now)
    await session.execute(_TURN_AWAY, {"call_id": call_id, "queue_id": queue.queue_id})
    return why


async def _lock_to_count(session: WriteSession, queue: Queue) -> None:
    """No other call may enter between the count of waiting calls and this entry."""
    if queue.max_waiting is not None:
        await claims.lock(session)


async def way_out(session: AnySession, call_id: str, queue: Queue, now: datetime) -> Exit | None:
    """What the queue does with a caller in line when it has closed, or when nobody is there any more.

    None while there is neither, and where the queue has no rule for it: then the caller waits on. So does who was
    served before.
    """
    if not queue.exit_on(Occasion.CLOSED) and not queue.exit_on(Occasion.NO_AGENTS):
        return None
    standing = (await session.execute(_STANDING, {"call_id": call_id})).first()
    if standing is None or standing.was_served or standing.queue_id != queue.queue_id:
        return None
    if queue.exit_on(Occasion.NO_AGENTS) and not await admission.is_anybody_there(session, queue.queue_id, now):
        return queue.exit_on(Occasion.NO_AGENTS)
    return queue.exit_on(Occasion.CLOSED) if await admission.is_closed(session, queue, now) else None


async def enter(  # noqa: PLR0913 - each is a different fact of the call
    session: WriteSession,
    arrival: Arrival,
    queue: Queue | None,
    now: datetime,
    *,
    priority: int = USUAL_PRIORITY,
    in_line: bool = True,
) -> bool:
    """Writes down a call that has come in, and puts it in line. Without a queue, or not `in_line`, it only is there.

    False when the call is known already.
    """
    waits = queue is not None and in_line
    values = {
        "id": arrival.call_id,
        "node": arrival.node,
        "stage": (CallStage.WAITING if waits else CallStage.ARRIVING).value,
        "customer_number": arrival.customer_number,
        "received_number": arrival.received_number,
        "customer_name": arrival.customer_name,
        "our_number": arrival.our_number,
        "queue_id": queue.queue_id if queue else None,
        "arrived_at": arrival.arrived_at,
        "queued_at": now if waits else None,
        "priority": priority,
        "trunk": arrival.trunk or None,
    }
    entered = (await session.execute(_ENTER, values)).first() is not None
    if entered and queue is not None and waits:
        publish(session, Notice(NoticeKind.CALL_QUEUED, None, queue.queue_id, {"call_id": arrival.call_id}))
    return entered


async def join(session: WriteSession, call_id: str, queue: Queue, now: datetime) -> None:
    """Puts a call that is there in the queue's line, or back into it where it had stepped aside."""
    await session.execute(_JOIN, {"call_id": call_id, "queue_id": queue.queue_id, "now": now})
    publish(session, Notice(NoticeKind.CALL_QUEUED, None, queue.queue_id, {"call_id": call_id}))
