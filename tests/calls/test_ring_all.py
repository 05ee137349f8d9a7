"""A queue that rings all its agents at once, with real phones."""

import asyncio

from domain.agents.agent import AgentState
from tests.support.centre import Centre


async def test_the_first_answer_wins_and_the_others_stop_ringing(centre: Centre) -> None:
    first, second = await centre.add_agent(), await centre.add_agent()
    number = await centre.add_queue([first, second])
    await centre.set_rules(number, strategy="ring_all")
    await centre.arrive(first, second)
    async with centre.desk_phone() as phone, centre.desk_phone() as other, centre.customer() as customer:
        await centre.register(phone, first)
        await centre.register(other, second)
        call = await customer.dial(centre.uri(number))
        ringing, ringing_too = await asyncio.gather(phone.next_call(), other.next_call())
        await ringing_too.answer()
        await centre.until_state(second, AgentState.ON_CALL)
        await ringing.wait_for_end()
        await centre.until_state(first, AgentState.IDLE)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert cdr.user_id == second.user_id


async def test_two_answers_at_the_same_instant_connect_one_and_release_the_other(centre: Centre) -> None:
    first, second = await centre.add_agent(), await centre.add_agent()
    number = await centre.add_queue([first, second])
    await centre.set_rules(number, strategy="ring_all")
    await centre.arrive(first, second)
    async with centre.desk_phone() as phone, centre.desk_phone() as other, centre.customer() as customer:
        await centre.register(phone, first)
        await centre.register(other, second)
        call = await customer.dial(centre.uri(number))
        both = await asyncio.gather(phone.next_call(), other.next_call())
        await asyncio.gather(*(one.answer() for one in both))
        ended = [asyncio.ensure_future(one.wait_for_end()) for one in both]
        await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)

        async def settled() -> bool:
            states = {await centre.state_of(agent.user_id) for agent in (first, second)}
            return states == {AgentState.ON_CALL, AgentState.IDLE}

        await centre.until(settled)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
        await asyncio.gather(*ended)
        assert await centre.is_gone_from_asterisk(cdr.call_id)


async def test_an_agent_who_lets_calls_ring_is_paused_with_the_reason(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent], ring_seconds=1)
    await centre.set_rules(number, no_answer_limit=2)
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        for _ in range(2):
            await (await phone.next_call(15)).wait_for_end()
        await centre.until_state(agent, AgentState.PAUSED)
        assert await centre.pause_reason(agent) == "No answer"
        await centre.until_waiting(number, 1)
        await call.hang_up()
        await centre.until_quiet(number)
