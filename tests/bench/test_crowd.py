import pytest

from bench.crowd import figures
from bench.sipp import BenchError
from bench.tracks import AgentTrack, CallTrack


def _caller(dialled: float, answered: float | None) -> CallTrack:
    return CallTrack("4930100", dialled, dialled, answered, None)


def test_an_agent_who_becomes_free_while_callers_wait_is_timed_to_the_next_ring() -> None:
    callers = [_caller(0.0, 0.1), _caller(0.1, 3.2), _caller(0.2, 6.5), _caller(0.3, None)]
    agents = {"2001": AgentTrack(rung=[0.1, 3.2, 6.5], freed=[3.0, 6.0])}
    found = figures("ours", callers, agents, most=1)
    assert (found.samples, found.never) == (2, 0)
    assert found.mean == pytest.approx(350)
    assert found.longest == pytest.approx(500)


def test_a_time_at_which_too_few_wait_does_not_count() -> None:
    callers = [_caller(0.0, 0.1), _caller(0.1, 3.2)]
    agents = {"2001": AgentTrack(rung=[0.1, 3.2], freed=[3.0, 6.0])}
    assert figures("ours", callers, agents, most=1).samples == 1
    with pytest.raises(BenchError, match="No agent of ours"):
        figures("ours", callers, agents, most=2)


def test_what_an_earlier_crowd_did_does_not_count() -> None:
    callers = [_caller(10.0, 10.1), _caller(10.1, 13.2)]
    agents = {"2001": AgentTrack(rung=[0.1, 10.1, 13.2], freed=[3.0, 13.0])}
    assert figures("ours", callers, agents, most=1).samples == 1


def test_an_agent_who_is_never_rung_again_is_counted() -> None:
    callers = [_caller(0.0, 0.1), _caller(0.1, 3.2), _caller(0.2, None)]
    agents = {"2001": AgentTrack(rung=[0.1, 3.2], freed=[3.0, 6.0])}
    found = figures("ours", callers, agents, most=1)
    assert (found.samples, found.never) == (2, 1)
