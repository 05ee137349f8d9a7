"""Partitions that nobody wants any more: taken out of their table, then dropped.

Beside a default partition PostgreSQL detaches none concurrently. So a partition is taken out in a transaction of some
milliseconds, which waits for its lock for a second at most, and dropped in another one, for which nobody waits.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from db.core import partitions
from db.core.engine import AnySession, Database, WriteSession
from db.core.partitions import Partition

_LEFT = text("""
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND NOT relispartition AND pg_table_is_visible(oid)
        AND relname ~ ('^' || :table || '_(before|[0-9]{4}_[0-9]{2})$')
    ORDER BY relname
""")


async def due(session: AnySession, table: str, before: datetime) -> Sequence[Partition]:
    """The partitions of which every row is from before a moment."""
    return [partition for partition in await partitions.listing(session, table) if partition.ends <= before]


async def mixed(session: AnySession, table: str, before: datetime) -> Sequence[Partition]:
    """Those that begin before a moment and end after it: only what a table held when it was divided, as a rule."""
    found = await partitions.listing(session, table)
    return [one for one in found if (one.begins is None or one.begins < before) and before < one.ends]


async def detach(session: WriteSession, partition: Partition) -> None:
    """Takes a partition out of its table. It is dropped by `drop_detached`."""
    await partitions.lock(session)
    await session.execute(text(f"ALTER TABLE {partition.table} DETACH PARTITION {partition.name}"))


async def drop_detached(database: Database, table: str) -> Sequence[str]:
    """Drops what was taken out, now or by a round that was broken off. Returns the names."""
    async with database.read() as session:
        names = (await session.scalars(_LEFT, {"table": table})).all()
    for name in names:
        async with database.write() as session:
            await partitions.lock(session)
            await session.execute(text(f"DROP TABLE IF EXISTS {name}"))
    return names
