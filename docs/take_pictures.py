"""`make pictures`: the pictures of the README, taken from the real portal of a real centre with real calls."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, expect
from sqlalchemy import select

from db import accounts, queues, revisions
from db.accounts import AccountRequest, NewAccount
from db.clock import now
from db.models import Extension
from domain.agent import ExtensionKind, Role
from everline.stack import Stack
from tests.phones.browser import open_page, start_browser
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.portal.desk import Desk
from tests.support.centre import Centre
from tests.support.stack import stack_settings, temporary_home

_FOLDER = Path(__file__).parent / "pictures"
_SUPPORT, _SALES = "5000", "5100"
_WRAP_UP_SECONDS = 2
_TALK_IN_PICTURE = 17.0
_SHORT_WHILE = 2.6
"""Seconds. A clock that stands at 0:00 shows nothing."""


@dataclass(frozen=True)
class _Customer:
    """Somebody who calls, from a number that is kept free for stories like this one."""

    name: str
    number: str


_EARLIER = (
    (_Customer("Jonas Weber", "+493023125017"), 21.0),
    (_Customer("Amelia Clarke", "+442079460182"), 9.0),
    (_Customer("Priya Raman", "+12025550164"), 14.0),
)
"""The calls of before, with how many seconds they lasted."""
_NOW = _Customer("Zoë Müller", "+493023125482")
_WAITING = (_Customer("Liam O'Connor", "+442079460311"), _Customer("Grace Hopkins", "+12025550119"))


@dataclass(frozen=True)
class _Scene:
    """A centre with one agent at a browser, and a phone from which all customers call."""

    centre: Centre
    agent: NewAccount
    supervisor: NewAccount
    desk: Desk
    phone: SoftPhone

    async def call(self, customer: _Customer, number: str = _SUPPORT) -> PhoneCall:
        """Let a customer call."""
        uri = self.centre.uri(number)
        return await self.phone.dial(uri, caller_name=customer.name, caller_number=customer.number)

    async def take(self, customer: _Customer, talk: float) -> None:
        """A whole call, answered in the portal and ended by the customer."""
        call = await self.call(customer)
        await self.desk.stage("offered")
        await self.desk.part("answer").click()
        await self.desk.stage("connected")
        await asyncio.sleep(talk)  # The talk takes its time; so the list of calls has something to show.
        await call.hang_up()
        await self.desk.state("idle")

    async def picture(self, name: str) -> None:
        """Keep what the agent sees."""
        await _picture(self.desk.page, name)


async def main() -> None:
    """Start a centre, live through a few calls, take the pictures, stop everything."""
    _FOLDER.mkdir(exist_ok=True)
    async with _scene() as scene:
        await scene.desk.page.goto(f"{scene.desk.address}/login")
        await expect(scene.desk.part("login-submit")).to_be_visible()
        await scene.picture("login")
        await scene.desk.ready(scene.agent)
        for customer, talk in _EARLIER:
            await scene.take(customer, talk)
        await _dark(scene)
        await _calls(scene)


async def _dark(scene: _Scene) -> None:
    await asyncio.sleep(_SHORT_WHILE)
    await scene.desk.page.emulate_media(color_scheme="dark")
    await scene.picture("idle-dark")
    await scene.desk.page.emulate_media(color_scheme="light")


async def _calls(scene: _Scene) -> None:
    current = await scene.call(_NOW)
    await scene.desk.stage("offered")
    await asyncio.sleep(_SHORT_WHILE)
    await scene.picture("offered")
    await scene.desk.part("answer").click()
    await scene.desk.stage("connected")
    waiting = [
        await scene.call(customer, number) for customer, number in zip(_WAITING, (_SUPPORT, _SALES), strict=True)
    ]
    await scene.centre.until_waiting(_SUPPORT, 1)
    await scene.centre.until_waiting(_SALES, 1)
    await asyncio.sleep(_TALK_IN_PICTURE)
    await scene.picture("portal")
    await _consult(scene)
    for call in (*waiting, current):
        await call.hang_up()
    await scene.centre.until_quiet(_SUPPORT)


async def _consult(scene: _Scene) -> None:
    async with scene.centre.desk_phone() as phone:
        await scene.centre.register(phone, scene.supervisor)
        await scene.centre.arrive(scene.supervisor)
        await scene.desk.page.keyboard.press("c")
        row = scene.desk.page.locator(f'[data-reach="{scene.supervisor.user_id}"]')
        await expect(row).to_contain_text("Available")
        await scene.picture("consult")
        await row.click()
        await (await phone.next_call()).answer()
        await scene.desk.stage("consulting")
        await asyncio.sleep(_SHORT_WHILE)
        await scene.picture("consulting")
        await scene.desk.page.keyboard.press("b")
        await scene.desk.stage("connected")
        await scene.desk.page.keyboard.press("h")
        await scene.desk.stage("held")
        await scene.picture("held")


async def _picture(page: Page, name: str) -> None:
    # Else a button that was just clicked keeps its hover colour and its tip.
    await page.mouse.move(0, 0)
    await page.evaluate("document.fonts.ready")
    path = _FOLDER / f"{name}.png"
    await page.screenshot(path=path, animations="disabled")
    print(f"{path.relative_to(Path.cwd())}: {path.stat().st_size // 1000} KB")


@asynccontextmanager
async def _scene() -> AsyncIterator[_Scene]:
    async with AsyncExitStack() as cleanup:
        home = cleanup.enter_context(temporary_home())
        stack = await cleanup.enter_async_context(Stack(stack_settings(home, time_zone="Europe/Berlin")))
        centre = Centre(stack)
        cleanup.push_async_callback(centre.close)
        await centre.add_trunk()
        agent, supervisor = await _people(centre)
        browser = await cleanup.enter_async_context(start_browser())
        page = await cleanup.enter_async_context(open_page(browser))
        phone = await cleanup.enter_async_context(centre.customer())
        yield _Scene(centre, agent, supervisor, Desk(page, f"http://localhost:{centre.settings.portal_port}"), phone)


async def _people(centre: Centre) -> tuple[NewAccount, NewAccount]:
    """One agent, in two queues, and a supervisor with a desk phone."""
    async with centre.database.write() as session:
        agent = await accounts.create(session, AccountRequest("Anna Berg", kind=ExtensionKind.WEB), now())
        for name, number in (("Support", _SUPPORT), ("Sales", _SALES)):
            queue_id = await queues.add(session, queues.NewQueue(name, wrap_up_seconds=_WRAP_UP_SECONDS), now())
            await queues.add_member(session, queue_id, agent.user_id)
            await queues.add_number(session, number, queue_id)
        boss = AccountRequest("Mona Lindqvist", Role.SUPERVISOR, ExtensionKind.SIP)
        supervisor = await accounts.create(session, boss, now())
        revision = await session.scalar(select(Extension.revision).where(Extension.number == supervisor.extension))
    assert revision is not None
    assert await revisions.wait_provisioned(centre.database, revision, 10)
    return agent, supervisor


if __name__ == "__main__":
    asyncio.run(main())
