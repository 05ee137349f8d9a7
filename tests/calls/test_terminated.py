"""An operator terminates the workflow of a call: nobody stays in it, nobody is lost with it."""

from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.call import CallStage
from tests.calls.talk import Talk
from tests.support.centre import Centre

FOUND_WITHIN = 75.0


async def terminate(centre: Centre, call_id: str) -> None:
    await (await centre.temporal()).get_workflow_handle(ids.workflow(call_id)).terminate("tidying up")


async def test_a_caller_in_line_whose_workflow_is_terminated_has_a_record(centre: Centre) -> None:
    number = await centre.add_queue([])
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        waiting = await centre.until_stage(number, CallStage.WAITING)
        await terminate(centre, waiting.id)
        await call.wait_for_end(FOUND_WITHIN)
        cdr = await centre.completed_cdr(number)
    assert (cdr.disposition, cdr.ended_by) == ("failed", "system")
    await centre.until_quiet(number)


async def test_an_agent_whose_calls_workflow_is_terminated_is_free_again(talk: Talk) -> None:
    centre = talk.centre
    await terminate(centre, talk.call_id)
    cdr = await centre.cdr_of(talk.call_id, FOUND_WITHIN)
    assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("failed", "system", talk.agent.user_id)
    await centre.until_state(talk.agent, AgentState.IDLE)
    await talk.with_agent.wait_for_end(20)
    await centre.until(lambda: centre.is_gone_from_asterisk(talk.call_id))
