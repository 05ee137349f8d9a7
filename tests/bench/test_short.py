import io

import pytest
from rich.console import Console

from bench.plan import Crowd, Desks, Plan
from bench.results import Report
from bench.run import Bench, Part
from bench.table import print_report

# Shows that the bench runs and that its figures are of real calls. How fast they were is not asked: see `make bench`.
PLAN = Plan(
    rates=(5,),
    round_seconds=4,
    goal_round_seconds=4,
    agents=20,
    crowd=Crowd(agents=3, calls=9, rate=10),
    answers=2,
    desks=Desks(agents=10, rate=2, pages=8, changes=2, starts=1),
)


async def measured(part: Part) -> tuple[Report, str]:
    """The report of one part, and how it is printed."""
    report = await Bench(PLAN, lambda _: None, lambda _: None).measure([part])
    printed = io.StringIO()
    print_report(report, Console(file=printed, width=200))
    return report, printed.getvalue()


@pytest.mark.timeout(240)
async def test_the_bench_measures_both_systems_and_prints_its_table() -> None:
    report, printed = await measured(Part.CALLS)
    ladder = report.ladder
    assert ladder is not None
    assert {result.system for result in ladder.rounds} == {"app_queue", "everline"}
    for result in ladder.rounds:
        assert result.calls == 20
        assert result.waits is not None
        assert result.failures.total < result.calls
        assert result.cpu_ms_a_call["asterisk"] > 0
    assert {freed.system for freed in ladder.freed} == {"app_queue", "everline"}
    for freed in ladder.freed:
        assert freed.samples > freed.never
        assert 0 < freed.mean <= freed.longest
    assert ladder.histories is not None
    assert "P2 20 calls/s: not tried" in printed
    assert "P3 history of an answered call" in printed


async def test_the_bench_answers_in_a_browser_whose_stun_server_is_deaf() -> None:
    report, printed = await measured(Part.BROWSER)
    answers = report.answers
    assert answers is not None
    assert answers.stun_asked > 0
    assert answers.gathering_ms > answers.both.longest
    assert 0 < answers.both.p50 <= answers.both.longest
    assert answers.both.samples == PLAN.answers
    assert "P5 Answer to sound both ways, STUN unreachable" in printed


async def test_the_bench_looks_at_the_portal_while_agents_are_connected() -> None:
    report, printed = await measured(Part.PORTAL)
    desks, starts = report.desks, report.starts
    assert desks is not None
    assert desks.connected == desks.agents == PLAN.desks.agents
    assert desks.events > desks.calls > 0
    assert all(taken.p50 > 0 for taken in (*desks.at_server.values(), *desks.on_screen.values()))
    assert all(desks.at_client[name].p50 > taken.p50 for name, taken in desks.at_server.items())
    assert len(desks.on_screen) == 4
    assert starts is not None
    assert len(starts.seconds) == PLAN.desks.starts
    assert "P6 event to screen" in printed
