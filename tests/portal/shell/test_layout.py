"""Nothing jumps when a call comes, nothing is cut off, and a narrow window needs no scrolling sideways."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect
from sqlalchemy import delete, insert

from db.accounts.accounts import NewAccount
from db.core.clock import now
from db.models import Call, Callback, WaitingCall
from domain.agents.agent import ExtensionKind
from domain.calls import ids
from domain.calls.call import CallStage, CallType
from tests.phones.browser import open_page
from tests.portal.calls.test_call_tools import Talk, talk  # noqa: F401 - a fixture
from tests.portal.desk import Desk
from tests.portal.phone.test_devices import bare  # noqa: F401 - a fixture
from tests.portal.queue_rules import add_codes, set_rules
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
        ViewportSize(width=720, height=450),
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


LONG_NAME = "Maximiliane Oberhuber-Schlüter von Rosenau und zu Thurn"
LONG_QUEUE = "Kundenbetreuung Deutschland, Österreich und Schweiz"
_CUT_IN_BAR = """() => {
    const bar = document.querySelector("[data-callbar]");
    const all = (selector) => [...bar.querySelectorAll(selector)].filter(part => part.checkVisibility());
    const words = all("dt, [data-fact-waited], [data-fact-dialled], [data-clock-word], [data-clock-time], button");
    const cut = words.filter(part => part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1);
    const parts = all(".callbar-who, .callbar-facts div, .callbar-marks, .callbar-clock, .callbar-actions");
    const boxes = [...parts.map(part => part.getBoundingClientRect()), { left: bar.getBoundingClientRect().right }];
    const over = parts.filter((part, at) =>
        boxes[at].right > boxes[at + 1].left || part.scrollWidth > part.clientWidth + 1);
    return [...cut, ...over].map(part => part.textContent.trim());
}"""


@pytest.mark.parametrize("width", [1024, 1280])
async def test_a_long_name_gives_way_and_no_time_and_no_button_is_cut(
    centre: Centre, agent: NewAccount, browser: Browser, desk: Desk, width: int
) -> None:
    number = await centre.add_queue([agent])
    await set_rules(centre, number, name=f"{LONG_QUEUE} {number}")
    size = ViewportSize(width=width, height=768)
    async with open_page(browser, viewport=size) as page, centre.customer() as customer:
        here = Desk(page, desk.address)
        await here.ready(agent)
        call = await customer.dial(centre.uri(number), caller_name=LONG_NAME, caller_number="+4930901820")
        await here.stage("offered")
        assert await page.evaluate(_CUT_IN_BAR) == []
        await here.part("answer").click()
        await here.stage("connected")
        await expect(here.part("call-quality")).to_have_attribute("data-value", "good", timeout=15_000)
        await page.keyboard.press("m")
        await expect(here.part("mute")).to_have_attribute("aria-pressed", "true")
        assert await page.evaluate(_CUT_IN_BAR) == []
        await page.keyboard.press("h")
        await here.stage("held")
        assert await page.evaluate(_CUT_IN_BAR) == []
        await expect(here.part("caller-name")).to_have_attribute("title", LONG_NAME)
        await expect(here.part("call-queue")).to_have_attribute("title", f"{LONG_QUEUE} {number}")
        await call.hang_up()
        await centre.until_quiet(number)


async def test_the_bars_leave_half_of_a_low_window_to_the_page(
    centre: Centre, agent: NewAccount, browser: Browser, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    size = ViewportSize(width=720, height=450)
    async with open_page(browser, viewport=size) as page, centre.customer() as customer:
        here = Desk(page, desk.address)
        await here.ready(agent)
        assert await page.locator("#main").evaluate("main => main.getBoundingClientRect().top") <= 225
        call = await customer.dial(centre.uri(number), caller_name=LONG_NAME, caller_number="+4930901820")
        await here.stage("offered")
        assert await page.locator("#main").evaluate("main => main.getBoundingClientRect().top") <= 225
        await here.part("answer").click()
        await here.stage("connected")
        assert await page.locator("#main").evaluate("main => main.getBoundingClientRect().top") <= 225
        assert await page.evaluate(_CUT_IN_BAR) == []
        await call.hang_up()
        await centre.until_quiet(number)


async def test_the_bars_leave_half_of_a_low_window_also_in_a_consultation_and_without_a_microphone(
    centre: Centre,
    talk: Talk,  # noqa: F811
    bare: Page,  # noqa: F811
) -> None:
    size = ViewportSize(width=720, height=450)
    await talk.desk.page.set_viewport_size(size)
    await talk.desk.part("consult").click()
    await talk.desk.page.locator(f'[data-reach="{talk.boss.user_id}"]').click()
    await (await talk.boss_phone.next_call()).answer()
    await talk.desk.stage("consulting")
    top = "main => main.getBoundingClientRect().top + scrollY"
    assert await talk.desk.page.locator("#main").evaluate(top) <= 225
    assert await talk.desk.page.evaluate(_CUT_IN_BAR) == []
    mute = Desk(bare, talk.desk.address)
    await bare.set_viewport_size(size)
    await mute.ready(await centre.add_agent(ExtensionKind.WEB), "no_microphone")
    assert await bare.locator("#main").evaluate(top) <= 225
    await talk.end()


async def test_when_a_callback_is_tried_again_can_be_read(
    centre: Centre, agent: NewAccount, browser: Browser, desk: Desk
) -> None:
    number, at = await centre.add_queue([agent]), now()
    call_id = f"later-{ids.uuid7()}"
    async with centre.database.write() as session:
        queue_id = await centre.queue_id(session, number)
        told = {"queue_id": queue_id, "customer_number": "+12025550147", "customer_name": "Hedy", "our_number": number}
        placed = {"id": call_id, "node": "n1", "type": CallType.AUTO, "stage": CallStage.WAITING, "arrived_at": at}
        await session.execute(insert(Call).values(**told, **placed))
        later = at + timedelta(hours=30)
        await session.execute(
            insert(WaitingCall).values(
                call_id=call_id, queue_id=queue_id, entered_at=at, not_before=later, place=0, missed_by=[]
            )
        )
        asked = {"asked_in_call_id": f"asked-{call_id}", "number": "+12025550147", "name": "Hedy", "state": "waiting"}
        await session.execute(
            insert(Callback).values(call_id=call_id, queue_id=queue_id, asked_at=at, next_at=later, **asked)
        )
    try:
        async with open_page(browser, viewport=ViewportSize(width=1024, height=768)) as page:
            here = Desk(page, desk.address)
            await here.ready(agent)
            turn = here.part("turn")
            await expect(turn).to_contain_text(":")
            cut = "turn => { const cell = turn.closest('td'); return cell.scrollWidth > cell.clientWidth; }"
            assert not await turn.evaluate(cut)
            box = "turn => turn.getBoundingClientRect().right <= turn.closest('td').getBoundingClientRect().right"
            assert await turn.evaluate(box)
    finally:
        async with centre.database.write() as session:
            await session.execute(delete(Callback).where(Callback.call_id == call_id))
            await session.execute(delete(WaitingCall).where(WaitingCall.call_id == call_id))
            await session.execute(delete(Call).where(Call.id == call_id))


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


async def test_the_bars_leave_four_fifths_of_a_window_to_the_page(agent: NewAccount, desk: Desk) -> None:
    await desk.page.set_viewport_size(ViewportSize(width=1440, height=900))
    await desk.ready(agent)
    assert await desk.part("call-tools").evaluate("tools => tools.getBoundingClientRect().bottom") <= 180
