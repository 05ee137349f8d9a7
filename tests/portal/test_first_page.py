"""What the dashboard begins with: an agent's own day, or the floor for whoever watches it and serves no queue."""

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
