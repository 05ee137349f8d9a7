"""What an agent does with a call, with real phones: who talks with whom, and who is free afterwards."""

import pytest

from api.web.errors import RefusedError
from domain.agents.agent import AgentState
from domain.calls.call import Purpose
from tests.calls.talk import Talk
from workflows.calls.updates import Target
from workflows.calls.workflow import CallWorkflow


async def test_a_customer_on_hold_is_out_of_the_talk_and_comes_back(talk: Talk) -> None:
    await talk.calls.ask(CallWorkflow.hold, talk.call_id, talk.by_agent, True)
    await talk.talk("1")
    with pytest.raises(RefusedError, match="Only a call that is connected"):
        await talk.calls.ask(CallWorkflow.hold, talk.call_id, talk.by_agent, True)
    await talk.calls.ask(CallWorkflow.hold, talk.call_id, talk.by_agent, False)
    await talk.talk("c", "1")
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_a_consultation_ends_with_the_customer_back(talk: Talk) -> None:
    asked = await talk.consult()
    await talk.calls.ask(CallWorkflow.cancel, talk.call_id, talk.by_agent)
    await talk.talk("c", "1")
    assert await asked.wait_for_end()
    await talk.centre.until_state(talk.boss, AgentState.IDLE)
    await talk.with_agent.hang_up()
    await talk.over("agent", talk.agent)


async def test_a_consultation_that_nobody_answers_brings_the_customer_back(talk: Talk) -> None:
    asked = await talk.reach(Purpose.CONSULT)
    await talk.calls.ask(CallWorkflow.hang_up, talk.call_id, talk.by_agent)
    await talk.talk("c", "1")
    assert asked.ended
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_after_a_consultation_the_customer_is_handed_over(talk: Talk) -> None:
    await talk.consult()
    await talk.calls.ask(CallWorkflow.hand_over, talk.call_id, talk.by_agent)
    await talk.talk("c", "2")
    await talk.with_agent.wait_for_end()
    await talk.centre.until_state(talk.agent, AgentState.IDLE)
    await talk.customer.hang_up()
    await talk.over("customer", talk.boss)


async def test_all_three_talk_and_the_agent_may_leave_the_others(talk: Talk) -> None:
    await talk.consult()
    await talk.calls.ask(CallWorkflow.conference, talk.call_id, talk.by_agent)
    await talk.talk("c", "1", "2")
    await talk.with_agent.hang_up()
    await talk.talk("c", "2")
    await talk.customer.hang_up()
    await talk.over("customer", talk.boss)


async def test_a_transfer_is_the_colleagues_call_as_soon_as_it_is_answered(talk: Talk) -> None:
    asked = await talk.reach(Purpose.TRANSFER)
    await talk.talk()
    await asked.answer()
    await talk.talk("c", "2")
    await talk.with_agent.wait_for_end()
    await asked.hang_up()
    await talk.over("agent", talk.boss)


async def test_a_transfer_that_is_declined_comes_back(talk: Talk) -> None:
    asked = await talk.reach(Purpose.TRANSFER)
    await asked.decline()
    await talk.talk("c", "1")
    await talk.centre.until_state(talk.boss, AgentState.IDLE)
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_an_agent_who_hangs_up_while_a_transfer_rings_leaves_the_customer_to_it(talk: Talk) -> None:
    asked = await talk.reach(Purpose.TRANSFER)
    await talk.with_agent.hang_up()
    await talk.centre.until_state(talk.agent, AgentState.IDLE)
    await asked.answer()
    await talk.talk("c", "2")
    await talk.customer.hang_up()
    await talk.over("customer", talk.boss)


async def test_nobody_who_is_busy_or_away_can_be_reached(talk: Talk) -> None:
    await talk.centre.pause(talk.boss)
    with pytest.raises(RefusedError, match="is not available now"):
        await talk.calls.ask(
            CallWorkflow.reach, talk.call_id, talk.by_agent, Target(Purpose.CONSULT, talk.boss.user_id)
        )
    await talk.talk("c", "1")
    await talk.customer.hang_up()
    await talk.centre.cdr_of(talk.call_id)
