"""How our processes reach Temporal."""

import asyncio

import structlog
from temporalio.client import Client, GrpcCompression

log = structlog.get_logger(__name__)

_WAIT = 0.5
_THIS_MACHINE = ("127.", "localhost:", "[::1]:")


async def connect(address: str, namespace: str) -> Client:
    """A client of the Temporal at `address`; waits for a server that is not there yet."""
    while True:
        try:
            return await Client.connect(address, namespace=namespace, grpc_compression=_compression(address))
        except RuntimeError as error:
            log.warning("Temporal not reachable yet", address=address, error=str(error))
            await asyncio.sleep(_WAIT)


def _compression(address: str) -> GrpcCompression:
    """Packing messages is the library's habit; on this machine it only costs both ends processor time."""
    return GrpcCompression.NONE if address.startswith(_THIS_MACHINE) else GrpcCompression.GZIP
