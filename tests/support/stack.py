"""Settings for a stack of a test's own: free ports, a home that goes away."""

import asyncio
import os
import random
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from everline.settings import Settings
from everline.stack import Stack

# Below the ports that the kernel hands out by itself, which could be gone between the check and the use; and each of
# the processes that share a test run looks in a part of its own.
_PORTS = range(12_000, 32_000)
_PROCESSES = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_SHARE = len(_PORTS) // _PROCESSES
_RANGE = range(_PORTS.start + _PROCESS * _SHARE, _PORTS.start + (_PROCESS + 1) * _SHARE)
_RTP_PORTS = 400
_NAMES = (
    "portal_port",
    "sip_port",
    "sip_tls_port",
    "demo_port",
    "asterisk_http_port",
    "node_port",
    "temporal_port",
    "postgres_port",
)


def free_ports(count: int, id_in: range = _RANGE) -> list[int]:
    """That many ports in a row that nothing uses now, neither over TCP nor over UDP."""
    for _ in range(200):
        first = random.randrange(id_in.start, id_in.stop - count)
        ports = list(range(first, first + count))
        if all(_is_free(port) for port in ports):
            return ports
    raise RuntimeError(f"no {count} free ports in a row")


def stack_settings(home: Path, **changes: object) -> Settings:
    """Settings on free ports; which Asterisk there is comes from the environment, as it does for `everline up`."""
    ports = free_ports(len(_NAMES) + _RTP_PORTS)
    rtp = ports[len(_NAMES) :]
    values: dict[str, object] = dict(zip(_NAMES, ports, strict=False))
    values |= {"home": home, "rtp_start": rtp[0], "rtp_end": rtp[-1], "database_url": None, "temporal_address": None}
    return Settings.model_validate({**Settings().model_dump(), **values, **changes})


@contextmanager
def temporary_home() -> Iterator[Path]:
    """A folder with a short path, which Asterisk's control socket needs."""
    home = Path(tempfile.mkdtemp(prefix="everline-"))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def until(fact: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for a fact. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not fact():  # noqa: ASYNC110  # No event tells a test what another process did.
            await asyncio.sleep(0.02)


def runs(pid: int) -> bool:
    """Whether a process lives; a dead one that nobody has asked about yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def kill(stack: Stack, part: str) -> int:
    """kill -9 of a part. Returns the process id it had."""
    pid = stack.process(part)
    os.kill(pid, signal.SIGKILL)
    return pid


async def killed_and_back(stack: Stack, part: str) -> None:
    """kill -9 of a part, and wait until it is ready again."""
    await stack.until_ready(part, other_than=kill(stack, part))


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("0.0.0.0", port))
            except OSError:
                return False
    return True
