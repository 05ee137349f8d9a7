"""What is done to the centre's processes while calls go on: killed, or stopped for a while, at seeded moments."""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import psutil

from everline.stack import Stack

OURS = ("node", "worker", "api")
BELOW = ("temporal", "postgres")
EXCHANGE = "asterisk"
_LATEST = 9.0
"""Seconds after the first call of a round; by then the longest call is over."""
_LENGTHS = (2.0, 2.0, 2.0, 10.0)
"""Seconds of a stop. A longer one than the claims and time limits of a call comes now and then."""


class Harm(StrEnum):
    """What happens to a process."""

    KILL = "kill -9"
    STOP = "stop"


@dataclass(frozen=True)
class Fault:
    """One fault: `seconds` is how long a process is stopped; `at` counts from the start of the round."""

    part: str
    harm: Harm
    at: float
    seconds: float = 0.0

    def __str__(self) -> str:
        lasts = f" {self.seconds:g} s" if self.seconds else ""
        return f"{self.part} {self.harm}{lasts} at {self.at:.1f}"


def seeded(chance: random.Random, count: int) -> list[Fault]:
    """So many faults."""
    return [_seeded(chance) for _ in range(count)]


def _seeded(chance: random.Random) -> Fault:
    part = chance.choice((*OURS, "node", *BELOW, EXCHANGE))
    at = chance.uniform(0.0, _LATEST)
    if chance.random() < 0.5:
        return Fault(part, Harm.KILL, at)
    return Fault(part, Harm.STOP, at, 2.0 if part == EXCHANGE else chance.choice(_LENGTHS))


async def inflict(stack: Stack, faults: Sequence[Fault]) -> list[float]:
    """Let all faults happen, each at its time, and wait until every part is ready again.

    Returns when Asterisk was killed, in seconds since 1970: each time ended every call.
    """
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_inflict(stack, fault)) for fault in faults]
    for part in {fault.part for fault in faults}:
        await stack.until_ready(part)
    killed = zip(faults, [task.result() for task in tasks], strict=True)
    return [at for fault, at in killed if fault.part == EXCHANGE and at is not None]


async def _inflict(stack: Stack, fault: Fault) -> float | None:
    """Returns when the process was killed; None when it was not."""
    await asyncio.sleep(fault.at)
    try:
        pid = stack.process(fault.part)
    except LookupError:
        return None  # An earlier fault's victim has not come back yet.
    if fault.harm is Harm.KILL:
        at = time.time()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        await stack.until_ready(fault.part, other_than=pid)
        return at
    # PostgreSQL is many processes, which the first one started.
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return None
    _send(family, signal.SIGSTOP)
    try:
        await asyncio.sleep(fault.seconds)
    finally:
        _send(family, signal.SIGCONT)
    return None


def _send(family: Sequence[psutil.Process], number: signal.Signals) -> None:
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)
