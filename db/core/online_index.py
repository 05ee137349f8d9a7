"""Indexes of large tables, made while calls go on: whoever writes to the table never waits for them.

Every statement here is a transaction of its own, so the connection must be in autocommit (Alembic's
`autocommit_block`). What was broken off is done again when it is repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

_KIND = text("SELECT relkind::text FROM pg_class WHERE oid = to_regclass(:name)")
_IS_VALID = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")
_WITHOUT = text("""
    SELECT part.inhrelid::regclass::text FROM pg_inherits AS part
    WHERE part.inhparent = CAST(:table AS regclass) AND NOT EXISTS (
        SELECT FROM pg_index JOIN pg_inherits AS attached ON attached.inhrelid = pg_index.indexrelid
        WHERE pg_index.indrelid = part.inhrelid AND attached.inhparent = CAST(:name AS regclass))
    ORDER BY 1
""")


@dataclass(frozen=True)
class OnlineIndex:
    """An index as `CREATE INDEX` wants it: `on` are its columns or expressions, `rest` is INCLUDE and WHERE."""

    name: str
    table: str
    on: str
    rest: str = ""
    unique: bool = False

    def of(self, partition: str) -> "OnlineIndex":
        """The same of a partition, under a name made of the partition's."""
        return replace(self, name=self.name.replace(self.table, partition, 1), table=partition)

    def statement(self, how: str = "", *, only: bool = False) -> str:
        """The statement that makes it."""
        unique = "UNIQUE " if self.unique else ""
        return (
            f"CREATE {unique}INDEX {how} {self.name} ON {'ONLY ' if only else ''}{self.table} ({self.on}) {self.rest}"
        )


def create(connection: Connection, index: OnlineIndex) -> None:
    """Makes an index of a table, or of each partition of a partitioned one. One that is there already stays."""
    waits = connection.scalar(text("SHOW lock_timeout"))
    # It waits until those who write have ended, and nobody waits for it meanwhile.
    connection.execute(text("SET lock_timeout = 0"))
    try:
        if connection.scalar(_KIND, {"name": index.table}) == "p":
            _create_on_partitions(connection, index)
        else:
            _create(connection, index)
    finally:
        connection.execute(text(f"SET lock_timeout = '{waits}'"))


def _create(connection: Connection, index: OnlineIndex) -> None:
    is_valid = connection.scalar(_IS_VALID, {"name": index.name})
    if is_valid:
        return
    if is_valid is not None:
        # What was broken off leaves an index that costs every write and serves no query.
        connection.execute(text(f"DROP INDEX CONCURRENTLY {index.name}"))
    connection.execute(text(index.statement("CONCURRENTLY")))


def _create_on_partitions(connection: Connection, index: OnlineIndex) -> None:
    """PostgreSQL makes no index of a partitioned table concurrently: an empty one is made, and those of its partitions.

    It is valid as soon as each partition has its part. A partition that is made meanwhile comes with one.
    """
    if connection.scalar(_KIND, {"name": index.name}) is None:
        connection.execute(text(index.statement(only=True)))
    for partition in _without(connection, index):
        part = index.of(partition)
        _create(connection, part)
        connection.execute(text(f"ALTER INDEX {index.name} ATTACH PARTITION {part.name}"))


def _without(connection: Connection, index: OnlineIndex) -> Sequence[str]:
    found = connection.execute(_WITHOUT, {"table": index.table, "name": index.name})
    return [name for (name,) in found]
