"""The node stood still while a caller came and went: whoever is gone rings nobody."""

import asyncio
import os
import signal

from domain.agent import AgentState
from everline.stack import Stack
from tests.support.centre import Centre

ASTERISK_KNOWS = 20.0
"""Seconds within which Asterisk sees a call come or go."""


async def test_nobody_is_rung_for_a_caller_who_came_and_went_unseen(centre: Centre, stack: Stack) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    node = stack.process("node")
    async with centre.desk_phone() as phone, centre.customer() as customer, centre.asterisk() as asterisk:
        await centre.register(phone, agent)

        async def somebody_there() -> bool:
            return bool(await asterisk.channels())

        async def nobody_there() -> bool:
            return not await asterisk.channels()

        os.kill(node, signal.SIGSTOP)
        try:
            call = await customer.dial(centre.uri(number))
            await centre.until(somebody_there, ASTERISK_KNOWS)
            await asyncio.sleep(2)  # The caller waits, and gives up.
            await call.hang_up()
            await centre.until(nobody_there, ASTERISK_KNOWS)
        finally:
            os.kill(node, signal.SIGCONT)
        cdr = await centre.completed_cdr(number)
        assert cdr.disposition == "abandoned"
        assert not phone.calls
        assert await centre.state_of(agent.user_id) is AgentState.IDLE
