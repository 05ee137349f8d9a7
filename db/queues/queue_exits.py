"""Where calls go that a queue does not serve, as administrators say."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.core.texts import is_sound
from db.models import QueueExit
from db.queues import queue_settings
from domain.events.notice import NoticeKind
from domain.queues.exits import Exit, ExitAction, Occasion


async def listing(session: AnySession, queue_id: UUID) -> list[Exit]:
    """What the queue does, occasion by occasion."""
    found = await session.scalars(select(QueueExit).where(QueueExit.queue_id == queue_id).order_by(QueueExit.occasion))
    return [Exit(Occasion(one.occasion), ExitAction(one.action), one.target_queue_id, one.message) for one in found]


async def put(session: WriteSession, queue_id: UUID, new: Exit, by: UUID | None, now: datetime) -> None:
    """Says where calls go on an occasion, from the next call on. Raises NotFoundError and UnusableValueError."""
    await queue_settings.get(session, queue_id)
    if (new.action is ExitAction.QUEUE) != (new.target_queue_id is not None):
        raise UnusableValueError("Calls that go to another queue need that queue, and only those do.")
    if new.target_queue_id == queue_id:
        raise UnusableValueError("A queue cannot overflow into itself.")
    if new.target_queue_id is not None:
        await queue_settings.get(session, new.target_queue_id)
    if new.message is not None and not is_sound(new.message):
        raise UnusableValueError("A message is the name of a sound, such as vm-nobodyavail: letters, digits, - and /.")
    values = {"action": new.action.value, "target_queue_id": new.target_queue_id, "message": new.message}
    await session.execute(
        insert(QueueExit)
        .values(queue_id=queue_id, occasion=new.occasion.value, **values)
        .on_conflict_do_update(index_elements=["queue_id", "occasion"], set_=values)
    )
    facts = {name: str(value) for name, value in values.items() if value is not None}
    await audit.note(session, by, "queue.exit_set", str(queue_id), {"occasion": new.occasion.value, **facts}, now)
    publish(session, Notice(NoticeKind.QUEUE_CHANGED, None, queue_id))


async def remove(session: WriteSession, queue_id: UUID, occasion: Occasion, by: UUID | None, now: datetime) -> None:
    """Forgets what was to happen on an occasion. Raises NotFoundError when nothing was."""
    await queue_settings.get(session, queue_id)
    gone = await session.scalar(
        delete(QueueExit)
        .where(QueueExit.queue_id == queue_id, QueueExit.occasion == occasion.value)
        .returning(QueueExit.occasion)
    )
    if gone is None:
        raise NotFoundError("Nothing has been set for that occasion.")
    await audit.note(session, by, "queue.exit_removed", str(queue_id), {"occasion": occasion.value}, now)
    publish(session, Notice(NoticeKind.QUEUE_CHANGED, None, queue_id))
