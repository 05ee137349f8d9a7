"""Queues, the agents who serve them, and the numbers that lead to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import AlreadyTakenError, NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.models import Menu, Number, Queue, QueueMember, User
from db.users.users import known
from domain.calls import ids
from domain.routing.matching import HIGHEST_PRIORITY, LOWEST_PRIORITY

RING_SECONDS = 20
WRAP_UP_SECONDS = 10


@dataclass(frozen=True)
class NewQueue:
    """A queue to be made. Times are in seconds."""

    name: str
    ring_seconds: int = RING_SECONDS
    wrap_up_seconds: int = WRAP_UP_SECONDS
    recorded: bool = True


@dataclass(frozen=True)
class QueueSummary:
    """A queue with its agents' names and the numbers that lead to it."""

    queue_id: UUID
    name: str
    ring_seconds: int
    wrap_up_seconds: int
    recorded: bool
    members: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class DialledNumber:
    """A number that callers dial, and the queue or the menu it leads to."""

    number: str
    leads_to: str
    is_menu: bool
    priority: int
    queue_id: UUID | None
    menu_id: UUID | None


async def add(session: WriteSession, new: NewQueue, now: datetime, by: UUID | None = None) -> UUID:
    """Makes the queue. Raises AlreadyTakenError for a name in use."""
    made: UUID | None = await session.scalar(
        insert(Queue)
        .values(
            id=ids.uuid7(),
            name=new.name,
            ring_seconds=new.ring_seconds,
            wrap_up_seconds=new.wrap_up_seconds,
            recorded=new.recorded,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Queue.id),
    )
    if made is None:
        raise AlreadyTakenError(f"There is a queue named {new.name} already. Choose another name.")
    await audit.note(session, by, "queue.added", str(made), {"name": new.name}, now)
    publish(session, Notice("queue.added", None, made))
    return made


async def find(session: AnySession, name: str) -> UUID:
    """The queue of that name. Raises NotFoundError, which names the queues there are."""
    found = await session.scalar(select(Queue.id).where(func.lower(Queue.name) == name.lower()))
    if found is None:
        names = (await session.scalars(select(Queue.name).order_by(Queue.name))).all()
        raise NotFoundError(f"There is no queue {name}. {known('queues', names)}")
    return found


async def name_of(session: AnySession, queue_id: UUID) -> str:
    """The name of a queue. Raises NotFoundError."""
    found = await session.scalar(select(Queue.name).where(Queue.id == queue_id))
    if found is None:
        raise NotFoundError("There is no such queue.")
    return found


async def listing(session: AnySession) -> Sequence[QueueSummary]:
    """All queues, by name."""
    members = (
        select(func.array_agg(User.name))
        .join(QueueMember, QueueMember.user_id == User.id)
        .where(QueueMember.queue_id == Queue.id, User.disabled_at.is_(None))
        .scalar_subquery()
    )
    numbers = select(func.array_agg(Number.number)).where(Number.queue_id == Queue.id).scalar_subquery()
    found = await session.execute(
        select(
            Queue.id,
            Queue.name,
            Queue.ring_seconds,
            Queue.wrap_up_seconds,
            Queue.recorded,
            func.coalesce(members, []),
            func.coalesce(numbers, []),
        ).order_by(Queue.name),
    )
    return [
        QueueSummary(queue_id, name, ring, wrap_up, recorded, tuple(sorted(members_of)), tuple(sorted(numbers_of)))
        for queue_id, name, ring, wrap_up, recorded, members_of, numbers_of in found
    ]


async def add_member(session: WriteSession, queue_id: UUID, user_id: UUID) -> bool:
    """Lets the agent take calls of the queue. False when that was so already."""
    made = await session.scalar(
        insert(QueueMember)
        .values(queue_id=queue_id, user_id=user_id)
        .on_conflict_do_nothing()
        .returning(QueueMember.user_id),
    )
    if made is not None:
        publish(session, Notice("membership.changed", user_id, queue_id))
    return made is not None


async def remove_member(session: WriteSession, queue_id: UUID, user_id: UUID) -> bool:
    """Ends that. False when the agent did not serve the queue; a call in progress goes on."""
    gone = await session.scalar(
        delete(QueueMember)
        .where(QueueMember.queue_id == queue_id, QueueMember.user_id == user_id)
        .returning(QueueMember.user_id),
    )
    if gone is not None:
        publish(session, Notice("membership.changed", user_id, queue_id))
    return gone is not None


async def leave_all(session: WriteSession, user_id: UUID) -> None:
    """Takes the agent out of every queue."""
    found = await session.scalars(select(QueueMember.queue_id).where(QueueMember.user_id == user_id))
    for queue_id in found.all():
        await remove_member(session, queue_id, user_id)


async def add_number(
    session: WriteSession, number: str, queue_id: UUID | None, *, menu_id: UUID | None = None, priority: int = 50
) -> None:
    """Leads a dialled number to the queue, or to a menu. Its calls have the priority, 99 the most urgent.

    Raises AlreadyTakenError when it leads somewhere, and UnusableValueError.
    """
    if (queue_id is None) is (menu_id is None):
        raise UnusableValueError("A number leads to a queue or to a menu.")
    if not LOWEST_PRIORITY <= priority <= HIGHEST_PRIORITY:
        raise UnusableValueError(f"A priority is {LOWEST_PRIORITY} to {HIGHEST_PRIORITY}, the most urgent.")
    made = await session.scalar(
        insert(Number)
        .values(number=number, queue_id=queue_id, menu_id=menu_id, priority=priority)
        .on_conflict_do_nothing()
        .returning(Number.number),
    )
    if made is None:
        holder = await session.scalar(
            select(func.coalesce(Queue.name, Menu.name))
            .select_from(Number)
            .outerjoin(Queue, Queue.id == Number.queue_id)
            .outerjoin(Menu, Menu.id == Number.menu_id)
            .where(Number.number == number),
        )
        raise AlreadyTakenError(f"The number {number} leads to {holder} already.")


async def remove_number(session: WriteSession, number: str) -> None:
    """Leads a number nowhere; calls that are there go on. Raises NotFoundError."""
    gone = await session.scalar(delete(Number).where(Number.number == number).returning(Number.number))
    if gone is None:
        raise NotFoundError(f"The number {number} leads nowhere.")


async def numbers(session: AnySession) -> Sequence[DialledNumber]:
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
