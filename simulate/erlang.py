"""What queueing theory says of a queue with Poisson arrivals and exponential times.

Erlang C: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone
exchanges" (1917). Erlang A, with callers who lose patience: C. Palm, "Research on telephone traffic carried by full
availability groups" (1957); O. Garnett, A. Mandelbaum and M. Reiman, "Designing a call center with impatient
customers", Manufacturing & Service Operations Management 4 (2002), 208-227.
"""

import itertools
import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What a queue is offered: calls an hour, each with a mean talk of `aht` seconds, for so many agents.

    Callers hang up after a mean patience in seconds; None for callers who wait for ever. The service level counts the
    calls that an agent takes within `threshold` seconds.
    """

    calls_an_hour: float
    aht: float
    agents: int
    threshold: float
    patience: float | None = None

    @property
    def arrival_rate(self) -> float:
        """Calls a second."""
        return self.calls_an_hour / 3600

    @property
    def erlangs(self) -> float:
        """The offered load: how many agents would be busy on average if all calls were taken."""
        return self.arrival_rate * self.aht


@dataclass(frozen=True)
class Figures:
    """Shares between 0 and 1; `asa`, the mean wait of all calls, also of those who gave up, in seconds."""

    waiting: float
    """How many calls find no agent free."""
    asa: float
    service_level: float
    """How many of all calls are taken within the threshold."""
    abandoned: float = 0.0


def expected(load: Load) -> Figures:
    """The figures in the long run. Raises ValueError for a load that grows without end."""
    return _erlang_c(load) if load.patience is None else _erlang_a(load, load.patience)


def _erlang_c(load: Load) -> Figures:
    spare = load.agents - load.erlangs
    if spare <= 0:
        raise ValueError(f"{load.erlangs:.2f} erlangs are too much for {load.agents} agents who serve everybody.")
    last = load.erlangs**load.agents / math.factorial(load.agents) * load.agents / spare
    waiting = last / (sum(load.erlangs**busy / math.factorial(busy) for busy in range(load.agents)) + last)
    return Figures(
        waiting=waiting,
        asa=waiting * load.aht / spare,
        service_level=1 - waiting * math.exp(-spare * load.threshold / load.aht),
    )


_STEPS = 20_000
"""Of the integral over the wait; the error is far below what is printed."""


def _erlang_a(load: Load, patience: float) -> Figures:
    """By the states of the birth-and-death process: with k callers in line, n agents serve and k callers may leave.

    The wait of a caller who is patient without end has the density proportional to
    exp(-n t / aht + rate x patience x (1 - exp(-t / patience))) for t > 0 (Garnett et al., section 3 and appendix).
    """
    leaving, serving = 1 / patience, load.agents / load.aht
    # Weights of the states relative to "all agents busy, nobody in line".
    below = sum(
        math.exp(math.lgamma(load.agents + 1) - math.lgamma(busy + 1) - (load.agents - busy) * math.log(load.erlangs))
        for busy in range(load.agents)
    )
    weight, line, above = 1.0, [1.0], 1.0
    while weight > 1e-15 * above or len(line) < load.agents:
        weight *= load.arrival_rate / (serving + len(line) * leaving)
        line.append(weight)
        above += weight
    waiting = above / (above + below)
    in_line = sum(place * share for place, share in enumerate(line)) / (above + below)
    asa = in_line / load.arrival_rate  # Little's law.
    served_late = _taken_after(load, patience) * waiting
    abandoned = asa * leaving
    return Figures(waiting, asa, 1 - abandoned - served_late, abandoned)


def _taken_after(load: Load, patience: float) -> float:
    """Of those who wait at all: who is taken, but later than the threshold."""

    def density(time: float) -> float:
        drift = load.arrival_rate * patience * -math.expm1(-time / patience)
        return math.exp(drift - load.agents * time / load.aht)

    longest = 60 * max(patience, load.aht)
    # In small steps near 0, where nearly everything is.
    times = [longest * (place / _STEPS) ** 3 for place in range(_STEPS + 1)]
    whole = late = 0.0
    for begin, end in itertools.pairwise(times):
        middle = (begin + end) / 2
        part = density(middle) * (end - begin)
        whole += part
        if middle > load.threshold:
            late += part * math.exp(-middle / patience)
    return late / whole
