"""Repeats what Temporal or the network could not take just now."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from temporalio.service import RPCError, RPCStatusCode

log = structlog.get_logger(__name__)

_FIRST_WAIT = 0.1
_LONGEST_WAIT = 2.0
_PASSING = frozenset(
    {
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.UNKNOWN,
        RPCStatusCode.INTERNAL,
        RPCStatusCode.ABORTED,
    },
)


async def retried(job: Callable[[], Awaitable[object]], **facts: str) -> None:
    """Runs `job` until it succeeds or fails for good. Waits grow from 0.1 s to 2 s."""
    wait = _FIRST_WAIT
    while True:
        try:
            await job()
        except RPCError as error:
            if error.status not in _PASSING:
                raise
            log.warning("Temporal did not take it, trying again", wait=wait, error=str(error), **facts)
        else:
            return
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)
