"""Until somebody has answered, the ways out of a queue are open, also while a phone rings."""

from sqlalchemy import select

from db.models import Callback
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.call import CallStage
from domain.queues.exits import ExitAction, Occasion
from tests.support.centre import Centre

CUSTOMER = "+12025550147"


async def test_who_presses_the_callback_key_while_a_phone_rings_is_called_back(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.set_rules(number, callback_key="5")
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.call_out_to(customer)
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number), caller_number=CUSTOMER)
        ringing = await phone.next_call()
        offered = await centre.until_stage(number, CallStage.OFFERED)
        await call.dtmf("5")
        await ringing.wait_for_end(10)
        await centre.until_dialog(offered.id)
        await call.dtmf("1")
        await call.wait_for_end(30)
        # The agent has been idle all the time, and the line of the one who hung up is free now.
        again = await phone.next_call(15)
        assert CUSTOMER in again.caller
        await again.answer()
        called = await customer.next_call()
        await called.answer()
        await centre.until(lambda: centre.is_at(ids.callback(offered.id), CallStage.CONNECTED))
        await called.hang_up()
        cdr = await centre.cdr_of(ids.callback(offered.id))
    assert cdr.disposition == "answered"
    async with centre.database.read() as session:
        callback = await session.scalar(select(Callback).where(Callback.call_id == cdr.call_id))
    assert callback is not None
    assert (callback.state, callback.attempts) == ("done", 1)


async def test_the_longest_wait_ends_while_a_phone_rings(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.set_rules(number, max_wait_seconds=3)
    await centre.set_exit(number, Occasion.MAX_WAIT, ExitAction.HANG_UP, message="beep")
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        ringing = await phone.next_call()
        await ringing.wait_for_end(15)
        await call.wait_for_end(15)
        cdr = await centre.completed_cdr(number)
        await centre.until_state(agent, AgentState.IDLE)
    assert (cdr.disposition, cdr.exit) == ("unanswered", "max_wait")


async def test_who_calls_again_and_is_served_is_not_called_back(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.set_rules(number, callback_key="5")
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.call_out_to(customer)
        await centre.register(phone, agent)
        await centre.pause(agent)
        first = await customer.dial(centre.uri(number), caller_number=CUSTOMER)
        waiting = await centre.until_stage(number, CallStage.WAITING)
        await first.dtmf("5")
        await centre.until_dialog(waiting.id)
        await first.dtmf("1")
        await first.wait_for_end(30)
        # An urgent one, so that it comes before the callback.
        async with centre.database.write() as session:
            queue_id = await centre.queue_id(session, number)
        await centre.until(lambda: centre.is_at(ids.callback(waiting.id), CallStage.WAITING))
        second = await customer.dial(centre.uri(number), caller_number=CUSTOMER)
        await centre.until_waiting(number, 2)
        await centre.move_to_top(queue_id, but=ids.callback(waiting.id))
        await centre.arrive_and_wake(agent)
        await (await phone.next_call()).answer()
        await centre.until_stage(number, CallStage.CONNECTED)
        cdr = await centre.cdr_of(ids.callback(waiting.id), 20)
        await second.hang_up()
        await centre.until_quiet(number)
    assert (cdr.disposition, cdr.exit) == ("unanswered", "served")
