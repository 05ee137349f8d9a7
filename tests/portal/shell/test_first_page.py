"""What a log-in leads to: the own day, the floor for who serves no queue, or the users for who manages them."""

from playwright.async_api import expect

from db.accounts.accounts import NewAccount
from domain.agents.agent import Role
from tests.portal.desk import Desk
from tests.support.centre import Centre


async def _top(desk: Desk, part: str) -> float:
    box = await desk.part(part).bounding_box()
    assert box is not None
    return box["y"]


async def test_who_watches_the_floor_and_serves_no_queue_sees_the_floor_first(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    boss = await centre.add_agent(role=Role.SUPERVISOR)
    await desk.log_in(boss)
    await expect(desk.part("floor-agent").first).to_be_visible()
    assert await _top(desk, "agents") < await _top(desk, "queues")
    for part in ("rate", "my-day"):
        await expect(desk.part(part)).to_be_hidden()
    # With a queue of one's own there is a day to look at, at once.
    await centre.add_queue([boss])
    await expect(desk.part("rate")).to_be_visible()
    assert await _top(desk, "queues") < await _top(desk, "agents")


async def test_an_agent_without_a_queue_sees_the_own_day(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    await desk.log_in(agent)
    await expect(desk.part("rate")).to_be_visible()
    await expect(desk.part("agents")).to_have_count(0)


async def test_an_administrator_begins_with_the_users_unless_there_are_queues_to_serve(
    centre: Centre, desk: Desk
) -> None:
    boss = await centre.add_agent(role=Role.ADMINISTRATOR)
    await desk.log_in(boss)
    await expect(desk.page.locator("main h1")).to_have_text("Users")
    # Who is logged in and comes by the log-in page goes on to the same one.
    await desk.page.goto(f"{desk.address}/login")
    await expect(desk.page).to_have_url(f"{desk.address}/users")
    await desk.part("pages").get_by_role("link", name="Dashboard").click()
    await expect(desk.part("floor-agent").first).to_be_visible()
    await centre.add_queue([boss])
    await desk.page.goto(f"{desk.address}/login")
    await expect(desk.page).to_have_url(f"{desk.address}/")
    await expect(desk.part("rate")).to_be_visible()
