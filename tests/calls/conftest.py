from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from api.calls.commands import Calls
from domain.agents.agent import Role
from domain.calls.call import CallStage
from tests.calls.talk import Talk
from tests.support.centre import Centre


@pytest.fixture
async def talk(centre: Centre) -> AsyncIterator[Talk]:
    agent = await centre.add_agent()
    boss = await centre.add_agent(role=Role.SUPERVISOR)
    number = await centre.add_queue([agent])
    async with AsyncExitStack() as phones:
        phone = await phones.enter_async_context(centre.desk_phone())
        boss_phone = await phones.enter_async_context(centre.desk_phone())
        customer = await phones.enter_async_context(centre.customer())
        await centre.register(phone, agent)
        await centre.register(boss_phone, boss)
        await centre.arrive(agent, boss)
        dialled = await customer.dial(centre.uri(number))
        with_agent = await phone.next_call()
        await with_agent.answer()
        call = await centre.until_stage(number, CallStage.CONNECTED)
        calls = Calls(await centre.temporal())
        yield Talk(centre, calls, call.id, number, agent, boss, dialled, with_agent, boss_phone, phone)
        await centre.until_quiet(number)
