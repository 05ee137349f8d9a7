import platform
from importlib.metadata import version

from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.client import Client

from telephony.program import AsteriskProgram


async def versions(program: AsteriskProgram, client: Client) -> dict[str, str]:
    """The versions of what was measured."""
    system = await client.workflow_service.get_system_info(GetSystemInfoRequest())
    return {
        "Asterisk": ".".join(map(str, await program.version())),
        "Temporal": system.server_version,
        "temporalio": version("temporalio"),
        "Python": platform.python_version(),
    }
