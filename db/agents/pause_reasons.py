"""Reasons to pause, as administrators give them to agents to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import AlreadyTakenError, NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.core.texts import checked_name, known
from db.models import PauseReason
from domain.agents.agent import NO_ANSWER
from domain.calls import ids
from domain.events.notice import NoticeKind

FIRST_REASONS = ("Break", "Lunch", "Meeting", "Training")
"""What a new centre begins with."""


@dataclass(frozen=True)
class PauseReasonRow:
    """A reason to pause."""

    id: UUID
    name: str


_SHOWN = (PauseReason.position, func.lower(PauseReason.name))
_PAUSE_REASONS = select(PauseReason.id, PauseReason.name).order_by(*_SHOWN)
REASONS = func.array(select(PauseReason.name).order_by(*_SHOWN).scalar_subquery(), type_=ARRAY(Text))
"""The names of all reasons to pause, in the order in which they are shown, as one value."""


async def listing(session: AnySession) -> Sequence[PauseReasonRow]:
    """All reasons to pause, in the order in which they are shown."""
    found = await session.execute(_PAUSE_REASONS)
    return [PauseReasonRow(*row) for row in found]


async def add(session: WriteSession, name: str, by: UUID | None, now: datetime) -> UUID:
    """Adds a reason at the end. Raises AlreadyTakenError or UnusableValueError."""
    plain = checked_name(name, "a reason")
    if plain.lower() == NO_ANSWER.lower():
        raise UnusableValueError(f"{NO_ANSWER} is the centre's own reason. Choose another name.")
    last = await session.scalar(select(func.coalesce(func.max(PauseReason.position), 0)))
    made: UUID | None = await session.scalar(
        insert(PauseReason)
        .values(id=ids.uuid7(), name=plain, position=(last or 0) + 1)
        .on_conflict_do_nothing()
        .returning(PauseReason.id),
    )
    if made is None:
        raise AlreadyTakenError(f"There is a reason {plain} already. Choose another name.")
    await audit.note(session, by, "pause_reason.added", str(made), {"name": plain}, now)
    publish(session, Notice(NoticeKind.CHOICES_CHANGED, None, None))
    return made


async def add_first_reasons(session: WriteSession, now: datetime) -> None:
    """Gives a new centre the reasons that most have."""
    for name in FIRST_REASONS if not await listing(session) else ():
        await add(session, name, None, now)


async def find(session: AnySession, name: str) -> UUID:
    """The reason of that name. Raises NotFoundError, which names the reasons there are."""
    there = await listing(session)
    for reason in there:
        if reason.name.lower() == name.lower():
            return reason.id
    raise NotFoundError(f"There is no reason {name}. {known('reasons', [reason.name for reason in there])}")


async def remove(session: WriteSession, reason_id: UUID, by: UUID | None, now: datetime) -> None:
    """Takes a reason away; agents who are paused for it stay paused. Raises NotFoundError."""
    name = await session.scalar(delete(PauseReason).where(PauseReason.id == reason_id).returning(PauseReason.name))
    if name is None:
        raise NotFoundError("There is no such reason.")
    await audit.note(session, by, "pause_reason.removed", str(reason_id), {"name": name}, now)
    publish(session, Notice(NoticeKind.CHOICES_CHANGED, None, None))
