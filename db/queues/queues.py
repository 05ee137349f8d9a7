"""Queues, with the agents who serve them and the numbers that lead to them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import AlreadyTakenError, NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.core.texts import checked_name, known
from db.models import Number, Queue, QueueMember, RemovedQueue, User
from db.queues.queue_settings import SPANS
from domain.calls import ids
from domain.events.notice import NoticeKind

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
    publish(session, Notice(NoticeKind.QUEUE_ADDED, None, made))
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


async def removed(session: AnySession) -> frozenset[UUID]:
    """The ids of all queues that were removed."""
    return frozenset(await session.scalars(select(RemovedQueue.id)))


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


def checked(new: NewQueue) -> NewQueue:
    """The queue as it can be. Raises UnusableValueError for a name or times that cannot be meant."""
    ring, wrap_up = SPANS["ring_seconds"], SPANS["wrap_up_seconds"]
    if not ring.lowest <= new.ring_seconds <= ring.highest:
        raise UnusableValueError(
            f"An agent's phone rings for {ring.lowest} to {ring.highest} seconds before the next agent is tried."
        )
    if not wrap_up.lowest <= new.wrap_up_seconds <= wrap_up.highest:
        raise UnusableValueError(f"Wrap-up lasts {wrap_up.lowest} to {wrap_up.highest} seconds.")
    return replace(new, name=checked_name(new.name, "a queue", needs_letter=True))
