import pytest

from bench.results import Failures, Machine, Report, Round, Waits
from bench.table import goals


def report(*rounds: Round) -> Report:
    machine = Machine(processor="x", cores=2, memory_gb=4, system="Linux", load_at_start=0)
    return Report(started_at="now", machine=machine, versions={}, method=[], rounds=list(rounds), histories=None)


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
