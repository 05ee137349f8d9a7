"""A colleague who picks up when the claim has run out, and who is another caller's by then."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from db.core.clock import now
from db.models import Agent
from domain.calls.call import CallStage, Purpose
from tests.calls.talk import Talk


@pytest.mark.parametrize("purpose", [Purpose.TRANSFER, Purpose.CONSULT])
async def test_a_guest_who_picks_up_too_late_is_not_given_the_call(talk: Talk, purpose: Purpose) -> None:
    centre, boss = talk.centre, talk.boss
    other = await centre.add_queue([boss])
    late = await talk.reach(purpose)
    async with centre.database.write() as session:
        ran_out = now() - timedelta(seconds=1)
        await session.execute(update(Agent).where(Agent.user_id == boss.user_id).values(until=ran_out))
    async with centre.customer() as second:
        waiting = await second.dial(centre.uri(other))
        ringing = await talk.boss_phone.next_call()
        theirs = (await centre.until_stage(other, CallStage.OFFERED)).id
        await late.answer()
        assert await late.wait_for_end()
        await talk.talk("c", "1")
        async with centre.database.read() as session:
            held = await session.scalar(select(Agent.call_id).where(Agent.user_id == boss.user_id))
        assert held == theirs
        await ringing.answer()
        await centre.until(lambda: centre.is_at(theirs, CallStage.CONNECTED))
        await talk.customer.hang_up()
        await waiting.hang_up()
        await centre.until_quiet(other)
