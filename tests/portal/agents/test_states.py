import asyncio

from playwright.async_api import Route

from db.accounts.accounts import NewAccount
from tests.portal.desk import Desk


async def test_ready_is_not_lost_when_it_is_pressed_before_the_pause_is_answered(agent: NewAccount, desk: Desk) -> None:
    pressed = asyncio.Event()

    async def answer_late(route: Route) -> None:
        answer = await route.fetch()
        await pressed.wait()
        await route.fulfill(response=answer)

    await desk.ready(agent)
    await desk.page.route("**/api/v1/agent/state", answer_late, times=1)
    await desk.part("pause").click()
    await desk.part("pause-reason").first.click()
    # The live line tells the new state before the request has been answered.
    await desk.state("paused")
    await desk.part("ready").click()
    pressed.set()
    await desk.state("idle")
