"""Temporal's development server on a file, and the check of a Temporal that the settings name."""

import asyncio
import json
import shutil
import sysconfig
from pathlib import Path

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from everline.settings import Settings
from everline.stack.errors import MissingProgram, Unreachable
from everline.stack.part import Launch, Part
from everline.stack.ports import LOOPBACK
from everline.temporal import Access, access_of

_CHECK_SECONDS = 5.0
_OPEN = Access(tls=False, api_key=None)
_WANTS_OURS = "it ends the connection; if it wants a certificate of ours, set EVERLINE_TEMPORAL_CERTIFICATE and …_KEY"
_TLS_PROBLEMS = {
    "UnknownIssuer": "its certificate is signed by nobody we know; name its authority in EVERLINE_TEMPORAL_CA",
    "NotValidForName": "its certificate is for another name; set EVERLINE_TEMPORAL_SERVER_NAME to that one",
    "Expired": "its certificate has expired",
    "CertificateRequired": _WANTS_OURS,
    "close_notify": _WANTS_OURS,
    # By TLS 1.3 a server refuses us after the handshake, and its reason may be lost with the connection.
    "ConnectionReset": _WANTS_OURS,
    "BrokenPipe": _WANTS_OURS,
}
# The default journal makes each step wait for the disk twice; with these a crash of the machine, not of a process,
# can cost the last moments.
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL")


class TemporalServer(Part):
    """The server of the `temporal` program; one file holds every workflow."""

    name = "temporal"
    label = "Temporal"

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.home / "temporal"
        self._port = settings.temporal_port
        self._namespace = settings.temporal_namespace
        self.address = f"{LOOPBACK}:{self._port}"

    async def prepare(self) -> Launch:
        """Make its folder."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = [_program(), "server", "start-dev", "--ip", LOOPBACK, "--port", str(self._port), "--headless"]
        command += ["--db-filename", str(self._folder / "temporal.db"), "--namespace", self._namespace]
        command += ["--log-level", "warn", "--log-format", "json"]
        for pragma in _PRAGMAS:
            command += ["--sqlite-pragma", pragma]
        environment = {
            # Its command-line tool would otherwise read the settings of the account that starts us.
            "TEMPORAL_CONFIG_FILE": str(self._folder / "no-such-file"),
            # It makes much garbage from a small heap: collecting it less often saves processor time for some memory.
            "GOGC": "400",
        }
        return Launch(tuple(command), environment=environment, reaches=(Path(command[0]), self._folder))

    async def ready(self) -> bool:
        """Whether it serves our namespace."""
        return await _problem(self.address, self._namespace, _OPEN) is None


async def check_temporal(settings: Settings) -> None:
    """Raises Unreachable when the Temporal of the settings does not serve our namespace."""
    address = settings.temporal
    problem = await _problem(address, settings.temporal_namespace, access_of(settings))
    if problem is not None:
        raise Unreachable(f"Temporal at {address} (EVERLINE_TEMPORAL_ADDRESS) is of no use: {problem}.")


async def _problem(address: str, namespace: str, access: Access) -> str | None:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            client = await Client.connect(address, namespace=namespace, tls=access.tls, api_key=access.api_key)
            await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return f"it has no namespace {json.dumps(namespace)}"
        return error.message
    except (RuntimeError, OSError, TimeoutError, ValueError) as error:
        return _in_words(str(error), access)
    return None


def _in_words(error: str, access: Access) -> str:
    """Why no connection came about. The library tells causes in its own words only."""
    if access.tls is False:
        return "it does not answer; if it wants TLS, set EVERLINE_TEMPORAL_TLS=1"
    for sign, words in _TLS_PROBLEMS.items():
        if sign in error:
            return words
    return "it does not answer, or not by TLS"


def _program() -> str:
    beside_python = Path(sysconfig.get_path("scripts")) / "temporal"
    program = str(beside_python) if beside_python.exists() else shutil.which("temporal")
    if program is None:
        raise MissingProgram("The program `temporal` is missing. Run `make run`, which installs it.")
    return program
