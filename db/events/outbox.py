"""The event log, read in an order that misses nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Text, delete, func, literal_column, select, text

from db.core.engine import AnySession, ReadSession, WriteSession
from db.models import Event
from domain.events.notice import NoticeKind

HORIZON = literal_column("pg_current_snapshot()::text", Text)
"""The cursor of a statement's snapshot, as `Cursor.parse` reads it."""

_HORIZON = select(HORIZON)
# What is visible now, and was not in the reader's last snapshot. A transaction that stays open for long, wherever in
# the cluster, holds nothing back: what it writes is found when it commits.
_AFTER = text("""
    SELECT id, at, kind, user_id, queue_id, facts FROM events
    WHERE transaction >= CAST(:next AS xid8) OR transaction = ANY(CAST(:open AS xid8[]))
    ORDER BY id LIMIT :limit
""")
_TEXT = re.compile(r"([0-9]{1,19}):([0-9]{1,19}):((?:[0-9]{1,19}(?:,[0-9]{1,19})*)?)")


@dataclass(frozen=True)
class Cursor:
    """What a reader has seen: the transactions before `next`, but for those that were `open` then (pg_snapshot)."""

    oldest_open: int
    next: int
    open: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return f"{self.oldest_open}:{self.next}:{','.join(map(str, sorted(self.open)))}"

    @classmethod
    def parse(cls, value: str) -> "Cursor":
        """The cursor that `str()` or PostgreSQL wrote; ValueError for anything else."""
        found = _TEXT.fullmatch(value)
        if found is None:
            raise ValueError("not a cursor")
        oldest_open, following, still_open = found.groups()
        return cls(int(oldest_open), int(following), frozenset(map(int, filter(None, still_open.split(",")))))

    def has_seen(self, transaction: int) -> bool:
        """Whether the reader has seen what a transaction wrote."""
        return transaction < self.next and transaction not in self.open


@dataclass(frozen=True)
class StoredEvent:
    """An event as it stands in the log. `kind` is None for one that this version does not know."""

    at: datetime
    kind: NoticeKind | None
    user_id: UUID | None
    queue_id: UUID | None
    facts: dict[str, Any]


async def horizon(session: ReadSession) -> Cursor:
    """The cursor of somebody who sees what this session sees."""
    return Cursor.parse((await session.execute(_HORIZON)).scalar_one())


async def read_after(session: ReadSession, cursor: Cursor, limit: int) -> Sequence[StoredEvent]:
    """At most `limit` events that this session sees and the reader at `cursor` has not, in the order of their ids."""
    after = {"next": str(cursor.next), "open": [str(transaction) for transaction in cursor.open], "limit": limit}
    found = await session.execute(_AFTER, after)
    return [StoredEvent(at, _known(kind), *rest) for _, at, kind, *rest in found]


def _known(kind: str) -> NoticeKind | None:
    """While a release is rolled out, newer processes may write kinds of which older ones know nothing."""
    try:
        return NoticeKind(kind)
    except ValueError:
        return None


async def oldest(session: AnySession) -> int | None:
    """The transaction of the oldest event that is still in the log; what came before it may have been pruned."""
    found: str | None = await session.scalar(
        select(literal_column("transaction::text", Text)).select_from(Event).order_by(Event.transaction).limit(1)
    )
    return int(found) if found else None


async def prune(session: WriteSession, keep: timedelta) -> int:
    """Deletes events older than `keep`; returns how many."""
    found = await session.execute(delete(Event).where(Event.at < func.now() - keep).returning(Event.id))
    return len(found.all())
