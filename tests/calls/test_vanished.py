"""Phones that are gone without a goodbye: a dead battery, a cable that was pulled."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from domain.agents.agent import AgentState
from domain.calls.call import CallStage, Disposition, Party
from tests.phones.raw_caller import RawCaller
from tests.support.centre import Centre

NOTICED = 110.0
"""Seconds: 50 until a caller is asked, 32 for the answer, and some for a busy machine."""
CUSTOMER = b"<sip:4930555@127.0.0.2>"
OWN_PACE = (b"Supported: timer", b"Session-Expires: 1800;refresher=uac", b"Min-SE: 90")
"""Half an hour is what most trunks ask for."""


@pytest.mark.timeout(240)
async def test_who_vanished_is_noticed_and_loses_nobody_else(centre: Centre) -> None:
    await asyncio.gather(_waiting_customer(centre), _talking_customer(centre), _agent(centre))


async def _waiting_customer(centre: Centre) -> None:
    number = await centre.add_queue([])
    async with RawCaller.start() as phone:
        phone.dial(f"127.0.0.1:{centre.settings.sip_port}", number, CUSTOMER, OWN_PACE)
        await centre.until_waiting(number, 1)
        cdr = await centre.completed_cdr(number, NOTICED)
    assert (cdr.disposition, cdr.ended_by) == (Disposition.ABANDONED, Party.CUSTOMER)


async def _talking_customer(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    async with centre.desk_phone() as agents_phone, RawCaller.start() as phone:
        await centre.register(agents_phone, agent)
        await centre.arrive(agent)
        phone.dial(f"127.0.0.1:{centre.settings.sip_port}", number, CUSTOMER, OWN_PACE)
        await (await agents_phone.next_call()).answer()
        await centre.until_stage(number, CallStage.CONNECTED)
        cdr = await centre.completed_cdr(number, NOTICED)
        await centre.until_state(agent, AgentState.IDLE)
    assert (cdr.disposition, cdr.ended_by) == (Disposition.ANSWERED, Party.CUSTOMER)


async def _agent(centre: Centre) -> None:
    """The customer hears music until the agent is back, whose phone rings once."""
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    async with AsyncExitStack() as later, centre.customer() as customer:
        async with centre.desk_phone() as phone:
            await centre.register(phone, agent)
            await centre.arrive(agent)
            call = await customer.dial(centre.uri(number))
            await (await phone.next_call()).answer()
            await centre.until_stage(number, CallStage.CONNECTED)
        await centre.until_stage(number, CallStage.RETURNING, NOTICED)
        phone = await later.enter_async_context(centre.desk_phone())
        await centre.register(phone, agent)
        await (await phone.next_call()).answer()
        await centre.until_stage(number, CallStage.CONNECTED)
        assert len(phone.calls) == 1
        assert not call.ended
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert (cdr.disposition, cdr.ended_by) == (Disposition.ANSWERED, Party.CUSTOMER)
