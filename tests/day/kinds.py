"""The calls of a day: what the customer and the agent do in each, and what its record must say."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from db.accounts.accounts import NewAccount
from domain.agents.agent import AgentState
from domain.calls.call import Disposition
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.portal.desk import Desk
from tests.support.centre import Centre

PATIENCE = 30.0
"""Seconds that anything may take on a busy machine."""
CODE = "Solved"
_CODE_KEY = "1"
_TALK_SECONDS = 1.0


@dataclass(frozen=True)
class Floor:
    """An agent at a browser, a supervisor with a desk phone, and a phone from which all customers call."""

    centre: Centre
    desk: Desk
    agent: NewAccount
    boss: NewAccount
    boss_phone: SoftPhone
    customers: SoftPhone
    number: str
    short_number: str
    """Of a queue whose calls ring for a few seconds only."""

    async def call(self, caller: str, *, short: bool = False) -> PhoneCall:
        """A customer calls and hears music."""
        uri = self.centre.uri(self.short_number if short else self.number)
        call = await self.customers.dial(uri, caller_name="Zoë Müller", caller_number=caller)
        await call.wait_for("confirmed", PATIENCE)
        return call

    async def talk(self, caller: str) -> PhoneCall:
        """A customer calls and the agent answers; they have said something."""
        call = await self.call(caller)
        await self.desk.stage("offered")
        await self.desk.part("answer").click()
        await self.desk.stage("connected")
        await asyncio.sleep(_TALK_SECONDS)  # The talk takes its time.
        return call

    async def finish(self, call: PhoneCall) -> None:
        """The call is over; the agent gives it a code by one key and is ready."""
        await call.wait_for_end(PATIENCE)
        await self.desk.stage("wrap_up")
        await self.desk.page.keyboard.press(_CODE_KEY)
        await self.desk.state("idle")

    async def consult(self) -> None:
        """The agent talks with the supervisor while the customer hears music."""
        await self.centre.until_state(self.boss, AgentState.IDLE, PATIENCE)
        await self.desk.page.keyboard.press("c")
        await self.desk.page.locator(f'[data-reach="{self.boss.user_id}"]').click()
        await (await self.boss_phone.next_call(PATIENCE)).answer()
        await self.desk.stage("consulting")

    async def pause(self) -> None:
        """The agent takes a break."""
        await self.desk.page.keyboard.press("p")
        await self.desk.page.keyboard.press("1")
        await self.desk.state("paused")

    async def ready(self) -> None:
        """The break is over."""
        await self.desk.page.keyboard.press("r")
        await self.desk.state("idle")


async def _ended_by_agent(floor: Floor, caller: str) -> None:
    call = await floor.talk(caller)
    await floor.desk.part("hang-up").click()
    await floor.finish(call)


async def _ended_by_customer(floor: Floor, caller: str) -> None:
    call = await floor.talk(caller)
    await call.hang_up()
    await floor.finish(call)


async def _held(floor: Floor, caller: str) -> None:
    call = await floor.talk(caller)
    for stage in ("held", "connected"):
        await floor.desk.page.keyboard.press("h")
        await floor.desk.stage(stage)
    await call.hang_up()
    await floor.finish(call)


async def _consulted(floor: Floor, caller: str) -> None:
    call = await floor.talk(caller)
    await floor.consult()
    await floor.desk.page.keyboard.press("b")
    await floor.desk.stage("connected")
    await floor.desk.part("hang-up").click()
    await floor.finish(call)


async def _handed_over(floor: Floor, caller: str) -> None:
    call = await floor.talk(caller)
    await floor.consult()
    await floor.desk.page.keyboard.press("o")
    await floor.desk.stage("empty")
    await floor.desk.state("idle")
    await call.hang_up()


async def _given_up(floor: Floor, caller: str) -> None:
    await floor.pause()
    call = await floor.call(caller)
    await floor.centre.until_waiting(floor.number, 1)
    await call.hang_up()
    await floor.ready()


async def _declined(floor: Floor, caller: str) -> None:
    call = await floor.call(caller)
    await floor.desk.stage("offered")
    await floor.desk.part("decline").click()
    await floor.desk.stage("empty")
    await call.hang_up()


async def _missed(floor: Floor, caller: str) -> None:
    call = await floor.call(caller, short=True)
    await floor.desk.stage("offered")
    await floor.desk.stage("empty")
    await call.hang_up()


@dataclass(frozen=True)
class Kind:
    """One way in which a call goes."""

    name: str
    act: Callable[[Floor, str], Awaitable[None]]
    disposition: Disposition = Disposition.ANSWERED
    coded: bool = True
    by_boss: bool = False
    """Whether the supervisor has it in the end."""


KINDS = (
    Kind("answered, ended by the agent", _ended_by_agent),
    Kind("answered, held", _held),
    Kind("given up while the agent pauses", _given_up, Disposition.ABANDONED, coded=False),
    Kind("answered, ended by the customer", _ended_by_customer),
    Kind("answered, supervisor consulted", _consulted),
    Kind("declined, then given up", _declined, Disposition.ABANDONED, coded=False),
    Kind("answered, handed to the supervisor", _handed_over, coded=False, by_boss=True),
    Kind("missed, then given up", _missed, Disposition.ABANDONED, coded=False),
)
