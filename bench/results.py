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


class Machine(_Figures):
    """On what it was measured."""

    processor: str
    cores: int
    memory_gb: float
    system: str
    load_at_start: float


class Report(_Figures):
    """Everything of one run."""

    started_at: str
    machine: Machine
    versions: dict[str, str]
    method: list[str]
    rounds: list[Round]
    histories: Histories | None

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


def waits(tracks: Sequence[CallTrack]) -> Waits | None:
    """Percentiles (nearest rank) of the calls that an agent answered."""
    found = sorted(track.wait * 1000 for track in tracks if track.wait is not None)
    if not found:
        return None
    ranks = [found[min(len(found) - 1, int(share * len(found)))] for share in (0.50, 0.95, 0.99)]
    return Waits(p50=ranks[0], p95=ranks[1], p99=ranks[2], longest=found[-1])
