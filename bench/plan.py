from dataclasses import dataclass

PATIENCE = 5.0
"""Seconds after which a caller whom no agent has answered counts as failed."""

TALK = 3.0
"""Seconds from the agent's answer to the agent's hang-up."""

GOAL_RATE = 20
"""The rate of goal P2, in calls a second."""
GOAL_P95 = 150.0
"""Milliseconds from the caller's INVITE to the agent's answer that goal P2 allows at that rate."""

MOST_FAILED = 0.001
SLOWEST_HELD = 1.0
"""A rate counts as held only while the 95th percentile is below this (seconds): a backlog that grows for as long as
the round lasts has no failed calls, but is not held."""


FREED_P50, FREED_P99 = 50.0, 150.0
"""Milliseconds from an agent's becoming free to that agent's INVITE that goal P1 allows while callers wait."""
FREED_RATIO = 5.0
"""How many times as fast as app_queue the mean must be by goal P1."""

SOUND_MS = 1000.0
"""Milliseconds from the click on Answer to sound both ways that goal P5 allows, STUN unreachable."""
PAGE_P95, SCREEN_MS = 50.0, 250.0
"""Milliseconds that goal P6 allows a page at the server, and from an event to the screen."""
START_SECONDS = 20.0
"""Seconds that goal P6 allows a second start."""


@dataclass(frozen=True)
class Crowd:
    """Goal P1's workload: more callers than agents, who wait until they are served."""

    agents: int
    calls: int
    rate: int
    """Calls a second; the crowd gathers at this rate."""

    @property
    def patience(self) -> float:
        """Seconds within which everybody should long have been served, also with seconds lost at each hand-over."""
        return self.calls / self.rate + self.calls / self.agents * 2 * TALK


@dataclass(frozen=True)
class Desks:
    """Goal P6's workload: agents at their pages, while calls come and go."""

    agents: int
    rate: int
    """Calls a second: twice what that many agents could talk with for three minutes each."""
    pages: int
    """How often each page is asked for."""
    changes: int
    """How often each thing is made to happen, for the time until a page shows it."""
    starts: int


@dataclass(frozen=True)
class Plan:
    """The workload: the same for every system under test, and never changed after looking at a result."""

    rates: tuple[int, ...]
    """Calls a second, one round each, rising. A system leaves after two rates in a row that it did not hold."""
    round_seconds: float
    goal_round_seconds: float
    """The length of the round at GOAL_RATE, long enough to tell 0.1 % from nothing."""
    agents: int
    crowd: Crowd
    answers: int
    """Goal P5: how many calls are answered in the browser."""
    desks: Desks

    def calls(self, rate: int) -> int:
        """How many calls a round makes."""
        return round(rate * (self.goal_round_seconds if rate == GOAL_RATE else self.round_seconds))


FULL = Plan(
    rates=(5, 10, 15, 20, 25, 30, 40, 60, 80, 100, 120),
    round_seconds=15,
    goal_round_seconds=60,
    agents=450,
    crowd=Crowd(agents=10, calls=200, rate=10),
    answers=30,
    desks=Desks(agents=200, rate=2, pages=200, changes=25, starts=3),
)
SHORT = Plan(
    rates=(5, 10),
    round_seconds=4,
    goal_round_seconds=4,
    agents=60,
    crowd=Crowd(agents=5, calls=20, rate=10),
    answers=5,
    desks=Desks(agents=30, rate=2, pages=30, changes=5, starts=1),
)
