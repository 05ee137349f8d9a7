"""Connections and transactions. Readers and writers are different types: a query cannot change anything by chance."""

import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NewType

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from db.core.notices import write_published

ReadSession = NewType("ReadSession", AsyncSession)
WriteSession = NewType("WriteSession", AsyncSession)
AnySession = ReadSession | WriteSession


TODAY = """
    CAST(:now AT TIME ZONE coalesce(nullif(current_setting('everline.time_zone', true), ''), 'UTC') AS date)
"""
"""The day of `:now` in the centre's time zone, as a part of other statements."""


def driver_url(url: str) -> str:
    """`url` with the driver we use, whichever form the user wrote."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def plain_url(url: str) -> str:
    """`url` as libpq and psycopg want it."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql").render_as_string(hide_password=False)


_IDLE_SECONDS = 5.0
"""How long a transaction may stand still. A process that stops in one, or is cut off, would else stop all routing."""
_LIFE_SIGNS = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""How soon a PostgreSQL that is cut off is noticed: libpq's parameters, in seconds, the last one in milliseconds."""


def _options(lock_seconds: float, statement_seconds: float, time_zone: str, *, plan_once: bool) -> str:
    """PostgreSQL's settings of a connection; it looks for us as often as we look for it."""
    settings = {
        "plan_cache_mode": "force_generic_plan" if plan_once else "auto",
        "lock_timeout": f"{lock_seconds * 1000:.0f}",
        "statement_timeout": f"{statement_seconds * 1000:.0f}",
        "idle_in_transaction_session_timeout": f"{_IDLE_SECONDS * 1000:.0f}",
        "tcp_keepalives_idle": "10",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
        "everline.time_zone": time_zone,
    }
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


class Database:
    """A pool of connections to one PostgreSQL, which are opened anew when it has ended them."""

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        url: str,
        *,
        pool_size: int = 10,
        lock_seconds: float = 8.0,
        statement_seconds: float = 15.0,
        time_zone: str = "UTC",
        plan_once: bool = False,
    ) -> None:
        """`lock_seconds` is how long a statement waits for a lock, `statement_seconds` how long it may take at all.

        `plan_once` makes one plan of each prepared statement for whatever it is asked, until its tables change. That
        is for a process that does the same all day: planning took a fifth of PostgreSQL's time for a call. A list with
        filters needs the other kind.

        `time_zone` (IANA) is the centre's, in which `TODAY` is a day.
        """
        self.url = url
        self._engine = create_async_engine(
            driver_url(url),
            pool_size=pool_size,
            max_overflow=0,
            # The connection used last is taken first: it has its statements prepared, and the others of a rush rest.
            pool_use_lifo=True,
            connect_args={
                "prepare_threshold": 2,
                "connect_timeout": 5,
                "options": _options(lock_seconds, statement_seconds, time_zone, plan_once=plan_once),
                **_LIFE_SIGNS,
            },
            # What is asked of the database names customers, and errors go to the log.
            hide_parameters=True,
        )
        event.listen(self._engine.sync_engine, "checkout", _refuse_dead)
        event.listen(self._engine.sync_engine, "handle_error", _leave_values_out)
        self._readers = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._lookers = self._engine.execution_options(isolation_level="AUTOCOMMIT")

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

    @asynccontextmanager
    async def look(self) -> AsyncIterator[ReadSession]:
        """For one statement that reads: without a transaction, which would cost two more round trips."""
        async with AsyncSession(self._lookers, expire_on_commit=False) as session:
            yield ReadSession(session)

    @property
    def engine(self) -> AsyncEngine:
        """The pool itself, for measurements."""
        return self._engine

    async def close(self) -> None:
        """Closes every connection."""
        await self._engine.dispose()


def _leave_values_out(context: ExceptionContext) -> None:
    """Takes from an error what PostgreSQL tells after its first sentence, as a row that it refused with all its values.

    Where a value cannot be read as a number or a time, it is the first sentence that has the value.
    """
    raised = context.original_exception
    if not isinstance(raised, psycopg.Error) or raised.diag.message_primary is None:
        return
    words = type(raised).__name__ if isinstance(raised, psycopg.DataError) else raised.diag.message_primary
    raised.args = (words,)
    wrapped = context.sqlalchemy_exception
    if wrapped is not None:
        wrapped.args = (f"({type(raised).__module__}.{type(raised).__name__}) {words}", *wrapped.args[1:])


def _refuse_dead(connection: DBAPIConnection, *_: object) -> None:
    """Has the pool open its connections anew when PostgreSQL has closed this one.

    What PostgreSQL has closed can be read from, up to its end; that is told without the round trip that a question
    would cost at every use. It tells an idle connection hardly anything else, and then a new one does no harm.
    """
    news = select.poll()
    try:
        news.register(connection.driver_connection, select.POLLIN)
    except psycopg.OperationalError as closed:
        raise InvalidatePoolError from closed
    if news.poll(0):
        raise InvalidatePoolError
