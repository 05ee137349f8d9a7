"""A customer who hangs up at the moment in which the agent answers leaves nothing behind."""

import asyncio

import pytest
from sqlalchemy import select

from db.models import Recording
from domain.agents.agent import AgentState
from domain.calls.call import CallStage
from tests.calls.test_desk_phones import ready
from tests.phones.raw_caller import RawCaller
from tests.phones.raw_phone import RawPhone
from tests.support.centre import PHONE_ADDRESS, TRUNK_ADDRESS, Centre

AFTER = (0.0, 0.001, 0.002, 0.004, 0.008, 0.016)
"""Seconds from the agent's 200 to the customer's BYE: within the first of them bridges and recordings were left."""


@pytest.mark.timeout(180)
async def test_nothing_is_left(centre: Centre) -> None:
    async with RawPhone.start(PHONE_ADDRESS) as phone:
        agent = await ready(centre, phone)
        for after in AFTER:
            number = await centre.add_queue([agent])
            async with RawCaller.start(TRUNK_ADDRESS) as customer:
                customer.dial(centre.sip_server, number, b"<sip:+12025550147@example.org>")
                await phone.rung(15)
                call = await centre.until_stage(number, CallStage.OFFERED)
                phone.answer()
                await asyncio.sleep(after)  # The very time that is tried.
                customer.hang_up()
                await phone.next_request("BYE", 15)
            await centre.completed_cdr(number)
            await centre.until_state(agent, AgentState.IDLE)
            await centre.until(lambda call_id=call.id: centre.is_gone_from_asterisk(call_id))  # type: ignore[misc]
            async with centre.database.read() as session:
                listed = await session.scalars(select(Recording.status).where(Recording.call_id == call.id))
                assert list(listed) == [], f"{after} s after the answer"
