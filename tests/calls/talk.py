"""A customer who talks with an agent, and somebody who could be brought into the call."""

from dataclasses import dataclass

from api.calls.commands import Calls
from db.accounts.accounts import NewAccount
from domain.agents.agent import AgentState
from domain.calls.call import CallStage, Purpose
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.support.centre import Centre
from workflows.calls.updates import Asked, Target
from workflows.calls.workflow import CallWorkflow


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
    agent_phone: SoftPhone

    @property
    def by_agent(self) -> Asked:
        """The agent asks, whatever a page may show."""
        return Asked(self.agent.user_id)

    @property
    def by_boss(self) -> Asked:
        return Asked(self.boss.user_id)

    async def at(self, stage: CallStage) -> None:
        await self.centre.until(lambda: self.centre.is_at(self.call_id, stage))

    async def talk(self, *legs: str) -> None:
        """Waits until just these parties hear each other: `c` the customer, and agents by the number of their leg."""
        wanted = {self.call_id if leg == "c" else f"{self.call_id}-a{leg}" for leg in legs}

        async def so() -> bool:
            return await self.centre.in_bridge(self.call_id) == wanted

        await self.centre.until(so)

    async def reach(self, purpose: Purpose) -> PhoneCall:
        await self.calls.ask(CallWorkflow.reach, self.call_id, self.by_agent, Target(purpose, self.boss.user_id))
        ringing = await self.boss_phone.next_call()
        await self.at(CallStage.REACHING)
        return ringing

    async def consult(self, leg: str = "2") -> PhoneCall:
        asked = await self.reach(Purpose.CONSULT)
        await asked.answer()
        await self.at(CallStage.CONSULTING)
        await self.talk("1", leg)
        return asked

    async def next_of_agent(self) -> PhoneCall:
        """The agent's phone rings again."""
        return await self.agent_phone.next_call()

    async def over(self, by: str, agent: NewAccount) -> None:
        """The call has ended with its one record, and everybody is free."""
        cdr = await self.centre.cdr_of(self.call_id)
        assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("answered", by, agent.user_id)
        for one in (self.agent, self.boss):
            await self.centre.until_state(one, AgentState.IDLE)
        await self.centre.until(lambda: self.centre.is_gone_from_asterisk(self.call_id))
