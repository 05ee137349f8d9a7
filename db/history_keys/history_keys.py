"""The rows of the keys by which what Temporal keeps of calls is encrypted: one a day."""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.history_keys.key_wrapping import KEY_BYTES, Wrapping
from db.models import Call, HistoryKey
from domain.calls import ids

LONGEST_CALL = timedelta(days=14)
"""So much later no call needs what was written on a day; one that lives longer than this keeps its keys by itself."""


async def ensure(session: WriteSession, day: date, wrapping: Wrapping, now: datetime) -> None:
    """Makes a day's key if there is none. Of several processes at the same moment one makes it, and all use that."""
    if await session.scalar(select(HistoryKey.id).filter_by(day=day, wrapped_by=wrapping.name)) is not None:
        return
    key_id = ids.uuid7()
    made = insert(HistoryKey).values(
        id=key_id,
        day=day,
        wrapped_by=wrapping.name,
        wrapped=wrapping.wrap(key_id, os.urandom(KEY_BYTES)),
        made_at=now,
    )
    await session.execute(made.on_conflict_do_nothing(index_elements=[HistoryKey.day, HistoryKey.wrapped_by]))


async def usable(session: AnySession) -> Sequence[HistoryKey]:
    """The keys that are not destroyed, the oldest first."""
    found = await session.scalars(select(HistoryKey).where(HistoryKey.wrapped.is_not(None)).order_by(HistoryKey.day))
    return found.all()


async def get(session: AnySession, key_id: UUID) -> HistoryKey | None:
    """A key, which may be destroyed."""
    return await session.get(HistoryKey, key_id)


async def destroy_old(session: WriteSession, kept: timedelta, now: datetime) -> Sequence[date]:
    """Destroys the keys of days that nobody needs any more, for good. Returns those days.

    `kept` is how long Temporal keeps the history of a call that has ended.
    """
    last_day = (now - kept - LONGEST_CALL).astimezone(UTC).date() - timedelta(days=1)
    oldest_call = await session.scalar(select(func.min(Call.arrived_at)))
    if oldest_call is not None:
        last_day = min(last_day, oldest_call.astimezone(UTC).date() - timedelta(days=1))
    destroyed = await session.scalars(
        update(HistoryKey)
        .where(HistoryKey.day <= last_day, HistoryKey.wrapped.is_not(None))
        .values(wrapped=None, destroyed_at=now)
        .returning(HistoryKey.day)
        .execution_options(synchronize_session=False)
    )
    days = sorted(set(destroyed))
    if days:
        await audit.note(session, None, "history_keys.destroyed", str(days[-1]), {"days": len(days)}, now)
    return days
