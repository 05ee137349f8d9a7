"""A queue's rules, checked and changed while calls wait in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from db import audit, queues, routing
from db.engine import AnySession, WriteSession
from db.errors import NotFoundError, UnusableValueError
from db.models import Queue, QueueExit, QueueMember, QueueSkill, Schedule, Skill, User
from db.notices import Notice, publish
from db.texts import is_sound
from domain.exits import Exit, ExitAction, Occasion
from domain.queue import ServiceLevel, Strategy
from domain.routing import Match


@dataclass(frozen=True)
class Span:
    """What a number may be; `off` says that none at all turns the rule off."""

    lowest: int
    highest: int
    off: bool = False


SPANS: dict[str, Span] = {
    "ring_seconds": Span(5, 120),
    "wrap_up_seconds": Span(0, 3600),
    "weight": Span(0, 100),
    "no_answer_limit": Span(1, 100, off=True),
    "max_wait_seconds": Span(5, 86_400, off=True),
    "max_waiting": Span(0, 10_000, off=True),
    "aging_seconds": Span(1, 3600, off=True),
    "skill_widening_seconds": Span(1, 3600, off=True),
    "service_level_seconds": Span(1, 3600),
    "short_abandon_seconds": Span(0, 60),
    "announce_seconds": Span(15, 3600, off=True),
    "callback_attempts": Span(1, 10),
    "callback_busy_seconds": Span(10, 86_400),
    "callback_no_answer_seconds": Span(10, 86_400),
}
_FLAGS = frozenset({"recorded", "wrap_up_code_required", "announce_position", "announce_wait"})
_CHOICES: dict[str, frozenset[str]] = {
    "strategy": frozenset(Strategy),
    "service_level_formula": frozenset(ServiceLevel),
}
_KEYS = "0123456789*#"
SETTINGS = (*SPANS, *_CHOICES, *sorted(_FLAGS), "callback_key", "schedule_id")
"""The names of all rules that can be changed."""


async def get(session: AnySession, queue_id: UUID) -> dict[str, Any]:
    """Every rule of a queue by its name. Raises NotFoundError."""
    queue = await session.get(Queue, queue_id)
    if queue is None:
        raise NotFoundError("There is no such queue.")
    return {name: getattr(queue, name) for name in SETTINGS}


async def change(
    session: WriteSession, queue_id: UUID, changes: Mapping[str, Any], by: UUID | None, now: datetime
) -> list[Match]:
    """Changes the given rules and no others; None turns a rule off that can be. Returns the calls it served.

    Raises NotFoundError, and UnusableValueError for a value that cannot be meant.
    """
    for name, value in changes.items():
        _check(name, value)
    schedule_id = changes.get("schedule_id")
    if schedule_id is not None and await session.get(Schedule, schedule_id) is None:
        raise UnusableValueError("There are no such opening hours.")
    await get(session, queue_id)
    await routing.lock(session)
    if changes:
        await session.execute(update(Queue).where(Queue.id == queue_id).values(**changes))
    facts = {name: str(value) if isinstance(value, UUID) else value for name, value in changes.items()}
    await audit.note(session, by, "queue.changed", str(queue_id), facts, now)
    publish(session, Notice("queue.changed", None, queue_id))
    # A rule may have kept a call from its agent until now.
    return await routing.match(session, [queue_id], now)


def _check(name: str, value: object) -> None:
    if name in SPANS:
        _check_span(name, value, SPANS[name])
    elif name in _CHOICES:
        if value not in _CHOICES[name]:
            raise UnusableValueError(f"{name} is one of these: {', '.join(sorted(_CHOICES[name]))}.")
    elif name in _FLAGS:
        if not isinstance(value, bool):
            raise UnusableValueError(f"{name} is true or false.")
    elif name == "callback_key":
        if value is not None and (not isinstance(value, str) or len(value) != 1 or value not in _KEYS):
            raise UnusableValueError("callback_key is one key of a telephone, or none to offer no callbacks.")
    elif name != "schedule_id":
        raise UnusableValueError(f"{name} is no rule of a queue. The rules are {', '.join(SETTINGS)}.")


def _check_span(name: str, value: object, span: Span) -> None:
    if value is None and span.off:
        return
    # True is a number to Python, but not to whoever asks.
    if not isinstance(value, int) or isinstance(value, bool) or not span.lowest <= value <= span.highest:
        off = ", or none to turn it off" if span.off else ""
        raise UnusableValueError(f"{name} is a whole number from {span.lowest} to {span.highest}{off}.")


async def exits(session: AnySession, queue_id: UUID) -> list[Exit]:
    """Where calls go that the queue does not serve."""
    found = await session.scalars(select(QueueExit).where(QueueExit.queue_id == queue_id).order_by(QueueExit.occasion))
    return [Exit(Occasion(one.occasion), ExitAction(one.action), one.target_queue_id, one.message) for one in found]


async def set_exit(session: WriteSession, queue_id: UUID, new: Exit, by: UUID | None, now: datetime) -> None:
    """Says where calls go on an occasion. Raises NotFoundError and UnusableValueError."""
    await get(session, queue_id)
    if (new.action is ExitAction.QUEUE) != (new.target_queue_id is not None):
        raise UnusableValueError("Calls that go to another queue need that queue, and only those do.")
    if new.target_queue_id == queue_id:
        raise UnusableValueError("A queue cannot overflow into itself.")
    if new.target_queue_id is not None:
        await get(session, new.target_queue_id)
    if new.message is not None and not is_sound(new.message):
        raise UnusableValueError("A message is the name of a sound, such as vm-nobodyavail: letters, digits, - and /.")
    values = {"action": new.action.value, "target_queue_id": new.target_queue_id, "message": new.message}
    await session.execute(
        insert(QueueExit)
        .values(queue_id=queue_id, occasion=new.occasion.value, **values)
        .on_conflict_do_update(index_elements=["queue_id", "occasion"], set_=values)
    )
    facts = {"occasion": new.occasion.value, "action": new.action.value}
    await audit.note(session, by, "queue.exit_set", str(queue_id), facts, now)
    publish(session, Notice("queue.changed", None, queue_id))


async def remove_exit(
    session: WriteSession, queue_id: UUID, occasion: Occasion, by: UUID | None, now: datetime
) -> None:
    """Forgets what was to happen on an occasion."""
    await get(session, queue_id)
    await session.execute(delete(QueueExit).where(QueueExit.queue_id == queue_id, QueueExit.occasion == occasion.value))
    await audit.note(session, by, "queue.exit_removed", str(queue_id), {"occasion": occasion.value}, now)
    publish(session, Notice("queue.changed", None, queue_id))


@dataclass(frozen=True)
class Membership:
    """How an agent serves a queue."""

    penalty: int = 0
    position: int = 0


async def add_member(session: WriteSession, queue_id: UUID, user_id: UUID) -> bool:
    """Lets an agent take the queue's calls. False when that was so already. Raises NotFoundError."""
    await get(session, queue_id)
    known = await session.scalar(select(User.id).where(User.id == user_id, User.disabled_at.is_(None)))
    if known is None:
        raise NotFoundError("There is no such agent.")
    return await queues.add_member(session, queue_id, user_id)


async def remove_member(session: WriteSession, queue_id: UUID, user_id: UUID, by: UUID | None, now: datetime) -> None:
    """Gives an agent no more of the queue's calls. Raises NotFoundError."""
    if not await queues.remove_member(session, queue_id, user_id):
        raise NotFoundError("This agent does not serve the queue.")
    await audit.note(session, by, "queue.member_removed", str(queue_id), {"user_id": str(user_id)}, now)


async def set_membership(  # noqa: PLR0913, PLR0917 - each is a different fact of the change
    session: WriteSession, queue_id: UUID, user_id: UUID, new: Membership, by: UUID | None, now: datetime
) -> list[Match]:
    """Changes an agent's penalty and position in a queue. Raises NotFoundError and UnusableValueError."""
    if not (0 <= new.penalty <= 100 and 0 <= new.position <= 10_000):
        raise UnusableValueError("A penalty is 0 to 100, and a position 0 to 10000.")
    await routing.lock(session)
    found = await session.scalar(
        update(QueueMember)
        .where(QueueMember.queue_id == queue_id, QueueMember.user_id == user_id)
        .values(penalty=new.penalty, position=new.position)
        .returning(QueueMember.user_id)
    )
    if found is None:
        raise NotFoundError("This agent does not serve the queue.")
    facts = {"user_id": str(user_id), "penalty": new.penalty, "position": new.position}
    await audit.note(session, by, "queue.member_changed", str(queue_id), facts, now)
    publish(session, Notice("membership.changed", user_id, queue_id))
    return await routing.match(session, [queue_id], now)


async def set_skill(  # noqa: PLR0913, PLR0917 - each is a different fact of the change
    session: WriteSession, queue_id: UUID, skill_id: UUID, level: int, by: UUID | None, now: datetime
) -> list[Match]:
    """Says how well agents must know something for the queue's new calls; level 0 means that they need not."""
    if not 0 <= level <= 10:
        raise UnusableValueError("A level is 1 to 10, or 0 for none.")
    await get(session, queue_id)
    if await session.get(Skill, skill_id) is None:
        raise NotFoundError("There is no such skill.")
    if level:
        await session.execute(
            insert(QueueSkill)
            .values(queue_id=queue_id, skill_id=skill_id, level=level)
            .on_conflict_do_update(index_elements=["queue_id", "skill_id"], set_={"level": level})
        )
    else:
        await session.execute(
            delete(QueueSkill).where(QueueSkill.queue_id == queue_id, QueueSkill.skill_id == skill_id)
        )
    await audit.note(session, by, "queue.skill_set", str(queue_id), {"skill_id": str(skill_id), "level": level}, now)
    publish(session, Notice("queue.changed", None, queue_id))
    await routing.lock(session)
    return await routing.match(session, [queue_id], now)
