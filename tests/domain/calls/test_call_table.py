import pytest

from domain.calls.call import CallStage, EventKind
from domain.calls.transitions import TRANSITIONS, CallAction, action_for

ENDS = {
    CallAction.ABANDON,
    CallAction.END_OUTSIDE,
    CallAction.STORE_VOICEMAIL,
    CallAction.END_BY_CUSTOMER,
    CallAction.END_BY_AGENT,
}
TALKING_TO_US = set(CallStage) - {CallStage.ARRIVING, CallStage.DIALLING, CallStage.WRAP_UP, CallStage.CLOSED}


def test_nothing_happens_to_a_closed_call() -> None:
    assert all(action_for(CallStage.CLOSED, kind) is None for kind in EventKind)


@pytest.mark.parametrize("stage", sorted(TALKING_TO_US))
def test_a_customer_who_goes_ends_the_call_at_every_stage(stage: CallStage) -> None:
    assert action_for(stage, EventKind.CUSTOMER_ENDED) in ENDS


@pytest.mark.parametrize("stage", sorted(set(CallStage) - {CallStage.ARRIVING, CallStage.CLOSED}))
def test_a_phone_picked_up_too_late_is_released_at_every_stage(stage: CallStage) -> None:
    assert action_for(stage, EventKind.STALE_LEG_ANSWERED) is CallAction.RELEASE_LEG


@pytest.mark.parametrize("kind", [EventKind.AGENT_ENDED, EventKind.AGENT_DECLINED, EventKind.RING_TIMED_OUT])
def test_an_agent_who_does_not_take_the_call_sends_it_back_to_the_line(kind: EventKind) -> None:
    assert action_for(CallStage.OFFERED, kind) is CallAction.REQUEUE


def test_a_customer_who_is_called_and_not_reached_is_tried_again_or_the_call_ends() -> None:
    assert action_for(CallStage.DIALLING, EventKind.CUSTOMER_ENDED) is CallAction.RETRY_LATER


def test_every_step_is_reachable_and_every_open_stage_can_be_left() -> None:
    assert set(TRANSITIONS.values()) == set(CallAction)
    open_stages = set(CallStage) - {CallStage.ARRIVING, CallStage.CLOSED}
    assert {stage for stage, _ in TRANSITIONS} == open_stages
