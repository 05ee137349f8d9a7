"""Who talks can say that a pause comes next, in a queue where somebody always waits."""

from contextlib import AsyncExitStack

import pytest
from playwright.async_api import expect

from db.accounts.accounts import NewAccount
from tests.portal.desk import Desk
from tests.portal.queue_rules import add_codes
from tests.support.centre import Centre

LONG_WRAP_UP = 60


@pytest.fixture
async def number(centre: Centre, agent: NewAccount) -> str:
    number = await centre.add_queue([agent], wrap_up_seconds=LONG_WRAP_UP)
    await add_codes(centre, number, "Solved", "Wrong number")
    return number


async def test_a_pause_asked_for_in_a_call_comes_after_it_and_before_the_next(
    centre: Centre, agent: NewAccount, desk: Desk, number: str
) -> None:
    await desk.ready(agent)
    async with AsyncExitStack() as phones:
        first = await phones.enter_async_context(centre.customer())
        second = await phones.enter_async_context(centre.customer())
        await first.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        waiting = await second.dial(centre.uri(number))
        await desk.part("pause").click()
        await desk.page.locator("#pause-menu").get_by_text("Lunch").click()
        await expect(desk.part("agent-state")).to_contain_text("then Lunch")
        await desk.state("on_call")
        await desk.page.reload()
        await desk.stage("connected")
        await expect(desk.part("agent-state")).to_contain_text("then Lunch")
        await desk.part("hang-up").click()
        await desk.stage("wrap_up")
        await desk.part("wrap-up-complete").filter(has_text="Pause now").click()
        await desk.state("paused")
        await expect(desk.part("next-headline")).to_have_text("Paused: Lunch")
        await expect(desk.part("next-detail")).to_contain_text("1 waiting")
        await expect(desk.page.locator("[data-quiet]")).to_have_count(0)
        await desk.part("ready").click()
        await desk.stage("offered")
        await waiting.hang_up()
        await desk.stage("empty")


async def test_keys_ask_for_a_pause_take_it_back_and_mix_up_no_digits(
    centre: Centre, agent: NewAccount, desk: Desk, number: str
) -> None:
    await desk.ready(agent)
    async with centre.customer() as customer:
        await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.page.keyboard.press("a")
        await desk.stage("connected")
        for digit, reason in (("2", "Lunch"), ("1", "Break")):
            await desk.page.keyboard.press("p")
            await desk.page.keyboard.press(digit)
            await expect(desk.part("agent-state")).to_contain_text(f"then {reason}")
            await desk.page.keyboard.press("p")
            await expect(desk.part("agent-state")).not_to_contain_text("then")
        await desk.page.keyboard.press("Shift+E")
        await desk.stage("wrap_up")
        await desk.page.keyboard.press("p")
        await desk.page.keyboard.press("1")
        await expect(desk.part("agent-state")).to_contain_text("then Break")
        await desk.stage("wrap_up")
        await desk.page.keyboard.press("2")
        await desk.state("paused")
        await expect(desk.part("next-headline")).to_have_text("Paused: Break")
    assert (await centre.completed_cdr(number)).wrap_up_code == "Wrong number"
