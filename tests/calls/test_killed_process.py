"""kill -9 in mid-call: the audio goes on, and the call ends with its one right record."""

import asyncio
from pathlib import Path

import pytest

from domain.agents.agent import AgentState
from domain.calls.call import CallStage
from everline.stack import Stack
from tests.phones.audio import tones_in
from tests.support.centre import Centre
from tests.support.stack import kill, killed_and_back

OURS = ["node", "worker", "api"]
AGENT_HZ = 600.0
CUSTOMER_HZ = 900.0
TALK_SECONDS = 5.0
HEARD_SHARE = 0.55
"""Of the talk, in which a tone in bursts sounds: it is on for 70 % of the time."""


@pytest.mark.parametrize("part", OURS)
async def test_a_waiting_call_survives(centre: Centre, stack: Stack, part: str) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        await killed_and_back(stack, part)
        await centre.arrive_and_wake(agent)
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert (cdr.disposition, cdr.user_id) == ("answered", agent.user_id)


@pytest.mark.parametrize("part", OURS)
async def test_a_talk_goes_on(centre: Centre, stack: Stack, tmp_path: Path, part: str) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    heard = tmp_path / "customer.wav"
    async with (
        centre.desk_phone(tone_hz=AGENT_HZ) as phone,
        centre.customer(tone_hz=CUSTOMER_HZ, record=heard) as customer,
    ):
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        async with asyncio.TaskGroup() as group:
            group.create_task(killed_and_back(stack, part))
            group.create_task(asyncio.sleep(TALK_SECONDS))
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
        await centre.until_state(agent, AgentState.IDLE)
    assert cdr.disposition == "answered"
    assert cdr.talk_seconds > TALK_SECONDS - 1
    assert tones_in(heard, [AGENT_HZ])[AGENT_HZ].seconds > HEARD_SHARE * TALK_SECONDS
    [recording] = await centre.recordings(cdr.call_id)
    both = tones_in(centre.recording_file(recording), [AGENT_HZ, CUSTOMER_HZ])
    assert min(tone.seconds for tone in both.values()) > HEARD_SHARE * TALK_SECONDS


async def test_a_hang_up_while_the_node_is_dead_ends_the_talk(centre: Centre, stack: Stack) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        ringing = await phone.next_call()
        await ringing.answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        dead = kill(stack, "node")
        await call.hang_up()
        await stack.until_ready("node", other_than=dead)
        cdr = await centre.completed_cdr(number)
        await ringing.wait_for_end()
        await centre.until_state(agent, AgentState.IDLE)
    assert (cdr.disposition, cdr.ended_by) == ("answered", "customer")


async def test_a_caller_who_gives_up_while_the_node_is_dead_is_abandoned(centre: Centre, stack: Stack) -> None:
    number = await centre.add_queue([])
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        dead = kill(stack, "node")
        await call.hang_up()
        await stack.until_ready("node", other_than=dead)
        cdr = await centre.completed_cdr(number)
    assert cdr.disposition == "abandoned"


async def test_a_call_that_arrives_while_the_node_is_dead_is_served(centre: Centre, stack: Stack) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        dead = kill(stack, "node")
        await customer.dial(centre.uri(number))
        await stack.until_ready("node", other_than=dead)
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await customer.hang_up()
        cdr = await centre.completed_cdr(number)
    assert cdr.disposition == "answered"


@pytest.mark.parametrize("part", ["temporal", "postgres"])
async def test_a_hang_up_while_a_server_is_dead_is_recorded_when_it_is_back(
    centre: Centre, stack: Stack, part: str
) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        dead = kill(stack, part)
        await call.hang_up()
        await stack.until_ready(part, other_than=dead)
        cdr = await centre.completed_cdr(number, seconds=30)
        await centre.until_state(agent, AgentState.IDLE)
    assert (cdr.disposition, cdr.ended_by) == ("answered", "customer")


async def test_calls_of_a_killed_asterisk_are_closed_and_agents_freed(centre: Centre, stack: Stack) -> None:
    agent = await centre.add_agent()
    number, waiting_number = await centre.add_queue([agent]), await centre.add_queue([])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer, centre.customer() as waiting:
        await centre.register(phone, agent)
        await customer.dial(centre.uri(number))
        await waiting.dial(centre.uri(waiting_number))
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await centre.until_stage(waiting_number, CallStage.WAITING)
        await killed_and_back(stack, "asterisk")
        talked = await centre.completed_cdr(number, seconds=30)
        gave_up = await centre.completed_cdr(waiting_number, seconds=30)
        await centre.until_state(agent, AgentState.IDLE)
    assert (talked.disposition, gave_up.disposition) == ("answered", "abandoned")
