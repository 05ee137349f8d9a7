"""`make pictures`: every state of the agent's desk, taken from the real portal of a real centre with real calls."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, expect

from docs.scene import Customer, Scene, Stills, start_scene
from tests.phones.browser import open_page
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.portal.desk import Desk

_SHORT_WHILE = 2.6
"""Seconds. A clock that stands at 0:00 shows nothing."""
_TALK_IN_PICTURE = 17.0
_EARLIER = (
    (Customer("Jonas Weber", "+493023125017"), 21.0),
    (Customer("Amelia Clarke", "+442079460182"), 9.0),
    (Customer("Priya Raman", "+12025550164"), 14.0),
)
"""The calls of before, with how many seconds they lasted."""
_NOW = Customer("Zoë Müller", "+493023125482")
_WAITING = (Customer("Liam O'Connor", "+442079460311"), Customer("Grace Hopkins", "+12025550119"))


async def main() -> None:
    """Start a centre, live through a few calls, take the pictures, stop everything."""
    async with start_scene() as scene:
        await _log_in(scene)
        for customer, talk in _EARLIER:
            await _whole_call(scene, customer, talk)
        await _at_rest(scene)
        await _pages(scene)
        async with _third_party(scene) as phone:
            await _call(scene, phone)
        await _others(scene)


async def _log_in(scene: Scene) -> None:
    await scene.desk.page.goto(f"{scene.desk.address}/login")
    await expect(scene.desk.part("login-submit")).to_be_visible()
    await scene.picture("login")
    await scene.desk.ready(scene.agent)


async def _whole_call(scene: Scene, customer: Customer, talk: float) -> None:
    """A whole call, answered in the portal, ended by the customer, and coded."""
    call = await scene.call(customer)
    await scene.desk.stage("offered")
    await scene.desk.part("answer").click()
    await scene.desk.stage("connected")
    await asyncio.sleep(talk)  # The talk takes its time; so the list of calls has something to show.
    await call.hang_up()
    await scene.desk.stage("wrap_up")
    await scene.desk.page.keyboard.press("1")
    await scene.desk.state("idle")


async def _at_rest(scene: Scene) -> None:
    desk = scene.desk
    await asyncio.sleep(_SHORT_WHILE)
    await scene.picture("idle")
    await scene.picture("idle-dark", dark=True)
    for key, test_id, name in (
        ("k", "keypad-dialog", "dial-pad"),
        ("?", "shortcuts", "shortcuts"),
        ("s", "devices", "devices"),
    ):
        await desk.page.keyboard.press(key)
        await expect(desk.part(test_id)).to_be_visible()
        if test_id == "devices":
            await expect(desk.part("device-level-words")).to_have_text("It hears you.")
        await scene.picture(name)
        await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("p")
    await desk.page.keyboard.press("1")
    await desk.state("paused")
    await asyncio.sleep(_SHORT_WHILE)
    await scene.picture("paused")
    await desk.page.keyboard.press("r")
    await desk.state("idle")


async def _pages(scene: Scene) -> None:
    """The pages beside the dashboard: of an agent, and of an administrator."""
    desk = scene.desk
    await scene.leave_voicemails(_WAITING)
    for title, part, name in (("My calls", "recent-call", "my-calls"), ("Voicemails", "message", "voicemails")):
        await desk.part("pages").get_by_role("link", name=title).click()
        await expect(desk.part(part).first).to_be_visible()
        await scene.picture(name)
    await desk.part("pages").get_by_role("link", name="Dashboard").click()
    await expect(desk.part("recent-call").first).to_be_visible()
    async with open_page(scene.browser) as page:
        office = Desk(page, desk.address)
        await office.log_in(scene.administrator)
        await expect(office.part("user").first).to_be_visible()
        await expect(office.part("phone-status")).to_have_attribute("data-value", "ready")
        await Stills(page).take("users")


@asynccontextmanager
async def _third_party(scene: Scene) -> AsyncIterator[SoftPhone]:
    """A supervisor who has arrived, with a desk phone."""
    async with scene.centre.desk_phone() as phone:
        await scene.centre.register(phone, scene.supervisor)
        await scene.centre.arrive(scene.supervisor)
        yield phone


async def _call(scene: Scene, supervisor: SoftPhone) -> None:
    """One call through all its stages, while others wait."""
    current = await scene.call(_NOW)
    await scene.desk.stage("offered")
    await asyncio.sleep(_SHORT_WHILE)
    await scene.picture("offered")
    await scene.picture("offered-dark", dark=True)
    await scene.desk.part("answer").click()
    await scene.desk.stage("connected")
    waiting = [await scene.call(_WAITING[0]), await scene.call(_WAITING[1], scene.sales)]
    await scene.centre.until_waiting(scene.support, 1)
    await scene.centre.until_waiting(scene.sales, 1)
    await asyncio.sleep(_TALK_IN_PICTURE)
    await scene.picture("portal")
    await scene.picture("portal-dark", dark=True)
    await scene.narrow_picture("portal-1024")
    await _supervisor(scene)
    await _held_and_transferred(scene, supervisor)
    await _consulted(scene, supervisor)
    await scene.desk.page.keyboard.press("Shift+E")
    await scene.desk.stage("wrap_up")
    await asyncio.sleep(_SHORT_WHILE)
    await scene.picture("wrap-up")
    await _paused_next(scene)
    await _hang_up_all(scene, [*waiting, current])
    await scene.desk.page.keyboard.press("1")
    await scene.centre.until_quiet(scene.support)


async def _hang_up_all(scene: Scene, calls: list[PhoneCall]) -> None:
    for call in calls:
        if not call.ended:
            await call.hang_up()
    await scene.centre.until_waiting(scene.support, 0)
    await scene.centre.until_waiting(scene.sales, 0)


async def _paused_next(scene: Scene) -> None:
    """A pause is asked for before the call is done with, and taken back."""
    keys = scene.desk.page.keyboard
    await keys.press("p")
    await keys.press("2")
    await scene.desk.part("stay").wait_for()
    await scene.picture("pause-next")
    await keys.press("p")
    await scene.desk.part("pause").wait_for()


async def _held_and_transferred(scene: Scene, supervisor: SoftPhone) -> None:
    """The customer hears music; a transfer rings, and is taken back."""
    keys = scene.desk.page.keyboard
    await keys.press("h")
    await scene.desk.stage("held")
    await asyncio.sleep(_SHORT_WHILE)
    await scene.picture("held")
    await keys.press("x")
    await scene.desk.page.locator(f'[data-reach="{scene.supervisor.user_id}"]').click()
    await supervisor.next_call()
    await scene.desk.stage("reaching")
    await scene.picture("transfer")
    await keys.press("b")
    await scene.desk.stage("connected")


async def _consulted(scene: Scene, supervisor: SoftPhone) -> None:
    """A colleague is asked in private, and then all talk together."""
    keys = scene.desk.page.keyboard
    await keys.press("c")
    row = scene.desk.page.locator(f'[data-reach="{scene.supervisor.user_id}"]')
    await expect(row).to_contain_text("Available")
    await scene.picture("consult")
    await row.click()
    await (await supervisor.next_call()).answer()
    await scene.desk.stage("consulting")
    await asyncio.sleep(_SHORT_WHILE)
    await scene.picture("consulting")
    await keys.press("f")
    await scene.desk.stage("conference")
    await asyncio.sleep(_SHORT_WHILE)
    await scene.picture("conference")


async def _supervisor(scene: Scene) -> None:
    """What a supervisor sees while agents work."""
    async with open_page(scene.browser) as page:
        desk = Desk(page, scene.desk.address)
        await desk.log_in(scene.supervisor)
        await expect(desk.part("waiting-call")).to_have_count(len(_WAITING))
        await expect(page.locator(".skeleton").filter(visible=True)).to_have_count(0)
        await Stills(page).take("supervisor")


async def _others(scene: Scene) -> None:
    """The desk of an agent with a desk phone, and a line that is down."""
    await _desk_phone(scene, scene.browser)
    # Nothing new can be fetched, and the line that is open dies with its process.
    await scene.desk.page.route("**/api/v1/**", lambda route: route.abort())
    await scene.centre.kill_and_revive("api")
    await expect(scene.desk.part("connection-lost")).to_be_visible()
    await asyncio.sleep(_SHORT_WHILE)
    await scene.picture("connection-lost")


async def _desk_phone(scene: Scene, browser: Browser) -> None:
    async with open_page(browser) as page:
        desk = Desk(page, scene.desk.address)
        await desk.log_in(scene.phone_agent)
        await expect(desk.part("sip-notice")).to_be_visible()
        await Stills(page).take("desk-phone")


if __name__ == "__main__":
    asyncio.run(main())
