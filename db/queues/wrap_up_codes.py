"""Wrap-up codes: the outcomes that agents give calls, of one queue or of all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import AlreadyTakenError, NotAllowedNowError, NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.core.texts import checked_name, known
from db.models import Queue, WrapUpCode
from domain.calls import ids
from domain.events.notice import NoticeKind


@dataclass(frozen=True)
class WrapUpCodeRow:
    """An outcome that agents give a call; of one queue, or of all when it names none."""

    id: UUID
    name: str
    key: str | None
    queue_id: UUID | None


async def of_queues(session: AnySession, queue_ids: Collection[UUID]) -> Sequence[WrapUpCodeRow]:
    """The codes of these queues, and those of all queues, in the order in which they are shown."""
    found = await session.execute(
        select(WrapUpCode.id, WrapUpCode.name, WrapUpCode.key, WrapUpCode.queue_id)
        .where(or_(WrapUpCode.queue_id.is_(None), WrapUpCode.queue_id.in_(queue_ids)))
        .order_by(WrapUpCode.position, func.lower(WrapUpCode.name)),
    )
    return [WrapUpCodeRow(*row) for row in found]


async def listing(session: AnySession) -> Sequence[WrapUpCodeRow]:
    """Every code."""
    found = await session.execute(
        select(WrapUpCode.id, WrapUpCode.name, WrapUpCode.key, WrapUpCode.queue_id).order_by(
            WrapUpCode.position, func.lower(WrapUpCode.name)
        ),
    )
    return [WrapUpCodeRow(*row) for row in found]


@dataclass(frozen=True)
class NewCode:
    """A wrap-up code to be made. `key` is the digit that gives it."""

    name: str
    key: str | None = None
    queue_id: UUID | None = None


async def add(session: WriteSession, new: NewCode, by: UUID | None, now: datetime) -> UUID:
    """Adds a code at the end. Raises AlreadyTakenError, NotFoundError or UnusableValueError."""
    plain = checked_name(new.name, "a wrap-up code")
    if new.key is not None and (len(new.key) != 1 or new.key not in "123456789"):
        raise UnusableValueError("The key of a wrap-up code is one digit from 1 to 9.")
    if new.queue_id is not None and await session.get(Queue, new.queue_id) is None:
        raise NotFoundError("There is no such queue.")
    for other in await _of_scope(session, new.queue_id):
        if new.key is not None and other.key == new.key:
            raise AlreadyTakenError(f"The key {new.key} gives {other.name} already. Choose another key.")
    last = await session.scalar(select(func.coalesce(func.max(WrapUpCode.position), 0)))
    made: UUID | None = await session.scalar(
        insert(WrapUpCode)
        .values(id=ids.uuid7(), name=plain, key=new.key, queue_id=new.queue_id, position=(last or 0) + 1)
        .on_conflict_do_nothing()
        .returning(WrapUpCode.id),
    )
    if made is None:
        raise AlreadyTakenError(f"There is a wrap-up code {plain} already. Choose another name.")
    facts = {"name": plain, "key": new.key, "queue_id": str(new.queue_id) if new.queue_id else None}
    await audit.note(session, by, "wrap_up_code.added", str(made), facts, now)
    publish(session, Notice(NoticeKind.CHOICES_CHANGED, None, new.queue_id))
    return made


async def find(session: AnySession, name: str, queue_id: UUID | None) -> UUID:
    """The code of that name, of a queue or of all. Raises NotFoundError, which names the codes there are."""
    there = await _of_scope(session, queue_id)
    for code in there:
        if code.name.lower() == name.lower():
            return code.id
    raise NotFoundError(f"There is no wrap-up code {name}. {known('codes', [code.name for code in there])}")


async def _of_scope(session: AnySession, queue_id: UUID | None) -> list[WrapUpCodeRow]:
    return [code for code in await listing(session) if code.queue_id == queue_id]


async def remove(session: WriteSession, code_id: UUID, by: UUID | None, now: datetime) -> None:
    """Takes a code away; calls that have it keep it.

    Raises NotFoundError, and NotAllowedNowError for the last one of a queue whose calls need a code.
    """
    gone = (
        await session.execute(
            delete(WrapUpCode).where(WrapUpCode.id == code_id).returning(WrapUpCode.name, WrapUpCode.queue_id)
        )
    ).first()
    if gone is None:
        raise NotFoundError("There is no such wrap-up code.")
    needed = select(Queue.id, Queue.name).where(Queue.wrap_up_code_required)
    if gone.queue_id is not None:
        needed = needed.where(Queue.id == gone.queue_id)
    for queue_id, queue in (await session.execute(needed)).all():
        if not await of_queues(session, [queue_id]):
            raise NotAllowedNowError(f"Calls of {queue} need a wrap-up code, and {gone.name} is the last. Add another.")
    await audit.note(session, by, "wrap_up_code.removed", str(code_id), {"name": gone.name}, now)
    publish(session, Notice(NoticeKind.CHOICES_CHANGED, None, gone.queue_id))
