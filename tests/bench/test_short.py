import io

import pytest
from rich.console import Console

from bench import ladder
from bench.plan import Crowd, Plan
from bench.table import print_report

# Shows that the bench runs and that its figures are of real calls. How fast they were is not asked: see `make bench`.
PLAN = Plan((5,), round_seconds=4, goal_round_seconds=4, agents=20, crowd=Crowd(agents=3, calls=9, rate=10))


@pytest.mark.timeout(240)
async def test_the_bench_measures_both_systems_and_prints_its_table() -> None:
    told: list[str] = []
    report = await ladder.measure(PLAN, told.append, lambda _: None)
    assert {result.system for result in report.rounds} == {"app_queue", "everline"}
    for result in report.rounds:
        assert result.calls == 20
        assert result.waits is not None
        assert result.failures.total < result.calls
        assert result.cpu_ms_a_call["asterisk"] > 0
    assert {freed.system for freed in report.freed} == {"app_queue", "everline"}
    for freed in report.freed:
        assert freed.samples > freed.never
        assert 0 < freed.mean <= freed.longest
    assert report.histories is not None
    printed = io.StringIO()
    print_report(report, Console(file=printed, width=200))
    assert "P2 20 calls/s: not tried" in printed.getvalue()
    assert "P3 history of an answered call" in printed.getvalue()
