"""Our own processes: the node, the worker and the portal."""

import asyncio
import os
import sys
from pathlib import Path

import everline
from everline.settings import PREFIX, Settings
from everline.stack.certificate import ensure_certificate, portal_certificate
from everline.stack.part import Launch, Part
from everline.stack.ports import LOOPBACK
from everline.stack.probes import answers_http

_WILDCARDS = {"0.0.0.0": LOOPBACK, "::": "::1"}


class Program(Part):
    """A process of `everline <name>`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def prepare(self) -> Launch:
        """Hand the settings over, and whatever else our libraries may look for in the environment."""
        # Our folder goes first, since other distributions install packages named like ours.
        ours = str(Path(everline.__file__).parents[1])
        paths = [ours, *filter(None, [os.environ.get("PYTHONPATH")])]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        environment = {**inherited, **self._settings.environment(), "PYTHONPATH": os.pathsep.join(paths)}
        return Launch((sys.executable, "-m", "everline", self.name), environment)


class Node(Program):
    """Connects this machine's Asterisk with the workflows of its calls."""

    name = "node"
    label = "Node"
    has_standby = True

    async def ready(self) -> bool:
        """Whether Asterisk is connected to it."""
        return await answers_http(LOOPBACK, self._settings.node_port, "/healthz")


class Worker(Program):
    """Runs the workflows that belong to no node."""

    name = "worker"
    label = "Worker"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._mark = settings.home / "run/worker.ready"

    async def prepare(self) -> Launch:
        """Take away the mark of an earlier run."""
        self._mark.unlink(missing_ok=True)
        return await super().prepare()

    async def ready(self) -> bool:
        """Whether it has set its mark, which it does once it polls for work."""
        return self._mark.exists()


class Api(Program):
    """The portal, the API and its live events."""

    name = "api"
    label = "Portal"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._host = _WILDCARDS.get(settings.host, settings.host)
        self.address = portal_address(settings)

    async def prepare(self) -> Launch:
        """Make the certificate first, where the portal is reached from other machines."""
        await asyncio.to_thread(ensure_certificate, self._settings)
        return await super().prepare()

    async def ready(self) -> bool:
        """Whether it answers."""
        tls = portal_certificate(self._settings) is not None
        return await answers_http(self._host, self._settings.portal_port, "/healthz", tls=tls)


def portal_address(settings: Settings) -> str:
    """Where a browser on this machine finds the portal."""
    host = _WILDCARDS.get(settings.host, settings.host)
    name = "localhost" if host == LOOPBACK else f"[{host}]" if ":" in host else host
    scheme = "http" if portal_certificate(settings) is None else "https"
    return f"{scheme}://{name}:{settings.portal_port}"
