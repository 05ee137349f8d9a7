"""A caller in line hangs up, keeps the place, and is called when the turn comes: with real phones at both ends."""

import asyncio
from pathlib import Path

from sqlalchemy import select

from db.models import Callback, Cdr
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.call import CallStage
from tests.phones.audio import tones_in
from tests.support.centre import Centre

CUSTOMER = "+12025550147"
CUSTOMER_TONE, AGENT_TONE = 440.0, 1000.0
TALK_SECONDS = 2.0


async def test_a_caller_keeps_the_place_and_is_called_once(centre: Centre, tmp_path: Path) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.set_rules(number, callback_key="5")
    heard = tmp_path / "customer.wav"
    async with (
        centre.desk_phone(tone_hz=AGENT_TONE) as phone,
        centre.customer(tone_hz=CUSTOMER_TONE, record=heard) as customer,
        centre.customer() as later,
    ):
        await centre.call_out_to(customer)
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number), caller_number=CUSTOMER)
        waiting = await centre.until_stage(number, CallStage.WAITING)
        late = await later.dial(centre.uri(number))
        await centre.until_waiting(number, 2)
        await call.dtmf("5")
        await centre.until_dialog(waiting.id)
        await call.dtmf("1")
        await call.wait_for_end(30)
        await centre.arrive_and_wake(agent)
        # The one who hung up is before the one who came later: the agent's phone rings for the callback.
        ringing = await phone.next_call()
        assert CUSTOMER in ringing.caller
        await ringing.answer()
        called = await customer.next_call()
        assert called.caller == number
        await called.answer()
        await centre.until(lambda: centre.is_at(ids.callback(waiting.id), CallStage.CONNECTED))
        await asyncio.sleep(TALK_SECONDS)  # Sound takes its own time.
        await late.hang_up()
        await called.hang_up()
        cdr = await centre.cdr_of(ids.callback(waiting.id))
        assert [one.direction for one in customer.calls] == ["out", "in"]
    assert (cdr.type, cdr.disposition, cdr.customer_number, cdr.user_id) == (
        "auto",
        "answered",
        CUSTOMER,
        agent.user_id,
    )
    asked = await centre.cdr_of(waiting.id)
    assert (asked.disposition, asked.exit) == ("unanswered", "callback")
    [recording] = await centre.recordings(cdr.call_id)
    tones = tones_in(centre.recording_file(recording), [CUSTOMER_TONE, AGENT_TONE])
    assert all(tone.seconds > 0.5 for tone in tones.values())
    async with centre.database.read() as session:
        callback = await session.scalar(select(Callback).where(Callback.call_id == cdr.call_id))
        count = len(list(await session.scalars(select(Cdr.call_id).where(Cdr.call_id.like(f"{waiting.id}%")))))
    assert callback is not None
    assert (callback.state, callback.attempts, count) == ("done", 1, 2)


async def test_a_busy_line_is_tried_again_by_rule_and_then_given_up(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.set_rules(number, callback_key="5", callback_attempts=2, callback_busy_seconds=1)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.call_out_to(customer)
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number), caller_number=CUSTOMER)
        waiting = await centre.until_stage(number, CallStage.WAITING)
        await call.dtmf("5")
        await centre.until_dialog(waiting.id)
        await call.dtmf("1")
        await call.wait_for_end(30)
        await centre.arrive_and_wake(agent)
        for _ in range(2):
            ringing = await phone.next_call(20)
            await ringing.answer()
            await (await customer.next_call()).decline(486)
            await ringing.wait_for_end()
        cdr = await centre.cdr_of(ids.callback(waiting.id))
        await centre.until_state(agent, AgentState.IDLE)
    assert cdr.disposition == "busy"
    async with centre.database.read() as session:
        callback = await session.scalar(select(Callback).where(Callback.call_id == cdr.call_id))
    assert callback is not None
    assert (callback.state, callback.attempts) == ("failed", 2)
