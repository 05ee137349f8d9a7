from collections.abc import Sequence

import pytest

from bench.results import Answers, Desks, Failures, Freed, Ladder, Machine, Report, Round, Spread, Starts, Waits
from bench.table import goals

EMPTY = Report(
    started_at="now",
    machine=Machine(processor="x", cores=2, memory_gb=4, system="Linux", load_at_start=0),
    versions={},
    method=[],
)


def report(*rounds: Round, freed: Sequence[Freed] = ()) -> Report:
    ladder = Ladder(freed=list(freed), rounds=list(rounds), histories=None, crowd_histories=None)
    return EMPTY.model_copy(update={"ladder": ladder})


def a_round(
    *, rate: int = 20, p95: float | None = 120, failed: int = 0, dialled: float | None = None, left: str | None = None
) -> Round:
    return Round(
        system="everline",
        rate=rate,
        calls=1200,
        rate_dialled=rate if dialled is None else dialled,
        waits=None if p95 is None else Waits(p50=p95 / 2, p95=p95, p99=p95, longest=p95),
        failures=Failures(unanswered=failed, unreleased=0, unrecorded=0),
        cpu_ms_a_call={},
        left_over=left,
        cores_used=1,
        cores_of_others=0,
    )


@pytest.mark.parametrize(
    ("result", "verdict"),
    [
        (a_round(), "met"),
        (a_round(failed=1), "met"),
        (a_round(failed=2), "NOT met"),
        (a_round(p95=151), "NOT met"),
        (a_round(p95=None, failed=1200), "NOT met"),
        (a_round(dialled=15), "NOT met"),
        (a_round(left="1 active channel"), "NOT met"),
    ],
)
def test_the_goal_rate_is_judged_by_what_was_measured(result: Round, verdict: str) -> None:
    line = goals(report(result))[0]
    assert line.startswith(f"P2 20 calls/s: {result.failures.total} of 1200 failed")
    assert line.endswith(f": {verdict}")


def test_a_rate_that_was_not_tried_is_neither_met_nor_missed() -> None:
    assert "not tried" in goals(report(a_round(rate=10)))[0]


def freed(system: str, *, mean: float, p50: float = 40, p99: float = 90, never: int = 0) -> Freed:
    return Freed(system=system, samples=100, never=never, mean=mean, p50=p50, p99=p99, longest=p99)


@pytest.mark.parametrize(
    ("ours", "verdict"),
    [
        (freed("everline", mean=45), "met"),
        (freed("everline", mean=61), "NOT met"),
        (freed("everline", mean=45, p50=51), "NOT met"),
        (freed("everline", mean=45, p99=151), "NOT met"),
        (freed("everline", mean=45, never=1), "NOT met"),
    ],
)
def test_a_freed_agent_is_judged_beside_app_queue(ours: Freed, verdict: str) -> None:
    line = goals(report(a_round(), freed=[freed("app_queue", mean=300), ours]))[0]
    assert line.startswith("P1 free to rung")
    assert line.endswith(f": {verdict}")


def spread(p95: float, longest: float | None = None) -> Spread:
    return Spread(samples=20, p50=p95 / 2, p95=p95, longest=longest or p95)


@pytest.mark.parametrize(("longest", "verdict"), [(999, "met"), (1001, "NOT met")])
def test_sound_both_ways_is_judged_by_its_slowest_answer(longest: float, verdict: str) -> None:
    both = spread(400, longest)
    answers = Answers(to_customer=both, to_agent=both, both=both, stun_asked=9, gathering_ms=9900)
    line = goals(EMPTY.model_copy(update={"answers": answers}))[0]
    assert line.startswith("P5 Answer to sound both ways")
    assert line.endswith(f": {verdict}")


@pytest.mark.parametrize(
    ("page", "shown", "connected", "verdicts"),
    [
        (49, 249, 200, ["met", "met"]),
        (51, 249, 200, ["NOT met", "met"]),
        (49, 251, 200, ["met", "NOT met"]),
        (49, 249, 199, ["NOT met", "NOT met"]),
    ],
)
def test_the_portal_is_judged_while_everybody_is_connected(
    page: float, shown: float, connected: int, verdicts: list[str]
) -> None:
    desks = Desks(
        agents=200,
        connected=connected,
        events=9000,
        calls=100,
        seconds=60,
        at_server={"page": spread(10), "desk": spread(page, 400)},
        at_client={"page": spread(500)},
        on_screen={"a call waits": spread(90, shown)},
        api_cores=0.2,
    )
    lines = [line for line in goals(EMPTY.model_copy(update={"desks": desks})) if line.startswith("P6")]
    assert [line.rpartition(": ")[2] for line in lines] == verdicts


@pytest.mark.parametrize(("longest", "verdict"), [(19.9, "met"), (20.1, "NOT met")])
def test_a_further_start_is_judged_by_the_slowest(longest: float, verdict: str) -> None:
    line = goals(EMPTY.model_copy(update={"starts": Starts(seconds=[5.0, longest])}))[0]
    assert line.endswith(f": {verdict}")
