"""Means of what is correlated in time, with intervals that may be trusted."""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from simulate.callers import Wait
from simulate.erlang import Figures

_BATCHES = 30
_T = 2.045
"""The 97.5th percentile of Student's t with 29 degrees of freedom."""

_AT_ONCE = 1e-4
"""Seconds; a wait below it is none. The floor's clock counts whole microseconds."""


@dataclass(frozen=True)
class Interval:
    """A mean, and how far the truth may be from it with a probability of 95 %."""

    mean: float
    margin: float

    def holds(self, value: float) -> bool:
        """Whether the value is within."""
        return abs(self.mean - value) <= self.margin


@dataclass(frozen=True)
class Measured:
    """What was found in a number of calls."""

    calls: int
    waiting: Interval
    asa: Interval
    service_level: Interval
    abandoned: Interval

    def misses(self, figures: Figures) -> list[str]:
        """Which figures are outside their intervals."""
        return [name for name in _COLUMNS if not getattr(self, name).holds(getattr(figures, name))]


_COLUMNS: tuple[str, ...] = ("waiting", "asa", "service_level", "abandoned")


def _columns(wait: Wait, threshold: float) -> tuple[float, float, float, float]:
    """What one caller adds to each figure."""
    return (
        float(wait.seconds > _AT_ONCE),
        wait.seconds,
        float(wait.taken and wait.seconds <= threshold),
        float(not wait.taken),
    )


def _intervals(rows: Iterator[tuple[float, ...]], count: int) -> list[Interval]:
    """The mean of each column, by batch means: neighbours depend on each other, long batches hardly do (A. M. Law,
    "Simulation Modeling and Analysis", section 9.5.3).
    """
    size = count // _BATCHES
    if size == 0:
        raise ValueError(f"At least {_BATCHES} calls are needed for an interval.")
    means = [[0.0] * len(_COLUMNS) for _ in range(_BATCHES)]
    for batch in means:
        for row in itertools.islice(rows, size):
            for place, value in enumerate(row):
                batch[place] += value / size
    columns = zip(*means, strict=True)
    return [Interval(fmean(column), _T * stdev(column) / math.sqrt(_BATCHES)) for column in columns]


def measure(waits: Iterable[Wait], count: int, threshold: float) -> Measured:
    """The figures of the first `count` of these calls."""
    return Measured(count, *_intervals((_columns(wait, threshold) for wait in waits), count))


def joined(real: Sequence[Wait], same: Sequence[Wait], more: Measured, threshold: float) -> Measured:
    """The figures of the real floor, by way of an ideal one: what the two differ by for the same callers, added to the
    ideal's figures over many `more` callers (a control variate with coefficient 1).

    Where the real floor never loses a moment, this is as exact as the ideal one.
    """
    pairs = zip(real, same, strict=True)
    gaps = _intervals(
        (
            tuple(ours - ideal for ours, ideal in zip(_columns(a, threshold), _columns(b, threshold), strict=True))
            for a, b in pairs
        ),
        len(real),
    )
    far = (getattr(more, name) for name in _COLUMNS)
    sums = [
        Interval(gap.mean + one.mean, math.hypot(gap.margin, one.margin)) for gap, one in zip(gaps, far, strict=True)
    ]
    return Measured(len(real) + more.calls, *sums)


def alike(real: Wait, wanted: Wait) -> bool:
    """Whether a caller waited as long as wanted, as far as clocks can tell."""
    return real.taken is wanted.taken and abs(real.seconds - wanted.seconds) < _AT_ONCE
