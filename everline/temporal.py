"""How our processes reach Temporal."""

import asyncio

import structlog
from temporalio.client import Client

log = structlog.get_logger(__name__)

_WAIT = 0.5


async def connect(address: str, namespace: str) -> Client:
    """A client of the Temporal at `address`; waits for a server that is not there yet."""
    while True:
        try:
            return await Client.connect(address, namespace=namespace)
        except RuntimeError as error:
            log.warning("Temporal not reachable yet", address=address, error=str(error))
            await asyncio.sleep(_WAIT)
