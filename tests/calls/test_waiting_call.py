import asyncio
from pathlib import Path

from domain.agents.agent import AgentState
from domain.calls.call import CallStage
from tests.support.centre import Centre
from tests.support.sound import loudness

MUSIC_SECONDS = 2.0


async def test_a_caller_waits_with_music_until_an_agent_comes(centre: Centre, tmp_path: Path) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    heard = tmp_path / "customer.wav"
    async with centre.desk_phone() as phone, centre.customer(record=heard) as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        await asyncio.sleep(MUSIC_SECONDS)  # The music is to be heard for a while.
        await centre.arrive_and_wake(agent)
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert cdr.wait_seconds > MUSIC_SECONDS
    assert loudness(heard) > -50  # dBFS; silence would be far below.


async def test_a_lost_wake_up_costs_the_caller_a_moment_only(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        # The call is claimed, and is not told.
        await centre.arrive(agent)
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert cdr.disposition == "answered"


async def test_a_caller_who_gives_up_is_abandoned(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert (cdr.disposition, cdr.ended_by, cdr.user_id, cdr.talk_seconds) == ("abandoned", "customer", None, 0)
    assert await centre.recordings(cdr.call_id) == []


async def test_a_caller_who_gives_up_while_an_agent_rings_frees_the_agent(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        ringing = await phone.next_call()
        await call.hang_up()
        await ringing.wait_for_end()
        cdr = await centre.completed_cdr(number)
        assert cdr.disposition == "abandoned"
        await centre.until_state(agent, AgentState.IDLE)


async def test_the_agent_idle_longest_is_rung(centre: Centre) -> None:
    first, second = await centre.add_agent(), await centre.add_agent()
    number = await centre.add_queue([first, second])
    async with centre.desk_phone() as phone, centre.desk_phone() as other, centre.customer() as customer:
        await centre.register(phone, first)
        await centre.register(other, second)
        await centre.arrive(second)
        await centre.arrive(first)
        call = await customer.dial(centre.uri(number))
        await other.next_call()
        assert phone.calls == []
        await call.hang_up()
        await centre.completed_cdr(number)


async def test_an_agent_without_a_registered_phone_is_not_rung(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        await centre.register(phone, agent)
        # The phone that comes is what brings the call to the agent.
        await phone.next_call()
        await customer.hang_up()
        await centre.completed_cdr(number)
