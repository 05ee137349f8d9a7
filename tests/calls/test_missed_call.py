from domain.agents.agent import AgentState
from domain.calls.call import CallStage
from tests.support.centre import Centre


async def test_a_declined_call_goes_to_the_next_agent(centre: Centre) -> None:
    first, second = await centre.add_agent(), await centre.add_agent()
    number = await centre.add_queue([first, second])
    await centre.arrive(first, second)
    async with centre.desk_phone() as phone, centre.desk_phone() as other, centre.customer() as customer:
        await centre.register(phone, first)
        await centre.register(other, second)
        await customer.dial(centre.uri(number))
        await (await phone.next_call()).decline()
        await (await other.next_call()).answer()
        await centre.until_state(second, AgentState.ON_CALL)
        assert await centre.state_of(first.user_id) is AgentState.IDLE
        await customer.hang_up()
        cdr = await centre.completed_cdr(number)
    assert cdr.user_id == second.user_id


async def test_a_call_nobody_answers_goes_to_the_next_agent(centre: Centre) -> None:
    first, second = await centre.add_agent(), await centre.add_agent()
    number = await centre.add_queue([first, second], ring_seconds=2)
    await centre.arrive(first, second)
    async with centre.desk_phone() as phone, centre.desk_phone() as other, centre.customer() as customer:
        await centre.register(phone, first)
        await centre.register(other, second)
        await customer.dial(centre.uri(number))
        unanswered = await phone.next_call()
        await (await other.next_call()).answer()
        await unanswered.wait_for_end()
        await centre.until_state(second, AgentState.ON_CALL)
        await customer.hang_up()
        await centre.completed_cdr(number)


async def test_a_call_that_comes_back_is_before_later_ones(centre: Centre) -> None:
    first, second = await centre.add_agent(), await centre.add_agent()
    number = await centre.add_queue([first, second])
    await centre.arrive(first)
    async with (
        centre.desk_phone() as phone,
        centre.desk_phone() as other,
        centre.customer() as early,
        centre.customer() as late,
    ):
        await centre.register(phone, first)
        await centre.register(other, second)
        await early.dial(centre.uri(number), caller_number="111")
        rung = await phone.next_call()
        await late.dial(centre.uri(number), caller_number="222")
        await centre.until_stage(number, CallStage.WAITING)
        await centre.pause(first)
        await rung.decline()
        await centre.until_waiting(number, 2)
        await centre.arrive_and_wake(second)
        assert "111" in (await other.next_call()).caller
        await early.hang_up()
        await late.hang_up()
        await centre.until_quiet(number)


async def test_the_only_agent_is_rung_again_after_declining(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        await customer.dial(centre.uri(number))
        await (await phone.next_call()).decline()
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await customer.hang_up()
        await centre.completed_cdr(number)
