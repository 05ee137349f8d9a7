"""Finds and ends what an earlier run left behind, without ever touching a stranger that got the same process id."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import structlog

_POLITE_SECONDS = 5.0
_STEP = 0.02  # seconds between two looks at a process that is not our child

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Leftover:
    """A process that an earlier run noted."""

    pid: int
    born: str
    stop_signal: int

    def alive(self) -> bool:
        """Whether it still lives, and is no stranger with the same id."""
        return self.born != "" and _born(self.pid) == self.born


def remember(pid_file: Path, pid: int, stop_signal: signal.Signals) -> None:
    """Note a process with its time of birth, which tells it from a later one with the same id."""
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    pid_file.write_text(f"{pid} {_born(pid) or 'ended'} {stop_signal.value}\n")


def living(pid_file: Path) -> Leftover | None:
    """The process noted there, if it still lives."""
    left = _read(pid_file)
    return left if left is not None and left.alive() else None


async def end_leftovers(run: Path, spared: Collection[Path] = ()) -> None:
    """End every process noted in that folder that still lives, but those whose notes are spared."""
    async with asyncio.TaskGroup() as group:
        for left in _noted(run, spared):
            group.create_task(_end(left))


async def _end(left: Leftover) -> None:
    _log.warning("leftover_ended", pid=left.pid)
    for number in (left.stop_signal, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(left.pid, number)
            os.killpg(left.pid, signal.SIGCONT)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_POLITE_SECONDS):
                await _gone(left)
            return


async def _gone(left: Leftover) -> None:
    # Nothing tells us of the end of a process that is not our child.
    while left.alive():  # noqa: ASYNC110
        await asyncio.sleep(_STEP)


def _noted(run: Path, spared: Collection[Path]) -> list[Leftover]:
    """Those that still live; the notes themselves are used up."""
    found: list[Leftover] = []
    for pid_file in run.glob("*.pid"):
        if pid_file in spared:
            continue
        left = living(pid_file)
        if left is not None:
            found.append(left)
        pid_file.unlink(missing_ok=True)
    return found


def _read(pid_file: Path) -> Leftover | None:
    try:
        pid, born, number = pid_file.read_text().split()
        return Leftover(int(pid), born, int(number))
    except (OSError, ValueError):
        return None


def _born(pid: int) -> str:
    """Start time in clock ticks since boot with the boot's id; empty for a process that has ended."""
    try:
        state, *numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    # Field 22 of proc(5): what is left after the name starts with field 3, the state.
    return "" if state == "Z" else f"{numbers[18]}@{boot}"
