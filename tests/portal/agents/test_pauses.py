"""A pause, of one queue or of all, is seen by everybody whom it concerns."""

from playwright.async_api import Browser, expect

from db.accounts.accounts import NewAccount
from domain.agents.agent import ExtensionKind, Role
from tests.phones.browser import open_page
from tests.portal.desk import Desk
from tests.support.centre import Centre


async def test_pauses_of_an_agent_are_seen_by_supervisors_and_colleagues(
    centre: Centre, agent: NewAccount, desk: Desk, browser: Browser
) -> None:
    number = await centre.add_queue([agent])
    supervisor = await centre.add_agent(ExtensionKind.WEB, Role.SUPERVISOR)
    await desk.ready(agent)
    async with open_page(browser) as second:
        boss = Desk(second, desk.address)
        await boss.ready(supervisor)
        seen = boss.part("floor-agent").filter(has_text=agent.name)
        await expect(seen).to_contain_text("Idle")
        row = desk.part("queue-row").filter(has_text=f"Queue {number}")
        await row.get_by_test_id("queue-pause").click()
        await desk.page.locator("#queue-pause-menu").get_by_text("Training").click()
        await expect(row.get_by_test_id("queue-paused")).to_contain_text("Training")
        await expect(seen).to_contain_text(f"Not for Queue {number}")
        await expect(seen).to_contain_text("Idle")
        await row.get_by_test_id("queue-resume").click()
        await expect(row.get_by_test_id("queue-paused")).to_be_hidden()
        await expect(seen.locator("[data-agent-pauses]")).to_be_hidden()
        await desk.part("pause").click()
        await desk.page.locator("#pause-menu").get_by_text("Lunch").click()
        await desk.state("paused")
        await expect(desk.part("agent-state")).to_contain_text("Lunch")
        await expect(seen).to_contain_text("Paused")
        await expect(seen).to_contain_text("Lunch")
        await desk.part("ready").click()
        await desk.state("idle")
        await expect(seen).to_contain_text("Idle")
        await expect(seen).not_to_contain_text("Lunch")
