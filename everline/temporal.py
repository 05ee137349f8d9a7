"""How our processes reach Temporal."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, GrpcCompression
from temporalio.service import TLSConfig

from everline.settings import PREFIX, Settings, SettingsError
from workflows.core.data_converter import encrypting
from workflows.core.payload_codec import HistoryKeys

log = structlog.get_logger(__name__)

_WAIT = 0.5
_THIS_MACHINE = ("127.", "localhost:", "[::1]:")


async def connect(settings: Settings, keys: HistoryKeys) -> Client:
    """A client of the settings' Temporal; waits for a server that is not there yet. Raises SettingsError.

    What it writes into histories is encrypted by the keys.
    """
    address, access = settings.temporal, access_of(settings)
    while True:
        try:
            return await Client.connect(
                address,
                namespace=settings.temporal_namespace,
                tls=access.tls,
                api_key=access.api_key,
                data_converter=encrypting(keys),
                grpc_compression=_compression(address),
            )
        except RuntimeError as error:
            log.warning("Temporal not reachable yet", address=address, error=str(error))
            await asyncio.sleep(_WAIT)


async def retention_of(client: Client) -> timedelta:
    """How long Temporal keeps the history of a workflow that has ended. Raises RPCError."""
    told = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    return told.config.workflow_execution_retention_ttl.ToTimedelta()


@dataclass(frozen=True)
class Access:
    """How a Temporal lets us in."""

    tls: TLSConfig | bool
    api_key: str | None = field(repr=False)


def access_of(settings: Settings) -> Access:
    """What the settings say about TLS and the key. Raises SettingsError for a file that cannot be read."""
    if settings.temporal_address is None or not settings.temporal_is_encrypted:
        return Access(tls=False, api_key=None)
    tls = TLSConfig(
        server_root_ca_cert=_content("TEMPORAL_CA", settings.temporal_ca),
        domain=settings.temporal_server_name,
        client_cert=_content("TEMPORAL_CERTIFICATE", settings.temporal_certificate),
        client_private_key=_content("TEMPORAL_KEY", settings.temporal_key),
    )
    return Access(tls, settings.temporal_api_key)


def _content(name: str, file: Path | None) -> bytes | None:
    if file is None:
        return None
    try:
        return file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{PREFIX}{name} names {file}, which cannot be read: {error.strerror}.") from None


def _compression(address: str) -> GrpcCompression:
    """Packing messages is the library's habit; on this machine it only costs both ends processor time."""
    return GrpcCompression.NONE if address.startswith(_THIS_MACHINE) else GrpcCompression.GZIP
