"""What is pressed just as the customer hangs up says that the customer hung up, and no odd refusal."""

import pytest
from playwright.async_api import Route, expect

from db.accounts.accounts import NewAccount
from tests.portal.calls.test_presses import ringing
from tests.portal.desk import Desk
from tests.support.centre import Centre


async def _connected(desk: Desk) -> None:
    await desk.stage("offered")
    await desk.part("answer").click()
    await desk.stage("connected")


async def _done(desk: Desk) -> None:
    await desk.part("wrap-up-complete").click()
    await desk.state("idle")


@pytest.mark.parametrize("verb", ["hold", "mute", "recording"])
@pytest.mark.parametrize("told", ["before", "after"])
async def test_a_press_that_the_end_overtook_says_who_hung_up(
    centre: Centre, agent: NewAccount, desk: Desk, verb: str, told: str
) -> None:
    async with ringing(centre, desk, agent, wrap_up_seconds=60) as (_, call):
        await _connected(desk)

        async def overtake(route: Route) -> None:
            await call.hang_up()
            if told == "before":
                await desk.stage("wrap_up")
            await route.continue_()

        await desk.page.route(f"**/{verb}", overtake)
        await desk.part("pause-recording" if verb == "recording" else verb).click()
        await desk.stage("wrap_up")
        await expect(desk.part("call-message")).to_have_text("Zoë Müller hung up.")
        await _done(desk)


async def test_a_key_that_the_end_overtook_says_who_hung_up(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    async with ringing(centre, desk, agent, wrap_up_seconds=60) as (_, call):
        await _connected(desk)

        async def overtake(route: Route) -> None:
            await call.hang_up()
            await desk.stage("wrap_up")
            await route.continue_()

        await desk.page.route("**/keys", overtake)
        await desk.page.keyboard.press("k")
        await desk.page.keyboard.press("4")
        await desk.stage("wrap_up")
        await expect(desk.page.locator("[data-keypad-message]")).to_have_text("Zoë Müller hung up.")
        await desk.page.keyboard.press("Escape")
        await _done(desk)


async def test_the_question_at_log_out_says_that_the_customer_hung_up_and_stays(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    part = desk.part
    async with ringing(centre, desk, agent, wrap_up_seconds=60) as (_, call):
        await _connected(desk)
        await part("user-menu").click()
        await part("log-out").click()
        await expect(part("log-out-dialog")).to_contain_text("Zoë Müller hears music")
        await call.hang_up()
        await desk.stage("wrap_up")
        await expect(part("log-out-dialog")).to_contain_text("Zoë Müller hung up. You can log out now.")
        await expect(part("log-out-end")).to_be_hidden()
        await _done(desk)
        await expect(part("log-out-dialog")).to_contain_text("Zoë Müller hung up. You can log out now.")
        await part("log-out-now").click()
        await desk.page.wait_for_url("**/login")


async def test_a_hang_up_that_the_customers_answer_overtook_says_that_the_call_goes_on(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    refusal = "The call has changed meanwhile. Look again, then press again."

    # The refusal reaches the page first, the news of the answer after it.
    async def refuse(route: Route) -> None:
        await route.fulfill(status=409, json={"detail": refusal})

    async with centre.customer() as customer:
        await centre.call_out_to(customer)
        await desk.ready(agent)
        await desk.dial("(202) 555-0147")
        called = await customer.next_call()
        await desk.stage("dialling")
        await desk.page.route("**/hang-up", refuse, times=1)
        await desk.part("hang-up").click()
        await expect(desk.part("call-message")).to_have_text(refusal)
        await called.answer()
        await desk.stage("connected")
        await expect(desk.part("call-message")).to_have_text(refusal)
        await desk.part("hang-up").click()
        await called.wait_for_end()
        await desk.state("idle")
