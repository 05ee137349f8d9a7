"""Saves the histories of real calls, for the replay test: python -m tests.workflows.record_histories."""

import asyncio
import os
from pathlib import Path

from domain import ids
from domain.agent import AgentState
from domain.call import CallStage
from everline.stack import Stack
from tests.support.centre import Centre
from tests.support.stack import stack_settings, temporary_home

FOLDER = Path(__file__).parent / "histories"


async def record() -> None:
    """Places one call of each kind and writes down what Temporal kept of it."""
    with temporary_home() as home:
        async with Stack(stack_settings(home)) as stack:
            centre = Centre(stack)
            await centre.add_trunk()
            await _save(centre, "answered", await answered(centre))
            await _save(centre, "declined-then-answered", await declined_then_answered(centre))
            await _save(centre, "abandoned", await abandoned(centre))
            await _save(centre, "unknown-number", await unknown_number(centre))
            await centre.close()


async def answered(centre: Centre) -> str:
    """An agent is free, answers, and the customer hangs up."""
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        await customer.dial(centre.uri(number))
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await customer.hang_up()
        return (await centre.completed_cdr(number)).call_id


async def declined_then_answered(centre: Centre) -> str:
    """The only agent declines, is rung again later, answers and hangs up."""
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        await customer.dial(centre.uri(number))
        await (await phone.next_call()).decline()
        again = await phone.next_call()
        await again.answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await again.hang_up()
        return (await centre.completed_cdr(number)).call_id


async def abandoned(centre: Centre) -> str:
    """Nobody is there, and the customer gives up."""
    number = await centre.add_queue([])
    async with centre.customer() as customer:
        await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        await customer.hang_up()
        return (await centre.completed_cdr(number)).call_id


async def unknown_number(centre: Centre) -> str:
    """The number is not ours."""
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri("99887766"))
        await call.wait_for_end()
        return (await centre.completed_cdr("99887766")).call_id


async def _save(centre: Centre, name: str, call_id: str) -> None:
    handle = (await centre.temporal()).get_workflow_handle(ids.workflow(call_id))
    await handle.result()
    history = await handle.fetch_history()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(history.to_json() + "\n")


if __name__ == "__main__":
    asyncio.run(record())
    os._exit(0)  # The SDK's threads can crash an ordinary exit of a short program.
