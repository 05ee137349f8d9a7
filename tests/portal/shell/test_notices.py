"""What is told lies over nothing that is dialled or pressed next, in windows of every size."""

import pytest
from playwright.async_api import Browser, Route, ViewportSize, expect

from db.accounts.accounts import NewAccount
from tests.phones.browser import open_page
from tests.portal.desk import Desk
from tests.portal.queue_rules import add_codes
from tests.support.centre import Centre

SIZES = [ViewportSize(width=width, height=height) for width, height in ((1440, 900), (1024, 768), (720, 450))]
_COVERED = """
    selector => [...document.querySelectorAll(selector)].filter(button => {
        const box = button.getBoundingClientRect(), dialog = button.closest("dialog")?.getBoundingClientRect();
        if (!button.checkVisibility() || box.width < 2) return false;
        // A dialog in a narrow window has put the tools out of reach until it is closed.
        const isNarrow = innerWidth <= 860 && document.querySelector("dialog[open]");
        if (isNarrow && button.closest("[data-calltools]")) return false;
        const middle = [box.left + box.width / 2, box.top + box.height / 2];
        const points = [[box.left + 4, box.top + 4], [box.right - 4, box.top + 4], middle,
            [box.left + 4, box.bottom - 4], [box.right - 4, box.bottom - 4]];
        const inside = points.filter(([x, y]) => x > 0 && y > 0 && x < innerWidth && y < innerHeight
            && (!dialog || (y > dialog.top && y < dialog.bottom)));
        const notice = "[data-call-message], [data-connection]";
        return inside.some(([x, y]) => document.elementFromPoint(x, y)?.closest(notice));
    }).map(button => button.outerHTML.slice(0, 90))
"""
_BARS = "[data-callbar] [data-action], [data-code], [data-calltools] button, [data-dial-number]"
_READABLE = """
    words => {
        const box = words.getBoundingClientRect();
        return [[box.left + 2, box.top + 2], [box.right - 2, box.bottom - 2]].every(([x, y]) =>
            words.closest("[data-call-message]").contains(document.elementFromPoint(x, y)));
    }
"""
_DIALOGS = {"k": "keypad-dialog", "?": "shortcuts", "s": "devices"}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
async def test_news_covers_nothing_that_is_pressed_next_and_can_be_read_beside_a_dialog(
    centre: Centre, agent: NewAccount, browser: Browser, desk: Desk, size: ViewportSize
) -> None:
    number = await centre.add_queue([agent], wrap_up_seconds=120)
    await add_codes(centre, number, "Solved", "Code was wrong", "Offer wanted")
    name = "Maximiliane Oberhuber-Schlüter von Rosenau"
    async with open_page(browser, viewport=size) as page, centre.customer() as customer:
        here = Desk(page, desk.address)
        await here.ready(agent)
        call = await customer.dial(centre.uri(number), caller_name=name, caller_number="+4930901820")
        await here.stage("offered")
        await here.part("answer").click()
        await here.stage("connected")

        async def overtake(route: Route) -> None:
            await call.hang_up()
            await here.stage("wrap_up")
            await route.continue_()

        await page.route("**/hold", overtake)
        await here.part("hold").click()
        await here.stage("wrap_up")
        await expect(here.part("call-message")).to_be_visible()
        assert await page.evaluate(_COVERED, _BARS) == []
        for key, dialog in _DIALOGS.items():
            await page.keyboard.press(key)
            await expect(here.part(dialog)).to_be_visible()
            covered = await page.evaluate(_COVERED, f"{_BARS}, dialog[open] button, dialog[open] input")
            assert covered == [], dialog
            assert await here.part("call-message").evaluate(_READABLE), dialog
            await page.keyboard.press("Escape")
        await here.part("wrap-up-complete").click()
        await here.state("idle")
