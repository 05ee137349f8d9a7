"""Alembic's entry: one connection and one lock, so that two starts at once migrate once.

Each migration is a transaction of its own. One that changes large tables leaves it (`autocommit_block`), so that calls
go on meanwhile: indexes are made CONCURRENTLY, and constraints are added NOT VALID and validated afterwards.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, pool, text

from db.models import Base

_MIGRATION_LOCK = 0x45564D49
_LONGEST_WAIT = "10s"


_PARTITIONS = text("SELECT relname FROM pg_class WHERE relispartition")


def _knows(connection: Connection) -> Any:
    """What a comparison with the models looks at: no partitions, for those are made and dropped by the calendar."""
    partitions = set(connection.scalars(_PARTITIONS))
    return lambda name, kind, _parents: kind != "table" or name not in partitions


def _run() -> None:
    url = context.config.get_main_option("sqlalchemy.url")
    assert url is not None
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        # The connection's end lets the lock go.
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
        # Whoever waits for a table's lock holds up everybody behind: then rather no upgrade.
        connection.execute(text(f"SET lock_timeout = '{_LONGEST_WAIT}'"))
        knows = _knows(connection)
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            include_name=knows,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


_run()
