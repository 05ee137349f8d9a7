import pytest

from domain.agent import ALLOWED, AgentState, may_become


def test_every_state_can_be_left_and_reached() -> None:
    assert set(ALLOWED) == set(AgentState)
    assert all(ALLOWED[state] for state in AgentState)
    assert set().union(*ALLOWED.values()) == set(AgentState)


@pytest.mark.parametrize("state", [AgentState.OFFLINE, AgentState.PAUSED, AgentState.WRAP_UP, AgentState.ON_CALL])
def test_only_an_idle_agent_is_offered_a_call(state: AgentState) -> None:
    assert not may_become(state, AgentState.OFFERED)


def test_who_is_offered_a_call_or_free_to_dial_comes_to_talk() -> None:
    to_talk = {state for state in AgentState if may_become(state, AgentState.ON_CALL)}
    assert to_talk == {AgentState.OFFERED, AgentState.IDLE, AgentState.PAUSED, AgentState.OFFLINE}
