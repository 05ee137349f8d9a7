"""A queue's rules, as its calls need them."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from db.core.engine import AnySession
from domain.queues.exits import Exit, ExitAction, Occasion
from domain.queues.queue import Announcements, CallbackRule, Queue

_RULES = text("""
    SELECT queues.*, (
        SELECT coalesce(json_agg(json_build_array(occasion, action, target_queue_id, message)), '[]')
        FROM queue_exits WHERE queue_id = queues.id
    ) AS exits
    FROM queues WHERE id = :queue_id
""")


async def find(session: AnySession, queue_id: UUID) -> Queue | None:
    """The rules of a queue as they are now; None when it is gone."""
    row = (await session.execute(_RULES, {"queue_id": queue_id})).first()
    return _queue(row) if row else None


def _queue(row: Any) -> Queue:
    announcements = None
    if row.announce_seconds:
        announcements = Announcements(row.announce_seconds, row.announce_position, row.announce_wait)
    return Queue(
        row.id,
        row.name,
        row.ring_seconds,
        row.wrap_up_seconds,
        row.recorded,
        music=row.music,
        schedule_id=row.schedule_id,
        max_wait_seconds=row.max_wait_seconds,
        max_waiting=row.max_waiting,
        no_answer_limit=row.no_answer_limit,
        wrap_up_code_required=row.wrap_up_code_required,
        announcements=announcements,
        callback_key=row.callback_key,
        callbacks=CallbackRule(row.callback_attempts, row.callback_busy_seconds, row.callback_no_answer_seconds),
        exits=tuple(_exit(*found) for found in row.exits),
    )


def _exit(occasion: str, action: str, target: str | None, message: str | None) -> Exit:
    return Exit(Occasion(occasion), ExitAction(action), UUID(target) if target else None, message)
