"""Nothing jumps when a call comes, nothing is cut off, and a narrow window needs no scrolling sideways."""

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from db.accounts import NewAccount
from tests.phones.browser import open_page
from tests.portal.desk import Desk
from tests.portal.queues import add_codes
from tests.support.centre import Centre

CODES = ("Solved", "Code was wrong", "Offer wanted", "Late delivery", "Callback wanted")
MORE_CODES = ("Wrong number", "Contract ended", "Technical fault", "No need any more")


async def top_of(desk: Desk, test_id: str) -> float:
    box = await desk.part(test_id).bounding_box()
    assert box is not None
    return box["y"]


async def test_panels_stay_where_they_are_when_a_call_comes(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    await expect(desk.part("this-call")).to_contain_text("No call now")
    before = await top_of(desk, "voicemails")
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number), caller_name="Zoë Müller", caller_number="+4930901820")
        await desk.stage("offered")
        await expect(desk.part("this-call")).to_contain_text("Zoë Müller")
        assert abs(await top_of(desk, "voicemails") - before) < 60
        await call.hang_up()
        await centre.until_quiet(number)


@pytest.mark.parametrize(
    "size",
    [
        ViewportSize(width=1440, height=900),
        ViewportSize(width=1024, height=768),
        ViewportSize(width=390, height=844),
    ],
    ids=lambda size: str(size["width"]),
)
async def test_nine_codes_can_be_read_and_pressed(
    centre: Centre, agent: NewAccount, browser: Browser, desk: Desk, size: ViewportSize
) -> None:
    number = await centre.add_queue([agent], wrap_up_seconds=60)
    await add_codes(centre, number, *CODES, *MORE_CODES)
    async with open_page(browser, viewport=size) as page, centre.customer() as customer:
        narrow = Desk(page, desk.address)
        await narrow.ready(agent)
        await customer.dial(centre.uri(number))
        await narrow.stage("offered")
        await narrow.part("answer").click()
        await narrow.stage("connected")
        assert await too_wide(page) == 0
        await narrow.part("hang-up").click()
        await narrow.stage("wrap_up")
        codes = narrow.part("wrap-up-code")
        await expect(codes).to_have_count(9)
        assert await codes.evaluate_all(CUT_OFF) == []
        assert await too_wide(page) == 0
        await codes.nth(8).click()
        await narrow.state("idle")


CUT_OFF = """
    codes => codes.filter(code => {
        const words = code.querySelector("span"), box = code.getBoundingClientRect();
        return words.scrollWidth > words.clientWidth + 1 || words.scrollHeight > words.clientHeight + 1
            || box.left < 0 || box.right > innerWidth;
    }).map(code => code.textContent)
"""


async def too_wide(page: Page) -> int:
    """By how many pixels the page scrolls sideways."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.timeout(120)
async def test_no_dialog_covers_the_call_bar_when_the_page_is_magnified_twice(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.page.set_viewport_size(ViewportSize(width=720, height=450))
    await desk.ready(agent)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number), caller_name="Zoë Müller", caller_number="+4930901820")
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        keys = {"c": "colleagues", "x": "colleagues", "?": "shortcuts", "k": "keypad-dialog", "s": "devices"}
        covered = []
        for key, dialog in keys.items():
            await desk.page.keyboard.press(key)
            await expect(desk.part(dialog)).to_be_visible()
            buttons = [await desk.part(button).evaluate(IN_REACH) for button in ("hang-up", "mute")]
            box = await desk.part(dialog).bounding_box()
            if not all(buttons) or box is None or box["height"] < 120:
                covered.append((dialog, buttons, box))
            await desk.part("mute").click()
            await expect(desk.part("mute")).to_have_attribute("aria-busy", "false")
            await desk.part(dialog).locator("button").first.focus()
            await desk.page.keyboard.press("Escape")
            await expect(desk.part(dialog)).to_be_hidden()
        assert not covered
        await call.hang_up()
        await centre.until_quiet(number)


IN_REACH = """
    button => {
        const box = button.getBoundingClientRect();
        const corners = [[box.left + 3, box.top + 3], [box.right - 3, box.bottom - 3]];
        return corners.every(([x, y]) => button.contains(document.elementFromPoint(x, y)));
    }
"""
