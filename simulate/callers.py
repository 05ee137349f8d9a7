"""Callers by chance, and how long each would wait if nobody ever lost a moment."""

import heapq
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from simulate.erlang import Load


@dataclass(frozen=True)
class Caller:
    """Who calls when, talks for how long, and waits for how long at most; in seconds."""

    arrives: float
    talks: float
    patience: float


@dataclass(frozen=True)
class Wait:
    """How long a caller waited, and whether an agent took the call."""

    seconds: float
    taken: bool


def callers(load: Load, chance: Random) -> Iterator[Caller]:
    """Poisson arrivals, exponential talks and patience, without end."""
    arrives = 0.0
    while True:
        arrives += chance.expovariate(load.arrival_rate)
        patience = math.inf if load.patience is None else chance.expovariate(1 / load.patience)
        yield Caller(arrives, chance.expovariate(1 / load.aht), patience)


def ideal(agents: int, people: Iterable[Caller]) -> Iterator[Wait]:
    """The wait of each caller when the first in line is always taken the moment an agent is free.

    The recursion of J. Kiefer and J. Wolfowitz, "On the theory of queues with many servers" (1955).
    """
    free_at = [0.0] * agents
    for caller in people:
        wait = max(0.0, free_at[0] - caller.arrives)
        if wait > caller.patience:
            yield Wait(caller.patience, taken=False)
            continue
        heapq.heapreplace(free_at, caller.arrives + wait + caller.talks)
        yield Wait(wait, taken=True)
