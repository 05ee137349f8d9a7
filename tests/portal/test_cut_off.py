"""Goal X9: a page that is loaded anew, or whose process dies, loses no call."""

import pytest
from playwright.async_api import Browser

from db.accounts import NewAccount
from domain.call import CallStage
from tests.phones.browser import open_page
from tests.portal.desk import Desk
from tests.support.centre import Centre

LONG = 60.0
"""Seconds for what waits until Asterisk hears nothing any more."""


async def connected(centre: Centre, desk: Desk, number: str) -> str:
    """The agent takes the call that rings. Returns its id."""
    await desk.stage("offered")
    await desk.part("answer").click()
    await desk.stage("connected")
    return (await centre.until_stage(number, CallStage.CONNECTED)).id


async def hears_agent_again(centre: Centre, call_id: str, seconds: float = 15.0) -> None:
    """Waits until the customer hears the agent on another leg than the first."""

    async def so() -> bool:
        together = await centre.in_bridge(call_id)
        return len(together) == 2 and call_id in together and f"{call_id}-a1" not in together

    await centre.until(so, seconds)


async def test_after_a_reload_the_call_is_back_by_itself(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        call_id = await connected(centre, desk, number)
        await desk.page.reload()
        await hears_agent_again(centre, call_id)
        await desk.stage("connected")
        assert not call.ended
        await call.hang_up()
        cdr = await centre.cdr_of(call_id)
    assert (cdr.disposition, cdr.user_id, cdr.ended_by) == ("answered", agent.user_id, "customer")


@pytest.mark.timeout(150)
async def test_a_customer_hears_music_when_the_browser_is_gone_and_the_agent_comes_back(
    centre: Centre, agent: NewAccount, desk: Desk, browser: Browser
) -> None:
    number = await centre.add_queue([agent])
    async with open_page(browser) as page, centre.customer() as customer:
        lost = Desk(page, desk.address)
        await lost.ready(agent)
        call = await customer.dial(centre.uri(number))
        call_id = await connected(centre, lost, number)
        # Nothing can be sent any more, not even a goodbye.
        await page.context.set_offline(True)
        await page.close(run_before_unload=False)
        await centre.until(lambda: centre.is_at(call_id, CallStage.RETURNING), LONG)
        assert not call.ended
        await desk.log_in(agent)
        await desk.stage("connected")
        await hears_agent_again(centre, call_id, LONG)
        await call.hang_up()
        await centre.cdr_of(call_id)
