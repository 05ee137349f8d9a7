"""Indexes of large tables, made while calls go on: whoever writes to the table never waits for them.

Every statement here is a transaction of its own, so the connection must be in autocommit (Alembic's
`autocommit_block`). What was broken off is done again when it is repeated.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

_BRIEF = 100
"""Milliseconds for which those who write may have to wait."""
_TRIES, _PAUSE = 300, 1.0
"""How often a lock is asked for, and how many seconds pass between: five minutes in all."""

_KIND = text("SELECT relkind::text FROM pg_class WHERE oid = to_regclass(:name)")
_IS_VALID = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")
_WITHOUT = text("""
    SELECT part.inhrelid::regclass::text FROM pg_inherits AS part
    WHERE part.inhparent = to_regclass(:table) AND NOT EXISTS (
        SELECT FROM pg_index JOIN pg_inherits AS attached ON attached.inhrelid = pg_index.indexrelid
        WHERE pg_index.indrelid = part.inhrelid AND attached.inhparent = to_regclass(:name))
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
    method: str = "btree"

    def of(self, partition: str) -> "OnlineIndex":
        """The same of a partition, under a name made of the partition's."""
        return replace(self, name=self.name.replace(self.table, partition, 1), table=partition)

    def statement(self, how: str = "", *, only: bool = False) -> str:
        """The statement that makes it."""
        unique = "UNIQUE " if self.unique else ""
        table = f"ONLY {self.table}" if only else self.table
        return f"CREATE {unique}INDEX {how} {self.name} ON {table} USING {self.method} ({self.on}) {self.rest}"


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
    """PostgreSQL makes no index of a partitioned table concurrently: those of its partitions are made, and then joined.

    It is valid as soon as each partition has its part. A partition that is made meanwhile comes with one.
    """
    for partition in _without(connection, index):
        _create(connection, index.of(partition))
    if connection.scalar(_KIND, {"name": index.name}) is None:
        _briefly(connection, index.statement(only=True))
    for partition in _without(connection, index):
        part = index.of(partition)
        _create(connection, part)
        _briefly(connection, f"ALTER INDEX {index.name} ATTACH PARTITION {part.name}")


def _briefly(connection: Connection, statement: str) -> None:
    """Does what takes no time but a lock for which everybody waits: it gives way at once, and tries again."""
    connection.execute(text(f"SET lock_timeout = '{_BRIEF}ms'"))
    try:
        for left in reversed(range(_TRIES)):
            try:
                connection.execute(text(statement))
            except OperationalError as error:
                if not isinstance(error.orig, LockNotAvailable) or not left:
                    raise
                time.sleep(_PAUSE)
            else:
                return
    finally:
        connection.execute(text("SET lock_timeout = 0"))


def _without(connection: Connection, index: OnlineIndex) -> Sequence[str]:
    found = connection.execute(_WITHOUT, {"table": index.table, "name": index.name})
    return [name for (name,) in found]
