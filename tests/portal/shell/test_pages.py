"""Pages come and go in the shell; the call, the live line and the phone stay."""

import asyncio
import re

from playwright.async_api import Page, Request, expect

from db.accounts.accounts import NewAccount
from tests.portal.desk import Desk
from tests.support.centre import Centre

_OF_THE_DASHBOARD = re.compile(r"/api/v1/(agent/rate|agent/changes|voicemails|calls\?mine=1&limit=10$)")
_FAR_DOWN = 300
_LOOK_SECONDS = 0.05
_CALLS = re.compile(r"My calls")


async def _open(desk: Desk, title: str) -> None:
    await desk.part("pages").get_by_role("link", name=title).click()
    await expect(desk.page.locator("main h1")).to_have_text(title)


async def _is_same_document(page: Page) -> bool:
    return bool(await page.evaluate("window.marked === true"))


async def test_a_call_goes_on_while_pages_change(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    await desk.page.evaluate("window.marked = true")
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await _open(desk, "My calls")
        await desk.part("answer").click()
        await desk.stage("connected")
        assert desk.page.url.endswith("/calls")
        for go, title in (("back", "Dashboard"), ("forward", "My calls"), ("back", "Dashboard")):
            await desk.page.evaluate(f"history.{go}()")
            await expect(desk.page.locator("main h1")).to_have_text(title)
            await expect(desk.page.locator("main h1")).to_be_focused()
            await desk.stage("connected")
        assert await _is_same_document(desk.page)
        await expect(desk.part("this-call")).to_contain_text("You answered")
        await desk.part("hang-up").click()
        await call.wait_for_end()
        await desk.part("wrap-up-complete").click()
        await desk.state("idle")
        await expect(desk.part("recent-call")).to_have_count(1)


async def test_a_page_that_was_left_asks_for_nothing_any_more(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent])
    asked: list[str] = []

    def note(request: Request) -> None:
        if _OF_THE_DASHBOARD.search(request.url):
            asked.append(request.url)

    await desk.ready(agent)
    await expect(desk.part("my-change").first).to_be_visible()
    await _open(desk, "My calls")
    await expect(desk.part("calls")).to_contain_text("No calls yet.")
    desk.page.on("request", note)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        await call.hang_up()
        await desk.part("wrap-up-complete").click()
        await desk.state("idle")
        # The page that is there has heard of it.
        await expect(desk.part("recent-call")).to_have_count(1)
    assert asked == []
    await _open(desk, "Dashboard")
    await expect(desk.part("recent-call")).to_have_count(1)
    assert asked


async def test_the_address_of_a_page_opens_it(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    await centre.add_queue([agent])
    await desk.ready(agent)
    await desk.page.goto(f"{desk.address}/calls?missed=1")
    await expect(desk.part("calls")).to_contain_text("No missed calls.")
    await expect(desk.part("pages").get_by_role("link", name="My calls")).to_have_attribute("aria-current", "page")
    await desk.state("idle")
    await expect(desk.page).to_have_title("Idle · My calls · Everline")
    await desk.page.evaluate("window.marked = true")
    await desk.part("calls").get_by_role("link", name="All").click()
    await expect(desk.part("calls")).to_contain_text("No calls yet.")
    await desk.page.reload()
    await expect(desk.part("calls")).to_contain_text("No calls yet.")
    assert not await _is_same_document(desk.page)


async def test_back_comes_to_where_the_page_was_scrolled_to(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    await centre.add_queue([agent])
    await desk.page.set_viewport_size({"width": 1024, "height": 500})
    await desk.ready(agent)
    await expect(desk.part("my-change").first).to_be_visible()
    await desk.page.evaluate(f"window.scrollTo(0, {_FAR_DOWN})")
    await _open(desk, "My calls")
    assert await desk.page.evaluate("window.scrollY") == 0
    await desk.page.go_back()
    await expect(desk.page.locator("main h1")).to_have_text("Dashboard")
    async with asyncio.timeout(5):
        while await desk.page.evaluate("window.scrollY") != _FAR_DOWN:  # noqa: ASYNC110  # A page has no event for it.
            await asyncio.sleep(_LOOK_SECONDS)


async def test_a_narrow_window_has_the_pages_behind_a_button(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    await centre.add_queue([agent])
    await desk.page.set_viewport_size({"width": 720, "height": 450})
    await desk.ready(agent)
    await expect(desk.part("pages")).to_be_hidden()
    await desk.part("pages-open").press("Enter")
    link = desk.page.get_by_role("link", name=_CALLS)
    await expect(desk.page.get_by_role("link", name="Dashboard", exact=True)).to_be_focused()
    await desk.page.keyboard.press("ArrowDown")
    await expect(link).to_be_focused()
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator("main h1")).to_have_text("My calls")
    await expect(desk.page.locator("main h1")).to_be_focused()
    await expect(link).to_be_hidden()


async def test_a_place_in_the_page_is_no_other_page(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    await centre.add_queue([agent])
    await desk.ready(agent)
    await _open(desk, "My calls")
    await desk.page.evaluate("window.marked = true")
    await desk.page.locator(".skip-link").press("Enter")
    await expect(desk.page.locator("#main")).to_be_focused()
    assert desk.page.url.endswith("/calls#main")
    for title in ("My calls", "Dashboard"):
        await desk.page.go_back()
        await expect(desk.page.locator("main h1")).to_have_text(title)
    assert await _is_same_document(desk.page)
