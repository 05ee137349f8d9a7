"""Wakes on PostgreSQL's notices."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import structlog

from db.core.engine import plain_url

log = structlog.get_logger(__name__)

_RECONNECT = 1.0


async def listen(url: str, channel: str, *, every: float) -> AsyncIterator[str | None]:
    """Yields each notice's payload on `channel`, and None once connected and after `every` quiet seconds.

    A lost connection is taken up again; the None that follows tells the reader to look for what was missed.
    """
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(plain_url(url), autocommit=True)
            async with connection:
                await connection.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(channel)))
                yield None
                while True:
                    quiet = True
                    async for notice in connection.notifies(timeout=every, stop_after=1):
                        quiet = False
                        yield notice.payload
                    if quiet:
                        yield None
        except psycopg.OperationalError as error:
            log.warning("database connection lost, listening again", channel=channel, error=str(error))
            await asyncio.sleep(_RECONNECT)
