"""What a node looks at again and again."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)


async def keep_looking(look: Callable[[], Awaitable[object]], every: float, failed: str) -> None:
    """Looks for ever, with so many seconds between two looks.

    A look fails while the database, Temporal or Asterisk is away. `failed` says so in the log; the next look finds the
    same.
    """
    while True:
        await asyncio.sleep(every)
        try:
            await look()
        except Exception:
            log.exception(failed)
