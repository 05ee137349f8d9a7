"""The figures, as they are printed and kept."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from bench.plan import GOAL_P95, MOST_FAILED, SLOWEST_HELD
from bench.tracks import CallTrack


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True)


class Waits(_Figures):
    """Caller's INVITE to agent's answer, in milliseconds."""

    p50: float
    p95: float
    p99: float
    longest: float


class Freed(_Figures):
    """Agent's BYE to that agent's next INVITE while callers wait, in milliseconds."""

    system: str
    samples: int
    """How often an agent became free while callers waited."""
    never: int
    """How often that agent was not rung again, though a caller was left."""
    mean: float
    p50: float
    p99: float
    longest: float


class Failures(_Figures):
    """Why calls failed; a call is counted once, under the first that fits."""

    unanswered: int
    """No agent answered within the caller's patience."""
    unreleased: int
    """The caller was still there after the agent had hung up."""
    unrecorded: int
    """No record (CDR) or no recording of the call was left, where the system writes one."""

    @property
    def total(self) -> int:
        """All failed calls."""
        return self.unanswered + self.unreleased + self.unrecorded


class Round(_Figures):
    """One rate on one system."""

    system: str
    rate: int
    calls: int
    rate_dialled: float
    """What sipp really made of the rate."""
    waits: Waits | None
    failures: Failures
    cpu_ms_a_call: dict[str, float]
    left_over: str | None
    """What was still there long after the round; None when all was over."""
    cores_used: float
    """Processors in use by everything that is listed, of those the machine has."""
    cores_of_others: float
    """Processors in use by what is not listed, meanwhile: what else ran on the machine, and this program."""

    @property
    def failed_share(self) -> float:
        """Failed calls, of all that were made."""
        return self.failures.total / self.calls

    @property
    def held(self) -> bool:
        """Whether the system held this rate."""
        fast = self.waits is not None and self.waits.p95 < SLOWEST_HELD * 1000
        return (
            self.left_over is None and self.failed_share < MOST_FAILED and fast and self.rate_dialled > 0.95 * self.rate
        )

    @property
    def meets_goal(self) -> bool:
        """Whether this round is as good as goal P2 asks at its rate."""
        return self.held and self.waits is not None and self.waits.p95 <= GOAL_P95


class Histories(_Figures):
    """What an ordinary answered call costs in Temporal, over a sample."""

    sample: int
    events: tuple[int, int]
    """Median and most."""
    workflow_tasks: tuple[int, int]


class Ladder(_Figures):
    """Goals P1 to P3: the crowd and the rising rates."""

    freed: list[Freed]
    rounds: list[Round]
    histories: Histories | None
    """Of calls that found an agent at once."""
    crowd_histories: Histories | None
    """Of calls that waited for one."""

    @property
    def top_rate(self) -> int:
        """The highest rate that was tried at all."""
        return max(item.rate for item in self.rounds)

    def at(self, system: str, rate: int) -> Round | None:
        """What a system did at a rate; None where that was not tried."""
        return next((item for item in self.rounds if (item.system, item.rate) == (system, rate)), None)

    def best(self, system: str) -> int:
        """The highest rate that a system held; 0 for none."""
        return max((item.rate for item in self.rounds if item.system == system and item.held), default=0)


class Spread(_Figures):
    """Some times, in milliseconds."""

    samples: int
    p50: float
    p95: float
    longest: float


class Answers(_Figures):
    """Goal P5: click on Answer to sound, over a number of calls."""

    to_customer: Spread
    to_agent: Spread
    both: Spread
    """The later of the two, call by call."""
    stun_asked: int
    """Requests that the STUN server heard and did not answer."""
    gathering_ms: float
    """How long a connection of that browser takes, at least, to know that all its candidates are there."""


class Desks(_Figures):
    """Goal P6: pages and live events, with many agents connected."""

    agents: int
    connected: int
    """Live lines that were still open at the end."""
    events: int
    """Live events that all of them received together."""
    calls: int
    """Calls that agents answered meanwhile."""
    seconds: float
    at_server: dict[str, Spread]
    """How long each page kept the portal busy, by its name."""
    at_client: dict[str, Spread]
    """The same pages, as a client waited for them."""
    on_screen: dict[str, Spread]
    """By what happened."""
    api_cores: float
    """Processors in use by the portal's process, on average."""


class Starts(_Figures):
    """Goal P6: how long each further start of `everline up` took until it was ready, in seconds."""

    seconds: list[float]


class Machine(_Figures):
    """On what it was measured."""

    processor: str
    cores: int
    memory_gb: float
    system: str
    load_at_start: float


class Report(_Figures):
    """Everything of one run; a part that was not asked for is None."""

    started_at: str
    machine: Machine
    versions: dict[str, str]
    method: list[str]
    cores_of_others: dict[str, float] = {}
    """Processors in use by programs that are none of ours, by the part that was measured meanwhile."""
    ladder: Ladder | None = None
    answers: Answers | None = None
    desks: Desks | None = None
    starts: Starts | None = None


def waits(tracks: Sequence[CallTrack]) -> Waits | None:
    """Percentiles (nearest rank) of the calls that an agent answered."""
    found = [track.wait * 1000 for track in tracks if track.wait is not None]
    if not found:
        return None
    return Waits(p50=rank(found, 0.50), p95=rank(found, 0.95), p99=rank(found, 0.99), longest=max(found))


def rank(found: Sequence[float], share: float) -> float:
    """The percentile of some figures by nearest rank; `share` is 0.5 for the median."""
    return sorted(found)[min(len(found) - 1, int(share * len(found)))]


def spread(found: Sequence[float]) -> Spread:
    """Percentiles (nearest rank) of some times in milliseconds; there must be one at least."""
    return Spread(samples=len(found), p50=rank(found, 0.50), p95=rank(found, 0.95), longest=max(found))
