"""Connections and transactions. Readers and writers are different types: a query cannot change anything by chance."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NewType

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from db.notices import write_published

ReadSession = NewType("ReadSession", AsyncSession)
WriteSession = NewType("WriteSession", AsyncSession)
AnySession = ReadSession | WriteSession


def driver_url(url: str) -> str:
    """`url` with the driver we use, whichever form the user wrote."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def plain_url(url: str) -> str:
    """`url` as libpq and psycopg want it."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql").render_as_string(hide_password=False)


class Database:
    """A pool of connections to one PostgreSQL.

    With `check` a connection is tried before each use, so a database that restarted costs a round trip instead of an
    error. Without it, the first users after a restart fail: for those who retry anyway, as the steps of calls do.
    """

    def __init__(self, url: str, *, pool_size: int = 10, check: bool = True) -> None:
        self.url = url
        self._engine = create_async_engine(
            driver_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=check,
            connect_args={"prepare_threshold": 2, "connect_timeout": 5},
        )
        self._readers = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[WriteSession]:
        """One transaction: committed at the end with the notices published in it, rolled back by any exception."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
            yield WriteSession(session)
            await write_published(session)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadSession]:
        """A snapshot to read from; PostgreSQL refuses changes in it."""
        async with AsyncSession(self._readers, expire_on_commit=False) as session, session.begin():
            yield ReadSession(session)

    async def close(self) -> None:
        """Closes every connection."""
        await self._engine.dispose()
