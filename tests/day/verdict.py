"""Whether anything grew with the calls: the last quarter of a day beside its second one."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rich.table import Table

from tests.day.gauges import Reading

_COUNTED = 0.25
"""Of anything that is counted: a leak of one a call is four times as much."""
_BYTES = {"page: heap": 2_000.0, "asterisk: memory": 12_000.0}
"""Bytes a call."""
_PROGRAM_BYTES = 25_000.0
"""Bytes a call of a process of ours, whose allocator keeps what it once had."""
_OBJECTS = 0.5
_SHOWN_ONLY = ("postgres: memory", "temporal: memory", "postgres: threads", "postgres: files")
"""They store calls, and cache what they store."""


@dataclass(frozen=True)
class Growth:
    """One gauge over a day, as medians of its quarters."""

    gauge: str
    quarters: tuple[float, float, float, float]
    calls: int
    """Calls between the middle of the second quarter and the middle of the last."""

    @property
    def per_call(self) -> float:
        """How much it grew with each call, once everything was warm."""
        return (self.quarters[3] - self.quarters[1]) / self.calls

    @property
    def limit(self) -> float | None:
        """What it may grow with each call; None where growing is its work."""
        if self.gauge in _SHOWN_ONLY:
            return None
        if self.gauge == "page: objects":
            return _OBJECTS
        if self.gauge in _BYTES:
            return _BYTES[self.gauge]
        return _PROGRAM_BYTES if self.gauge.endswith(": memory") else _COUNTED

    @property
    def leaks(self) -> bool:
        """Whether it grew by more than chance."""
        return self.limit is not None and self.per_call > self.limit


def growths(readings: Sequence[Reading], calls: int) -> list[Growth]:
    """Every gauge's growth over a day of so many calls, read at equal distances; four readings are the least."""
    bounds = [round(quarter * len(readings) / 4) for quarter in range(5)]
    parts = [readings[start:end] for start, end in itertools.pairwise(bounds)]
    return [
        Growth(
            gauge,
            (
                median(reading[gauge] for reading in parts[0]),
                median(reading[gauge] for reading in parts[1]),
                median(reading[gauge] for reading in parts[2]),
                median(reading[gauge] for reading in parts[3]),
            ),
            calls // 2,
        )
        for gauge in readings[0]
    ]


def table(found: Sequence[Growth]) -> Table:
    """The figures for people; memory in kilobytes."""
    made = Table(title="Medians of each quarter of the day; memory in kB")
    for heading in ("gauge", "first", "second", "third", "last", "a call", "limit", ""):
        made.add_column(heading, justify="left" if heading in {"gauge", ""} else "right")
    for growth in found:
        unit = 1000 if growth.gauge.endswith((": memory", ": heap")) else 1
        made.add_row(
            growth.gauge,
            *(f"{value / unit:,.0f}" for value in growth.quarters),
            f"{growth.per_call / unit:+.2f}",
            "-" if growth.limit is None else f"{growth.limit / unit:.2f}",
            "LEAK" if growth.leaks else "",
        )
    return made
