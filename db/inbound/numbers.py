"""The numbers that callers dial, as administrators lead them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from db.audit import audit
from db.core.engine import WriteSession
from db.core.errors import NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.models import Menu, Number, Queue
from db.queues import queues
from db.trunks.lines import checked_dialled
from domain.routing.matching import HIGHEST_PRIORITY, LOWEST_PRIORITY

USUAL_PRIORITY = 50


@dataclass(frozen=True)
class Destination:
    """Where a number leads: to a queue or to a menu. Its calls have the priority, 99 the most urgent."""

    queue_id: UUID | None = None
    menu_id: UUID | None = None
    priority: int = USUAL_PRIORITY


async def add(session: WriteSession, number: str, to: Destination, by: UUID | None, now: datetime) -> str:
    """Leads a number somewhere. Returns the number as it is dialled.

    Raises AlreadyTakenError when it leads somewhere, NotFoundError and UnusableValueError.
    """
    plain = checked_dialled(number)
    leads_to = await _checked(session, to)
    await queues.add_number(session, plain, to.queue_id, menu_id=to.menu_id, priority=to.priority)
    await audit.note(session, by, "number.added", plain, {"leads_to": leads_to, "priority": to.priority}, now)
    publish(session, Notice("number.changed", None, to.queue_id))
    return plain


async def lead(session: WriteSession, number: str, to: Destination, by: UUID | None, now: datetime) -> str:
    """Leads a number elsewhere, from the next call on. Returns the number. Raises NotFoundError, UnusableValueError."""
    plain = checked_dialled(number)
    leads_to = await _checked(session, to)
    values = {"queue_id": to.queue_id, "menu_id": to.menu_id, "priority": to.priority}
    known = await session.scalar(update(Number).where(Number.number == plain).values(**values).returning(Number.number))
    if known is None:
        raise NotFoundError(f"The number {plain} leads nowhere.")
    await audit.note(session, by, "number.changed", plain, {"leads_to": leads_to, "priority": to.priority}, now)
    publish(session, Notice("number.changed", None, to.queue_id))
    return plain


async def remove(session: WriteSession, number: str, by: UUID | None, now: datetime) -> str:
    """Leads a number nowhere; calls that are there go on. Returns the number. Raises NotFoundError."""
    plain = checked_dialled(number)
    await queues.remove_number(session, plain)
    await audit.note(session, by, "number.removed", plain, {}, now)
    publish(session, Notice("number.changed"))
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
