"""The numbers that callers dial, as administrators lead them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import AlreadyTakenError, NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.core.texts import checked_number
from db.models import Menu, Number, Queue
from domain.events.notice import NoticeKind
from domain.routing.matching import HIGHEST_PRIORITY, LOWEST_PRIORITY, USUAL_PRIORITY


@dataclass(frozen=True)
class Destination:
    """Where a number leads: to a queue or to a menu. Its calls have the priority, 99 the most urgent."""

    queue_id: UUID | None = None
    menu_id: UUID | None = None
    priority: int = USUAL_PRIORITY


@dataclass(frozen=True)
class DialledNumber:
    """A number that callers dial, and the queue or the menu it leads to."""

    number: str
    leads_to: str
    is_menu: bool
    priority: int
    queue_id: UUID | None
    menu_id: UUID | None


async def add(session: WriteSession, number: str, to: Destination, by: UUID | None, now: datetime) -> str:
    """Leads a number somewhere. Returns the number as it is dialled.

    Raises AlreadyTakenError when it leads somewhere, NotFoundError and UnusableValueError.
    """
    plain = checked_number(number)
    leads_to = await _checked(session, to)
    await _insert(session, plain, to)
    await audit.note(session, by, "number.added", plain, {"leads_to": leads_to, "priority": to.priority}, now)
    publish(session, Notice(NoticeKind.NUMBER_CHANGED, None, to.queue_id))
    return plain


async def lead(session: WriteSession, number: str, to: Destination, by: UUID | None, now: datetime) -> str:
    """Leads a number elsewhere, from the next call on. Returns the number. Raises NotFoundError, UnusableValueError."""
    plain = checked_number(number)
    leads_to = await _checked(session, to)
    values = {"queue_id": to.queue_id, "menu_id": to.menu_id, "priority": to.priority}
    known = await session.scalar(update(Number).where(Number.number == plain).values(**values).returning(Number.number))
    if known is None:
        raise NotFoundError(f"The number {plain} leads nowhere.")
    await audit.note(session, by, "number.changed", plain, {"leads_to": leads_to, "priority": to.priority}, now)
    publish(session, Notice(NoticeKind.NUMBER_CHANGED, None, to.queue_id))
    return plain


async def remove(session: WriteSession, number: str, by: UUID | None, now: datetime) -> str:
    """Leads a number nowhere; calls that are there go on. Returns the number. Raises NotFoundError."""
    plain = checked_number(number)
    gone = await session.scalar(delete(Number).where(Number.number == plain).returning(Number.number))
    if gone is None:
        raise NotFoundError(f"The number {plain} leads nowhere.")
    await audit.note(session, by, "number.removed", plain, {}, now)
    publish(session, Notice(NoticeKind.NUMBER_CHANGED))
    return plain


async def _checked(session: WriteSession, to: Destination) -> str:
    if (to.queue_id is None) is (to.menu_id is None):
        raise UnusableValueError("A number leads to a queue or to a menu.")
    if not LOWEST_PRIORITY <= to.priority <= HIGHEST_PRIORITY:
        raise UnusableValueError(f"A priority is {LOWEST_PRIORITY} to {HIGHEST_PRIORITY}, the most urgent.")
    queue = select(Queue.name).where(Queue.id == to.queue_id).scalar_subquery()
    menu = select(Menu.name).where(Menu.id == to.menu_id).scalar_subquery()
    found: str | None = await session.scalar(select(func.coalesce(queue, menu)))
    if found is None:
        raise NotFoundError("There is no such queue." if to.queue_id is not None else "There is no such menu.")
    return found


async def _insert(session: WriteSession, number: str, to: Destination) -> None:
    made = await session.scalar(
        insert(Number)
        .values(number=number, queue_id=to.queue_id, menu_id=to.menu_id, priority=to.priority)
        .on_conflict_do_nothing()
        .returning(Number.number),
    )
    if made is not None:
        return
    holder = await session.scalar(
        select(func.coalesce(Queue.name, Menu.name))
        .select_from(Number)
        .outerjoin(Queue, Queue.id == Number.queue_id)
        .outerjoin(Menu, Menu.id == Number.menu_id)
        .where(Number.number == number),
    )
    raise AlreadyTakenError(f"The number {number} leads to {holder} already.")


async def listing(session: AnySession) -> Sequence[DialledNumber]:
    """All numbers that callers can dial, in order."""
    found = await session.execute(
        select(
            Number.number,
            func.coalesce(Queue.name, Menu.name),
            Number.menu_id.is_not(None),
            Number.priority,
            Number.queue_id,
            Number.menu_id,
        )
        .outerjoin(Queue, Queue.id == Number.queue_id)
        .outerjoin(Menu, Menu.id == Number.menu_id)
        .order_by(Number.number),
    )
    return [DialledNumber(*row) for row in found]
