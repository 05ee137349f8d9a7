"""The callers who have hung up and wait to be called back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from db.core.engine import AnySession
from db.models import Callback, Queue


@dataclass(frozen=True)
class Promise:
    """Somebody to be called back: how often it was tried, and from when on the next try may come, if not at once."""

    call_id: str
    queue_id: UUID
    queue: str
    number: str
    name: str
    state: str
    attempts: int
    asked_at: datetime
    next_at: datetime | None


async def waiting(session: AnySession, queue_ids: Collection[UUID], limit: int) -> Sequence[Promise]:
    """The callbacks of these queues that are not over, the oldest first."""
    found = await session.execute(
        select(Callback, Queue.name)
        .join(Queue, Queue.id == Callback.queue_id)
        .where(Callback.queue_id.in_(queue_ids), Callback.closed_at.is_(None))
        .order_by(Callback.asked_at)
        .limit(limit),
    )
    return [
        Promise(
            row.call_id,
            row.queue_id,
            queue,
            row.number,
            row.name,
            row.state,
            row.attempts,
            row.asked_at,
            row.next_at,
        )
        for row, queue in found
    ]
