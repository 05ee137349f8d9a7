"""kill -9 while a caller chooses, leaves a message or is called back, and while an agent wraps up: it goes on."""

import asyncio

import pytest
from sqlalchemy import select

from db.models import Menu, MenuOption, Number, Voicemail
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.call import CallStage
from domain.queues.exits import ExitAction, Occasion
from everline.stack import Stack
from tests.phones.audio import tones_in
from tests.phones.soft_phone import SoftPhone
from tests.support.centre import Centre
from tests.support.stack import kill, killed_and_back

OURS = ["node", "worker", "api"]
CUSTOMER = "+12025550147"
TONE = 900.0
SPEECH_SECONDS = 2.0


async def menu_to(centre: Centre, queue: str) -> str:
    """A number that leads to a menu, in which 2 leads to the queue of another number."""
    number, menu_id = str(int(queue) + 500), ids.uuid7()
    async with centre.database.write() as session:
        session.add(Menu(id=menu_id, name=f"Menu {number}", prompt=["demo-instruct"], patience_seconds=5))
        await session.flush()
        session.add(MenuOption(menu_id=menu_id, digit="2", queue_id=await centre.queue_id(session, queue)))
        session.add(Number(number=number, menu_id=menu_id))
    return number


@pytest.mark.parametrize("part", ["node", "worker"])
async def test_a_menu_still_knows_its_keys(centre: Centre, stack: Stack, part: str) -> None:
    agent = await centre.add_agent()
    target = await centre.add_queue([agent])
    number = await menu_to(centre, target)
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await centre.until_dialog((await centre.until_stage(number, CallStage.ARRIVING)).id)
        await killed_and_back(stack, part)
        await call.dtmf("2")
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert (cdr.disposition, cdr.queue_name) == ("answered", f"Queue {target}")


@pytest.mark.parametrize("part", OURS)
async def test_a_message_has_what_was_said_before_and_after(centre: Centre, stack: Stack, part: str) -> None:
    number = await centre.add_queue([])
    await centre.set_exit(number, Occasion.NO_AGENTS, ExitAction.VOICEMAIL, message="beep")
    async with centre.customer(tone_hz=TONE) as customer:
        call = await customer.dial(centre.uri(number))
        await centre.until_recording(number)
        await asyncio.sleep(SPEECH_SECONDS)  # The caller speaks.
        await killed_and_back(stack, part)
        await asyncio.sleep(SPEECH_SECONDS)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    [recording] = await centre.recordings(cdr.call_id)
    async with centre.database.read() as session:
        [message] = await session.scalars(select(Voicemail).where(Voicemail.call_id == cdr.call_id))
    assert cdr.exit == "voicemail"
    assert message.seconds > 2 * SPEECH_SECONDS - 0.5
    # In bursts, a tone sounds for 70 % of the time.
    assert tones_in(centre.recording_file(recording), [TONE])[TONE].seconds > 0.55 * 2 * SPEECH_SECONDS


async def ask_to_be_called_back(centre: Centre, number: str, customer: SoftPhone) -> str:
    """A caller in line asks for it and hangs up. Returns the call that will call back."""
    call = await customer.dial(centre.uri(number), caller_number=CUSTOMER)
    waiting = await centre.until_stage(number, CallStage.WAITING)
    await call.dtmf("5")
    await centre.until_dialog(waiting.id)
    await call.dtmf("1")
    await call.wait_for_end(30)
    return ids.callback(waiting.id)


@pytest.mark.parametrize("part", ["node", "worker"])
async def test_a_callback_that_waits_is_still_made_and_once(centre: Centre, stack: Stack, part: str) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.set_rules(number, callback_key="5")
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.call_out_to(customer)
        await centre.register(phone, agent)
        callback = await ask_to_be_called_back(centre, number, customer)
        await killed_and_back(stack, part)
        await centre.arrive_and_wake(agent)
        await (await phone.next_call(20)).answer()
        called = await customer.next_call()
        await called.answer()
        await centre.until(lambda: centre.is_at(callback, CallStage.CONNECTED))
        await called.hang_up()
        cdr = await centre.cdr_of(callback)
        assert [one.direction for one in customer.calls] == ["out", "in"]
    assert (cdr.disposition, cdr.user_id) == ("answered", agent.user_id)


@pytest.mark.parametrize("part", OURS)
async def test_a_customer_who_is_being_called_is_called_once(centre: Centre, stack: Stack, part: str) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.set_rules(number, callback_key="5")
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.call_out_to(customer)
        await centre.register(phone, agent)
        callback = await ask_to_be_called_back(centre, number, customer)
        await centre.arrive_and_wake(agent)
        await (await phone.next_call(20)).answer()
        called = await customer.next_call()
        dead = kill(stack, part)
        await called.answer()
        await stack.until_ready(part, other_than=dead)
        await centre.until(lambda: centre.is_at(callback, CallStage.CONNECTED))
        await called.hang_up()
        cdr = await centre.cdr_of(callback)
        assert [one.direction for one in customer.calls] == ["out", "in"]
        await centre.until_state(agent, AgentState.IDLE)
    assert (cdr.disposition, cdr.user_id) == ("answered", agent.user_id)


@pytest.mark.parametrize("part", ["node", "worker"])
async def test_a_wrap_up_ends_in_time(centre: Centre, stack: Stack, part: str) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent], wrap_up_seconds=4)
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await (await phone.next_call()).answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        await call.hang_up()
        await centre.until_state(agent, AgentState.WRAP_UP)
        await killed_and_back(stack, part)
        await centre.until_state(agent, AgentState.IDLE, 20)
        cdr = await centre.completed_cdr(number)
        assert len(await centre.cdrs(number)) == 1
    assert cdr.wrap_up_seconds is not None
    assert cdr.wrap_up_seconds >= 3.9
