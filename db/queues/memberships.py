"""Which agents serve a queue, and how: set by administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.models import Queue, QueueMember, User
from db.queues import queue_settings
from db.routing import claims
from db.users import users
from domain.events.notice import NoticeKind
from domain.routing.matching import Match

HIGHEST_PENALTY = 100
HIGHEST_POSITION = 10_000


@dataclass(frozen=True)
class Membership:
    """How an agent serves a queue."""

    penalty: int = 0
    position: int = 0


@dataclass(frozen=True)
class Member:
    """An agent of a queue."""

    queue_id: UUID
    queue: str
    user_id: UUID
    name: str
    penalty: int
    position: int
    paused: bool


async def of_queue(session: AnySession, queue_id: UUID) -> Sequence[Member]:
    """The agents of a queue, in the order of the linear strategy."""
    wanted = _members().where(QueueMember.queue_id == queue_id).order_by(QueueMember.position, func.lower(User.name))
    return [Member(*row) for row in await session.execute(wanted)]


async def of_user(session: AnySession, user_id: UUID) -> Sequence[Member]:
    """The queues that an agent serves, by name."""
    wanted = _members().where(QueueMember.user_id == user_id).order_by(func.lower(Queue.name))
    return [Member(*row) for row in await session.execute(wanted)]


def _members() -> Select[UUID, str, UUID, str, int, int, bool]:
    return (
        select(
            QueueMember.queue_id,
            Queue.name,
            QueueMember.user_id,
            User.name,
            QueueMember.penalty,
            QueueMember.position,
            QueueMember.paused_at.is_not(None),
        )
        .join(Queue, Queue.id == QueueMember.queue_id)
        .join(User, User.id == QueueMember.user_id)
        .where(User.disabled_at.is_(None))
    )


async def put(  # noqa: PLR0913, PLR0917 - each is a different fact of the change
    session: WriteSession, queue_id: UUID, user_id: UUID, new: Membership, by: UUID | None, now: datetime
) -> list[Match]:
    """Lets an agent serve a queue, or changes how. Returns the calls that found an agent by it.

    Raises NotFoundError and UnusableValueError.
    """
    if not (0 <= new.penalty <= HIGHEST_PENALTY and 0 <= new.position <= HIGHEST_POSITION):
        raise UnusableValueError(
            f"A penalty is a whole number from 0 to {HIGHEST_PENALTY}, and a position from 0 to {HIGHEST_POSITION}."
        )
    await claims.lock(session)
    await queue_settings.get(session, queue_id)
    account = await users.get(session, user_id)
    added = await add(session, queue_id, user_id)
    await session.execute(
        update(QueueMember)
        .where(QueueMember.queue_id == queue_id, QueueMember.user_id == user_id)
        .values(penalty=new.penalty, position=new.position)
    )
    facts = {"user_id": str(user_id), "name": account.name, "penalty": new.penalty, "position": new.position}
    action = "queue.member_added" if added else "queue.member_changed"
    await audit.note(session, by, action, str(queue_id), facts, now)
    if not added:
        publish(session, Notice(NoticeKind.MEMBERSHIP_CHANGED, user_id, queue_id))
    return await claims.match(session, [queue_id], now)


async def remove(session: WriteSession, queue_id: UUID, user_id: UUID, by: UUID | None, now: datetime) -> None:
    """Gives an agent no more of the queue's calls; a call in progress goes on. Raises NotFoundError."""
    await queue_settings.get(session, queue_id)
    await claims.lock(session)
    if not await take_out(session, queue_id, user_id):
        raise NotFoundError("This agent does not serve the queue.")
    await audit.note(session, by, "queue.member_removed", str(queue_id), {"user_id": str(user_id)}, now)


async def add(session: WriteSession, queue_id: UUID, user_id: UUID) -> bool:
    """Lets the agent take calls of the queue. False when that was so already."""
    made = await session.scalar(
        insert(QueueMember)
        .values(queue_id=queue_id, user_id=user_id)
        .on_conflict_do_nothing()
        .returning(QueueMember.user_id),
    )
    if made is not None:
        publish(session, Notice(NoticeKind.MEMBERSHIP_CHANGED, user_id, queue_id))
    return made is not None


async def take_out(session: WriteSession, queue_id: UUID, user_id: UUID) -> bool:
    """Ends that. False when the agent did not serve the queue; a call in progress goes on."""
    gone = await session.scalar(
        delete(QueueMember)
        .where(QueueMember.queue_id == queue_id, QueueMember.user_id == user_id)
        .returning(QueueMember.user_id),
    )
    if gone is not None:
        publish(session, Notice(NoticeKind.MEMBERSHIP_CHANGED, user_id, queue_id))
    return gone is not None


async def leave_all(session: WriteSession, user_id: UUID) -> None:
    """Takes the agent out of every queue."""
    found = await session.scalars(select(QueueMember.queue_id).where(QueueMember.user_id == user_id))
    for queue_id in found.all():
        await take_out(session, queue_id, user_id)
