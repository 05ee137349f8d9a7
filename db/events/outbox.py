"""The event log, read in an order that misses nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Text, delete, func, literal_column, select, text

from db.core.engine import AnySession, ReadSession, WriteSession
from db.models import Event

HORIZON = literal_column("pg_snapshot_xmin(pg_current_snapshot())::text", Text)
"""What `horizon_of` reads the cursor from that belongs to a statement's snapshot."""

_HORIZON = select(HORIZON)
_AFTER = text("""
    SELECT transaction::text, id, at, kind, user_id, queue_id, facts FROM events
    WHERE (transaction, id) > (CAST(:after_transaction AS xid8), CAST(:after_event AS bigint))
        AND transaction < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY transaction, id LIMIT :limit
""")
_PENDING = text("""
    SELECT EXISTS (
        SELECT FROM events WHERE (transaction, id) > (CAST(:transaction AS xid8), :event)
            AND transaction >= pg_snapshot_xmin(pg_current_snapshot())
    )
""")


@dataclass(frozen=True, order=True)
class Cursor:
    """How far a reader has come."""

    transaction: int
    event: int

    def __str__(self) -> str:
        return f"{self.transaction}-{self.event}"

    @classmethod
    def parse(cls, value: str) -> "Cursor":
        """The cursor that `str()` wrote; ValueError for anything else."""
        transaction, _, event = value.partition("-")
        return cls(int(transaction), int(event))


@dataclass(frozen=True)
class StoredEvent:
    """An event as it stands in the log."""

    cursor: Cursor
    at: datetime
    kind: str
    user_id: UUID | None
    queue_id: UUID | None
    facts: dict[str, Any]


async def horizon(session: AnySession) -> Cursor:
    """The cursor of somebody who has seen all that has happened before this snapshot."""
    return horizon_of((await session.execute(_HORIZON)).scalar_one())


def horizon_of(oldest_open: str) -> Cursor:
    """The cursor of somebody who has seen all that the snapshot of HORIZON shows."""
    return Cursor(int(oldest_open) - 1, 1 << 62)


async def read_after(session: ReadSession, cursor: Cursor, limit: int = 500) -> Sequence[StoredEvent]:
    """The events after `cursor` that no open transaction can still slip in front of, oldest first."""
    after = {"after_transaction": str(cursor.transaction), "after_event": cursor.event, "limit": limit}
    found = await session.execute(_AFTER, after)
    return [StoredEvent(Cursor(int(transaction), event), *rest) for transaction, event, *rest in found]


async def is_pending(session: ReadSession, cursor: Cursor) -> bool:
    """Whether events after `cursor` exist that an open transaction still holds back."""
    found = await session.execute(
        _PENDING,
        {"transaction": str(cursor.transaction), "event": cursor.event},
    )
    return bool(found.scalar_one())


async def oldest(session: AnySession) -> Cursor | None:
    """The oldest event that is still in the log; what came before it may have been pruned."""
    found = await session.execute(
        select(literal_column("transaction::text", Text), Event.id).order_by(Event.transaction, Event.id).limit(1),
    )
    row = found.first()
    return Cursor(int(row[0]), row[1]) if row else None


async def prune(session: WriteSession, keep: timedelta) -> int:
    """Deletes events older than `keep`; returns how many."""
    found = await session.execute(delete(Event).where(Event.at < func.now() - keep).returning(Event.id))
    return len(found.all())
