"""Taking a queue away, once nothing leads to it and nobody is in it any more."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text

from db.audit import audit
from db.core.engine import WriteSession
from db.core.errors import NotAllowedNowError, NotFoundError
from db.core.notices import Notice, publish
from db.core.texts import listed
from db.models import Queue, QueueMember, RemovedQueue
from db.routing import claims
from domain.events.notice import NoticeKind


@dataclass(frozen=True)
class _Obstacle:
    """Rows that stand in the way, and the sentence that says so of `{names}`; `{queue}` is the queue's name."""

    find: str
    sentence: str


_OBSTACLES = (
    _Obstacle(
        "SELECT call_id AS name FROM waiting_calls WHERE queue_id = :queue_id",
        "Calls wait in {queue}. Remove its numbers first, and then the queue when they have been served.",
    ),
    _Obstacle(
        "SELECT id AS name FROM calls WHERE queue_id = :queue_id",
        "Calls of {queue} are still going on. Try again when they are over.",
    ),
    _Obstacle(
        "SELECT call_id AS name FROM callbacks WHERE queue_id = :queue_id AND closed_at IS NULL",
        "Callers of {queue} are still to be called back. Try again when they have been.",
    ),
    _Obstacle(
        "SELECT number AS name FROM numbers WHERE queue_id = :queue_id",
        "These numbers lead to {queue}: {names}. Lead them elsewhere, or remove them, first.",
    ),
    _Obstacle(
        """
        SELECT name FROM menus WHERE otherwise_queue_id = :queue_id
            OR id IN (SELECT menu_id FROM menu_options WHERE queue_id = :queue_id)
        """,
        "These menus lead to {queue}: {names}. Change them first.",
    ),
    _Obstacle(
        """
        SELECT DISTINCT name FROM queues JOIN queue_exits ON queue_exits.queue_id = queues.id
        WHERE target_queue_id = :queue_id
        """,
        "Calls of these queues go on to {queue}: {names}. Change what they do first.",
    ),
    _Obstacle(
        "SELECT id::text AS name FROM voicemails WHERE queue_id = :queue_id AND heard_at IS NULL",
        "There are messages for {queue} that nobody has heard. Listen to them first.",
    ),
)


async def remove(session: WriteSession, queue_id: UUID, by: UUID | None, now: datetime) -> None:
    """Takes the queue away with its rules. What is past stays under its name: records, waits, messages, callbacks.

    Raises NotFoundError, and NotAllowedNowError while something leads to the queue or is in it.
    """
    # Nobody can enter the queue, nor be matched with a call of it, until this is done.
    await claims.lock(session)
    name = await session.scalar(select(Queue.name).where(Queue.id == queue_id).with_for_update())
    if name is None:
        raise NotFoundError("There is no such queue.")
    for obstacle in _OBSTACLES:
        found = await session.scalars(text(obstacle.find + " ORDER BY 1"), {"queue_id": queue_id})
        names = [str(one) for one in found]
        if names:
            raise NotAllowedNowError(obstacle.sentence.format(queue=name, names=listed(names)))
    members = await session.scalars(select(QueueMember.user_id).where(QueueMember.queue_id == queue_id))
    for user_id in members.all():
        publish(session, Notice(NoticeKind.MEMBERSHIP_CHANGED, user_id, queue_id))
    await session.execute(delete(Queue).where(Queue.id == queue_id))
    session.add(RemovedQueue(id=queue_id, name=name, removed_at=now))
    await audit.note(session, by, "queue.removed", str(queue_id), {"name": name}, now)
    publish(session, Notice(NoticeKind.QUEUE_REMOVED, None, queue_id))
