"""Rows of what is past that are older than they are to be kept: whole months where a table has partitions.

Everything here can be broken off and repeated. Files are no matter of the database: db.recordings.old_recordings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import text

from db.audit import audit
from db.core import old_partitions
from db.core.clock import now
from db.core.engine import AnySession, Database
from db.core.partitions import Partition
from domain.records.retention import Kept, Retention

log = structlog.get_logger(__name__)

_AT_ONCE = 5000
"""Rows that one transaction deletes: it lasts for some tenths of a second."""


@dataclass(frozen=True)
class _Table:
    """A table, the kind that it belongs to, its time, and which rows may go at all."""

    name: str
    kind: Kept
    column: str
    condition: str = "true"


_DIVIDED = (
    _Table("cdrs", Kept.RECORDS, "arrived_at"),
    _Table("queue_visits", Kept.RECORDS, "entered_at"),
    # The row of a file that is there stays, and with it its month.
    _Table(
        "recordings",
        Kept.RECORDS,
        "stored_at",
        "(status = 'removed' OR name IN (SELECT recording FROM voicemails))",
    ),
    _Table("agent_changes", Kept.AGENT_HISTORY, "at"),
)
_BY_ROWS = (
    _Table("participants", Kept.RECORDS, "arrived_at", "until IS NOT NULL"),
    _Table("call_quality", Kept.RECORDS, "reported_at"),
    _Table("callbacks", Kept.RECORDS, "asked_at", "closed_at IS NOT NULL"),
    _Table("audit_entries", Kept.AUDIT, "at"),
)


async def due(session: AnySession, retention: Retention, moment: datetime) -> Mapping[str, int]:
    """How many rows of each table would go now."""
    counts = {}
    for table in (*_DIVIDED, *_BY_ROWS):
        before = retention.of_rows(table.kind, moment)
        if before is not None:
            counts[table.name] = await _count(session, table, before)
    return {name: count for name, count in counts.items() if count}


async def remove(database: Database, retention: Retention, moment: datetime) -> Mapping[str, int]:
    """Removes what is old. Returns how many rows of each table went."""
    removed = {}
    for table in (*_DIVIDED, *_BY_ROWS):
        before = retention.of_rows(table.kind, moment)
        if before is None:
            continue
        count = await _drop_months(database, table, before) if table in _DIVIDED else 0
        count += await _delete(database, table, before)
        if count:
            removed[table.name] = count
    if removed:
        async with database.write() as session:
            await audit.note(session, None, "retention.removed", "rows", removed, now())
        log.info("what is past was removed", **removed)
    return removed


async def _drop_months(database: Database, table: _Table, before: datetime) -> int:
    async with database.read() as session:
        partitions = await old_partitions.due(session, table.name, before)
    rows = 0
    for partition in partitions:
        async with database.read() as session:
            kept = await _kept(session, table, partition)
            count = await session.scalar(text(f"SELECT count(*) FROM {partition.name}"))  # noqa: S608 - a table of ours
        if kept:
            log.warning("rows of files that are there keep their month", partition=partition.name, rows=kept)
            continue
        async with database.write() as session:
            await old_partitions.detach(session, partition)
        rows += count or 0
    await old_partitions.drop_detached(database, table.name)
    return rows


async def _kept(session: AnySession, table: _Table, partition: Partition) -> int:
    """How many rows of a partition may not go."""
    wanted = f"SELECT count(*) FROM {partition.name} WHERE NOT {table.condition}"  # noqa: S608 - made of constants
    return await session.scalar(text(wanted)) or 0


async def _count(session: AnySession, table: _Table, before: datetime) -> int:
    wanted = f"SELECT count(*) FROM {table.name} WHERE {table.column} < :before AND {table.condition}"  # noqa: S608
    return await session.scalar(text(wanted), {"before": before}) or 0


async def _delete(database: Database, table: _Table, before: datetime) -> int:
    """Deletes rows by portions: of tables without partitions, and from partitions that hold younger rows, too."""
    if table not in _DIVIDED:
        return await _delete_from(database, table.name, table, before)
    async with database.read() as session:
        partitions = await old_partitions.mixed(session, table.name, before)
    return sum([await _delete_from(database, partition.name, table, before) for partition in partitions])


async def _delete_from(database: Database, place: str, table: _Table, before: datetime) -> int:
    statement = text(f"""
        DELETE FROM {place} WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM {place} WHERE {table.column} < :before AND {table.condition} LIMIT :most))
        RETURNING 1
    """)  # noqa: S608 - made of constants
    rows = 0
    while True:
        async with database.write() as session:
            gone = len((await session.execute(statement, {"before": before, "most": _AT_ONCE})).all())
        rows += gone
        if gone < _AT_ONCE:
            return rows
