"""Callers who come back to the line, from a dialog or from a talk: what they meet there, and what is kept of them."""

import asyncio

from sqlalchemy import func, select

from db.models import QueueVisit, WaitingCall
from domain.agents.agent import AgentState
from domain.calls.call import CallStage, Purpose
from tests.calls.talk import Talk
from tests.support.centre import Centre

TALK_SECONDS, WAIT_SECONDS = 3.0, 4.0


async def test_who_would_rather_wait_in_a_full_line_waits(centre: Centre) -> None:
    number = await centre.add_queue([])
    await centre.set_rules(number, max_waiting=1, callback_key="5")
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number), caller_number="+12025550147")
        waiting = await centre.until_stage(number, CallStage.WAITING)
        await call.dtmf("5")
        await centre.until_dialog(waiting.id)
        await call.dtmf("*")
        # The row tells WAITING during the dialog, too.
        await centre.until_dialog(waiting.id, CallStage.WAITING)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert (cdr.disposition, cdr.exit) == ("abandoned", None)
    async with centre.database.read() as session:
        left = await session.scalar(select(func.count()).where(WaitingCall.call_id == cdr.call_id))
    assert left == 0


async def test_a_talk_whose_customer_gives_up_in_line_keeps_its_recording_and_its_times(talk: Talk) -> None:
    centre = talk.centre
    await centre.pause(talk.agent)
    await asyncio.sleep(TALK_SECONDS)  # They talk.
    ringing = await talk.reach(Purpose.TRANSFER)
    await talk.with_agent.hang_up()
    await centre.until_state(talk.agent, AgentState.PAUSED)
    await ringing.decline(486)
    await centre.until_stage(talk.number, CallStage.WAITING)
    await asyncio.sleep(WAIT_SECONDS)  # The customer waits.
    await talk.customer.hang_up()
    cdr = await centre.completed_cdr(talk.number)
    assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("abandoned", "customer", talk.agent.user_id)
    assert TALK_SECONDS - 1 < cdr.talk_seconds < TALK_SECONDS + 3
    assert WAIT_SECONDS - 1 < cdr.wait_seconds < WAIT_SECONDS + 4
    [recording] = await centre.recordings(talk.call_id)
    assert recording.status == "stored"
    async with centre.database.read() as session:
        visits = list(
            await session.scalars(
                select(QueueVisit).where(QueueVisit.call_id == talk.call_id).order_by(QueueVisit.entered_at)
            )
        )
    assert [visit.outcome for visit in visits] == ["answered", "abandoned"]
    assert all(visit.entered_at <= visit.left_at for visit in visits)
    await centre.until(lambda: centre.is_gone_from_asterisk(talk.call_id))
