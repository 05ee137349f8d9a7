"""The people of a chaos run: agents at desk phones that answer by themselves, and the customers' phones."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import ClientError
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from db.accounts.accounts import NewAccount
from db.core.clock import now
from db.users import sessions
from domain.agents.agent import Role
from tests.api.browser import Browser
from tests.phones.messages import Incoming
from tests.phones.soft_phone import SoftPhone
from tests.support.centre import Centre
from tests.support.outside import limits

PATIENCE = 90.0
"""Seconds that anything may take while processes are killed and stopped."""
CALLBACK_KEY = "5"
_PICKED_UP = Incoming(action="answer", after_seconds=0.3)
_AGAIN = 0.3
_PASSING = (ClientError, TimeoutError, SQLAlchemyError, RPCError, OSError)
"""What a request meets while the process that it needs is away."""
_DIALS_A_MINUTE = 60

Result = TypeVar("Result")


async def patiently(act: Callable[[], Awaitable[Result]]) -> Result:
    """Do something again and again until nothing that it needs is away. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await act()
            except _PASSING:
                await asyncio.sleep(_AGAIN)


@dataclass(frozen=True)
class Seat:
    """An agent, the desk phone, and the log-in by which the agent presses what a page offers."""

    account: NewAccount
    phone: SoftPhone
    browser: Browser

    async def press(self, verb: str, body: dict[str, Any] | None = None) -> bool:
        """Press a button of the present call once. False when it was refused, or there is no call."""
        try:
            call = (await self.browser.desk())["call"]
            if call is None:
                return False
            said = {**(body or {}), **({"seen": call["revision"]} if "revision" in call else {})}
            answer = await self.browser.ask("POST", f"/api/v1/calls/{call['call_id']}/{verb}", json=said)
        except (*_PASSING, AssertionError):
            return False
        return answer.status == 200

    async def dial(self, number: str) -> bool:
        """Dial a number, once. False when it was refused."""
        try:
            answer = await self.browser.ask("POST", "/api/v1/calls", json={"number": number})
        except _PASSING:
            return False
        return answer.status == 202


@dataclass(frozen=True)
class Floor:
    """Two agents who serve a queue, a supervisor to be asked, an agent for callbacks, and all customers."""

    centre: Centre
    agents: tuple[Seat, Seat]
    boss: Seat
    caller_back: Seat
    customers: SoftPhone
    called: SoftPhone
    """The phone of the customers whom we call; it answers by itself."""
    number: str
    callback_number: str
    callback_turn: asyncio.Lock

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Everybody with a phone of ours."""
        return (*self.agents, self.boss, self.caller_back)


@asynccontextmanager
async def open_floor(centre: Centre, folder: Path) -> AsyncIterator[Floor]:
    """People the centre. Sound of customers is recorded in the folder."""
    async with AsyncExitStack() as stack:

        async def seat(hz: float, role: Role = Role.AGENT) -> Seat:
            account = await centre.add_agent(role=role)
            phone = await stack.enter_async_context(centre.desk_phone(tone_hz=hz, incoming=_PICKED_UP))
            await centre.register(phone, account)
            return Seat(account, phone, await stack.enter_async_context(await _browser(centre, account)))

        agents = (await seat(500.0), await seat(600.0))
        boss, caller_back = await seat(700.0, Role.SUPERVISOR), await seat(800.0)
        customers = await stack.enter_async_context(centre.customer(tone_hz=950.0, record=folder / "customer.wav"))
        called = await stack.enter_async_context(
            centre.customer(tone_hz=1050.0, incoming=_PICKED_UP, record=folder / "called.wav")
        )
        await centre.call_out_to(called)
        number = await centre.add_queue([one.account for one in agents])
        callback_number = await centre.add_queue([caller_back.account])
        await centre.set_rules(callback_number, callback_key=CALLBACK_KEY)
        await centre.arrive(*(one.account for one in (*agents, boss)))
        for one in agents:
            await stack.enter_async_context(limits(centre, one.account, a_minute=_DIALS_A_MINUTE))
        yield Floor(centre, agents, boss, caller_back, customers, called, number, callback_number, asyncio.Lock())


async def _browser(centre: Centre, account: NewAccount) -> Browser:
    token = sessions.new_token()
    async with centre.database.write() as session:
        await sessions.start(session, account.user_id, sessions.hash_token(token), now())
    return Browser(f"http://localhost:{centre.settings.portal_port}", token)
