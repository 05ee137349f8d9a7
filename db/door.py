"""The doors of the centre: where a dialled number leads, and whether a queue takes a call just now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from db import schedules
from db.engine import AnySession, WriteSession
from db.notices import Notice, publish
from domain.arrival import Arrival
from domain.call import CallStage, CallType
from domain.exits import Occasion
from domain.hours import is_open
from domain.queue import Queue

_DESTINATION = text("SELECT queue_id, menu_id, priority FROM numbers WHERE number = :dialled")
_ENTER = text("""
    WITH call AS (
        INSERT INTO calls (id, node, type, stage, caller_number, caller_name, dialled, queue_id, arrived_at, queued_at,
            attempt, muted, recorded, priority)
        VALUES (:id, :node, :type, :stage, :caller_number, :caller_name, :dialled, :queue_id, :arrived_at, :queued_at,
            0, false, false, :priority)
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
# A call that comes from another queue, or from a menu, is as old as it is: nobody goes to the back of a line twice.
_JOIN = text("""
    WITH call AS (
        UPDATE calls
        SET queue_id = :queue_id, stage = 'waiting',
            queued_at = CASE WHEN back.call_id IS NULL THEN :now ELSE queued_at END
        FROM (SELECT :call_id AS id) AS asked
        LEFT JOIN waiting_calls AS back ON back.call_id = asked.id AND back.queue_id = :queue_id
        WHERE calls.id = asked.id
        RETURNING calls.id, calls.arrived_at, calls.priority, back.call_id IS NULL AS is_new
    )
    INSERT INTO waiting_calls (call_id, queue_id, priority, place, entered_at, missed_by, skills)
    SELECT id, :queue_id, priority, 0, arrived_at, '{}',
        (SELECT coalesce(jsonb_object_agg(skill_id, level), '{}') FROM queue_skills WHERE queue_id = :queue_id)
    FROM call
    ON CONFLICT (call_id) DO UPDATE SET not_before = NULL
""")
_WAITING = text("SELECT count(*) FROM waiting_calls WHERE queue_id = :queue_id")
_ANYBODY = text("""
    SELECT EXISTS (
        SELECT FROM queue_members JOIN agents USING (user_id)
        WHERE queue_id = :queue_id AND agents.state <> 'offline'
    )
""")


@dataclass(frozen=True)
class Destination:
    """Where a number leads: a queue or a menu, and how urgent its calls are."""

    queue_id: UUID | None
    menu_id: UUID | None
    priority: int


async def destination(session: AnySession, dialled: str) -> Destination | None:
    """Where a dialled number leads; None for a number that is not ours."""
    row = (await session.execute(_DESTINATION, {"dialled": dialled})).first()
    return Destination(*row) if row else None


async def occasion(session: AnySession, queue: Queue, now: datetime) -> Occasion | None:
    """Why the queue does not take a call now; None when it does. Only what the queue has rules for is asked."""
    if queue.schedule_id is not None:
        schedule = await schedules.find_for_queue(session, queue.queue_id)
        if schedule is not None and not is_open(schedule, now):
            return Occasion.CLOSED
    about = {"queue_id": queue.queue_id}
    if queue.max_waiting is not None and (await session.scalar(_WAITING, about) or 0) >= queue.max_waiting:
        return Occasion.FULL
    if queue.exit_on(Occasion.NO_AGENTS) and not await session.scalar(_ANYBODY, about):
        return Occasion.NO_AGENTS
    return None


async def enter(  # noqa: PLR0913 - each is a different fact of the call
    session: WriteSession,
    arrival: Arrival,
    queue: Queue | None,
    now: datetime,
    *,
    priority: int = 50,
    in_line: bool = True,
) -> bool:
    """Writes down a call that has come in, and puts it in line. Without a queue, or not `in_line`, it only is there.

    False when the call is known already.
    """
    waits = queue is not None and in_line
    values = {
        "id": arrival.call_id,
        "node": arrival.node,
        "type": CallType.INBOUND.value,
        "stage": (CallStage.WAITING if waits else CallStage.ARRIVING).value,
        "caller_number": arrival.caller_number,
        "caller_name": arrival.caller_name,
        "dialled": arrival.dialled,
        "queue_id": queue.queue_id if queue else None,
        "arrived_at": arrival.arrived_at,
        "queued_at": now if waits else None,
        "priority": priority,
    }
    entered = (await session.execute(_ENTER, values)).first() is not None
    if entered and queue is not None and waits:
        publish(session, Notice("call.queued", None, queue.queue_id, {"call_id": arrival.call_id}))
    return entered


async def join(session: WriteSession, call_id: str, queue: Queue, now: datetime) -> None:
    """Puts a call that is there in the queue's line, or back into it where it had stepped aside."""
    await session.execute(_JOIN, {"call_id": call_id, "queue_id": queue.queue_id, "now": now})
    publish(session, Notice("call.queued", None, queue.queue_id, {"call_id": call_id}))


async def turn_away(session: WriteSession, call_id: str, queue: Queue) -> None:
    """Notes that the queue does not take a call that is there."""
    await session.execute(_TURN_AWAY, {"call_id": call_id, "queue_id": queue.queue_id})


_TURN_AWAY = text("UPDATE calls SET queue_id = :queue_id, queued_at = NULL, stage = 'leaving' WHERE id = :call_id")
