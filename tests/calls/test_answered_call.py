import asyncio
from pathlib import Path

from domain.agents.agent import AgentState
from domain.calls.call import CallStage
from tests.phones.audio import tones_in
from tests.support.centre import Centre

AGENT_HZ = 600.0
CUSTOMER_HZ = 900.0
TALK_SECONDS = 3.0
HEARD_SECONDS = 1.0
"""Of a tone in bursts, during the talk."""


async def test_both_sides_hear_each_other_and_the_recording_has_both(centre: Centre, tmp_path: Path) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    heard_by_agent, heard_by_customer = tmp_path / "agent.wav", tmp_path / "customer.wav"
    async with (
        centre.desk_phone(tone_hz=AGENT_HZ, record=heard_by_agent) as phone,
        centre.customer(tone_hz=CUSTOMER_HZ, record=heard_by_customer) as customer,
    ):
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number), caller_name="Zoë Müller", caller_number="+4930901820")
        ringing = await phone.next_call()
        assert "+4930901820" in ringing.caller
        await ringing.answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await asyncio.sleep(TALK_SECONDS)  # The talk itself takes time; nothing is waited for.
        await call.hang_up()
        cdr = await centre.completed_cdr(number)

    assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("answered", "customer", agent.user_id)
    assert (cdr.customer_name, cdr.customer_number) == ("Zoë Müller", "+4930901820")
    assert TALK_SECONDS - 0.5 < cdr.talk_seconds < TALK_SECONDS + 3
    [recording] = await centre.recordings(cdr.call_id)
    assert recording.status == "stored"
    assert abs(recording.seconds - cdr.talk_seconds) < 1.0
    both = tones_in(centre.recording_file(recording), [AGENT_HZ, CUSTOMER_HZ])
    assert both[AGENT_HZ].seconds > HEARD_SECONDS
    assert both[CUSTOMER_HZ].seconds > HEARD_SECONDS
    assert tones_in(heard_by_agent, [CUSTOMER_HZ])[CUSTOMER_HZ].seconds > HEARD_SECONDS
    assert tones_in(heard_by_customer, [AGENT_HZ])[AGENT_HZ].seconds > HEARD_SECONDS


async def test_the_agent_is_ready_again_after_wrap_up(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent], wrap_up_seconds=2)
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        await customer.dial(centre.uri(number))
        ringing = await phone.next_call()
        await ringing.answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await ringing.hang_up()
        await centre.until_state(agent, AgentState.WRAP_UP)
        await customer.call.wait_for_end()
        await centre.until_state(agent, AgentState.IDLE)
        cdr = await centre.completed_cdr(number)
    assert cdr.ended_by == "agent"
    assert cdr.wrap_up_seconds is not None
    assert 1.9 < cdr.wrap_up_seconds < 4


async def test_nothing_of_a_call_is_left_in_asterisk(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await (await phone.next_call()).answer()
        talking = await centre.until_stage(number, CallStage.CONNECTED)
        await call.hang_up()
        await centre.completed_cdr(number)
        await centre.until(lambda: centre.is_gone_from_asterisk(talking.id))


async def test_an_ordinary_call_is_at_most_thirty_events_and_six_tasks(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    history = await centre.history(cdr.call_id)
    assert history.events <= 30
    assert history.workflow_tasks <= 6
