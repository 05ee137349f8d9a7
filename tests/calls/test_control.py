"""What an agent does with a call, with real phones: who talks with whom, and who is free afterwards."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from api.calls.commands import Calls
from api.errors import RefusedError
from db.accounts import NewAccount
from domain.agent import AgentState, Role
from domain.call import CallStage, Purpose
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.support.centre import Centre
from workflows.messages import Target


@dataclass
class Talk:
    """A customer who talks with an agent, and a supervisor whose phone is there."""

    centre: Centre
    calls: Calls
    call_id: str
    number: str
    agent: NewAccount
    boss: NewAccount
    customer: PhoneCall
    with_agent: PhoneCall
    boss_phone: SoftPhone

    async def at(self, stage: CallStage) -> None:
        await self.centre.until(lambda: self.centre.is_at(self.call_id, stage))

    async def talk(self, *legs: str) -> None:
        """Waits until just these parties hear each other: `c` the customer, and agents by the number of their leg."""
        wanted = {self.call_id if leg == "c" else f"{self.call_id}-a{leg}" for leg in legs}

        async def so() -> bool:
            return await self.centre.in_bridge(self.call_id) == wanted

        await self.centre.until(so)

    async def reach(self, purpose: Purpose) -> PhoneCall:
        await self.calls.reach(self.call_id, Target(purpose, self.boss.user_id))
        ringing = await self.boss_phone.next_call()
        await self.at(CallStage.REACHING)
        return ringing

    async def consult(self) -> PhoneCall:
        asked = await self.reach(Purpose.CONSULT)
        await asked.answer()
        await self.at(CallStage.CONSULTING)
        await self.talk("1", "2")
        return asked

    async def over(self, by: str, agent: NewAccount) -> None:
        """The call has ended with its one record, and everybody is free."""
        cdr = await self.centre.cdr_of(self.call_id)
        assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("answered", by, agent.user_id)
        for one in (self.agent, self.boss):
            await self.centre.until_state(one, AgentState.IDLE)
        await self.centre.until(lambda: self.centre.is_gone_from_asterisk(self.call_id))


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
        yield Talk(centre, calls, call.id, number, agent, boss, dialled, with_agent, boss_phone)
        await centre.until_quiet(number)


async def test_a_customer_on_hold_is_out_of_the_talk_and_comes_back(talk: Talk) -> None:
    await talk.calls.hold(talk.call_id, held=True)
    await talk.talk("1")
    with pytest.raises(RefusedError, match="Only a call that is connected"):
        await talk.calls.hold(talk.call_id, held=True)
    await talk.calls.hold(talk.call_id, held=False)
    await talk.talk("c", "1")
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_a_consultation_ends_with_the_customer_back(talk: Talk) -> None:
    asked = await talk.consult()
    await talk.calls.cancel(talk.call_id)
    await talk.talk("c", "1")
    assert await asked.wait_for_end()
    await talk.centre.until_state(talk.boss, AgentState.IDLE)
    await talk.with_agent.hang_up()
    await talk.over("agent", talk.agent)


async def test_a_consultation_that_nobody_answers_brings_the_customer_back(talk: Talk) -> None:
    asked = await talk.reach(Purpose.CONSULT)
    await talk.calls.hang_up(talk.call_id, talk.agent.user_id)
    await talk.talk("c", "1")
    assert asked.ended
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_after_a_consultation_the_customer_is_handed_over(talk: Talk) -> None:
    await talk.consult()
    await talk.calls.hand_over(talk.call_id)
    await talk.talk("c", "2")
    await talk.with_agent.wait_for_end()
    await talk.centre.until_state(talk.agent, AgentState.IDLE)
    await talk.customer.hang_up()
    await talk.over("customer", talk.boss)


async def test_all_three_talk_and_the_agent_may_leave_the_others(talk: Talk) -> None:
    await talk.consult()
    await talk.calls.conference(talk.call_id)
    await talk.talk("c", "1", "2")
    await talk.with_agent.hang_up()
    await talk.talk("c", "2")
    await talk.customer.hang_up()
    await talk.over("customer", talk.boss)


async def test_a_transfer_is_the_colleagues_call_as_soon_as_it_is_answered(talk: Talk) -> None:
    asked = await talk.reach(Purpose.TRANSFER)
    await talk.talk()
    await asked.answer()
    await talk.talk("c", "2")
    await talk.with_agent.wait_for_end()
    await asked.hang_up()
    await talk.over("agent", talk.boss)


async def test_a_transfer_that_is_declined_comes_back(talk: Talk) -> None:
    asked = await talk.reach(Purpose.TRANSFER)
    await asked.decline()
    await talk.talk("c", "1")
    await talk.centre.until_state(talk.boss, AgentState.IDLE)
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_an_agent_who_hangs_up_while_a_transfer_rings_leaves_the_customer_to_it(talk: Talk) -> None:
    asked = await talk.reach(Purpose.TRANSFER)
    await talk.with_agent.hang_up()
    await talk.centre.until_state(talk.agent, AgentState.IDLE)
    await asked.answer()
    await talk.talk("c", "2")
    await talk.customer.hang_up()
    await talk.over("customer", talk.boss)


async def test_nobody_who_is_busy_or_away_can_be_reached(talk: Talk) -> None:
    await talk.centre.pause(talk.boss)
    with pytest.raises(RefusedError, match="is not available now"):
        await talk.calls.reach(talk.call_id, Target(Purpose.CONSULT, talk.boss.user_id))
    await talk.talk("c", "1")
    await talk.customer.hang_up()
    await talk.centre.cdr_of(talk.call_id)
