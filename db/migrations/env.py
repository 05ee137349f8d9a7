"""Alembic's entry: one connection, one transaction, one lock, so that two starts at once migrate once."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from db.models import Base

_MIGRATION_LOCK = 0x45564D49


def _run() -> None:
    url = context.config.get_main_option("sqlalchemy.url")
    assert url is not None
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            context.run_migrations()
    engine.dispose()


_run()
