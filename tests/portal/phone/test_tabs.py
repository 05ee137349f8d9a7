"""Several tabs of one log-in: one is the phone, the others say so, and nothing that happens to a tab costs a call."""

import asyncio
from time import monotonic

import pytest
from playwright.async_api import Page, expect

from db.accounts.accounts import NewAccount
from domain.calls.call import CallStage
from tests.portal.calls.test_cut_off import connected
from tests.portal.desk import Desk
from tests.support.centre import Centre

AT_ONCE = 6.0
"""Seconds in which a sibling has the customer, also on a busy machine; left to itself it takes 10."""
LONG_ENOUGH = 14.0
"""Seconds in which two tabs that both want the phone have taken it from each other twice."""


@pytest.fixture
async def sibling(page: Page, desk: Desk) -> Desk:
    """Another tab of the same browser."""
    return Desk(await page.context.new_page(), desk.address)


async def test_a_second_tab_says_that_the_phone_is_elsewhere_and_changes_nothing_for_a_call(
    centre: Centre, agent: NewAccount, desk: Desk, sibling: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        call_id = await connected(centre, desk, number)
        asked: list[str] = []
        for page in (desk.page, sibling.page):
            page.on("request", lambda request: asked.append(request.url))
        await sibling.page.goto(sibling.address)
        await expect(sibling.part("phone-status")).to_contain_text("in another tab")
        await sibling.stage("connected")
        await asyncio.sleep(LONG_ENOUGH)  # That nothing happens has no other sign.
        assert not [url for url in asked if url.endswith("/rejoin")]
        assert await centre.in_bridge(call_id) == {call_id, f"{call_id}-a1"}
        # The call is everybody's: what is pressed in one tab holds in the other.
        await sibling.part("mute").click()
        await expect(desk.part("mute")).to_have_attribute("aria-pressed", "true")
        await sibling.part("hang-up").click()
        await call.wait_for_end()
        await centre.cdr_of(call_id)


async def test_answer_in_a_tab_without_the_phone_is_taken_by_the_tab_that_has_it(
    centre: Centre, agent: NewAccount, desk: Desk, sibling: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    await sibling.page.goto(sibling.address)
    await expect(sibling.part("phone-status")).to_contain_text("in another tab")
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await sibling.stage("offered")
        await sibling.part("answer").click()
        await sibling.stage("connected")
        call_id = (await centre.until_stage(number, CallStage.CONNECTED)).id
        await call.hang_up()
        await centre.cdr_of(call_id)


async def test_a_tab_takes_the_phone_over_with_the_call_in_it(
    centre: Centre, agent: NewAccount, desk: Desk, sibling: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        call_id = await connected(centre, desk, number)
        await sibling.page.goto(sibling.address)
        await sibling.part("take-phone").click()
        await expect(desk.part("phone-status")).to_contain_text("in another tab")
        await expect(sibling.part("phone-status")).to_contain_text("ready")
        await centre.until(lambda: two_together(centre, call_id, but="a1"))
        assert not call.ended
        await call.hang_up()
        await centre.cdr_of(call_id)


async def test_a_closed_tab_hands_the_phone_to_its_sibling_at_once(
    centre: Centre, agent: NewAccount, desk: Desk, sibling: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    await sibling.page.goto(sibling.address)
    await expect(sibling.part("phone-status")).to_contain_text("in another tab")
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        call_id = await connected(centre, desk, number)
        began = monotonic()
        await desk.page.close(run_before_unload=False)
        await centre.until(lambda: two_together(centre, call_id, but="a1"), 20)
        took = monotonic() - began
        await call.hang_up()
        await centre.cdr_of(call_id)
    assert took < AT_ONCE


async def two_together(centre: Centre, call_id: str, *, but: str) -> bool:
    """Whether the customer talks with the agent on another leg than this one."""
    together = await centre.in_bridge(call_id)
    return len(together) == 2 and call_id in together and f"{call_id}-{but}" not in together
