"""Keys that are pressed in a talk, in both directions."""

from temporalio.api.enums.v1 import EventType

from domain.calls import ids
from tests.calls.talk import Talk
from workflows.calls.workflow import CallWorkflow

CARD = "4111222233334444"


async def test_keys_reach_the_other_side_in_both_directions(talk: Talk) -> None:
    await talk.customer.dtmf("12")
    await talk.with_agent.wait_for_digits("12")
    await talk.with_agent.dtmf("34")
    await talk.customer.wait_for_digits("34")
    await talk.calls.ask(CallWorkflow.send_digits, talk.call_id, talk.by_agent, "5#")
    await talk.customer.wait_for_digits("5#")
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_a_card_number_is_heard_by_the_agent_and_is_in_no_history(talk: Talk) -> None:
    await talk.customer.dtmf(CARD)
    await talk.with_agent.wait_for_digits(CARD, 20)
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)
    handle = (await talk.centre.temporal()).get_workflow_handle(ids.workflow(talk.call_id))
    signals = [
        event.workflow_execution_signaled_event_attributes.signal_name
        for event in (await handle.fetch_history()).events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
    ]
    assert "digit_pressed" not in signals
    assert "leg_ended" in signals
