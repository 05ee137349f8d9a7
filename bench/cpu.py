"""Which process used how much of the processors."""

from collections.abc import Mapping
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class CpuMeter:
    """Reads the time used so far by named process trees."""

    pids: Mapping[str, int]

    def read(self) -> dict[str, float]:
        """Seconds of processor time of each tree since it started."""
        return {name: _tree(pid) for name, pid in self.pids.items()}


def machine_busy() -> float:
    """Seconds that all processors together have been busy since the machine started."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq)


def _tree(pid: int) -> float:
    try:
        root = psutil.Process(pid)
        members = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    total = 0.0
    for member in members:
        try:
            times = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        # What dead children used is kept by their parent.
        total += times.user + times.system + times.children_user + times.children_system
    return total


def used(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Seconds used between two readings."""
    return {name: after[name] - before.get(name, 0.0) for name in after}
