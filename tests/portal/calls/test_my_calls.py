"""The page of all my calls: part by part, by time, and those that I missed."""

from datetime import timedelta

from playwright.async_api import expect
from sqlalchemy import insert

from db.accounts.accounts import NewAccount
from db.core.clock import now
from db.models import Cdr
from domain.calls import ids
from domain.calls.call import CallType, Direction, Disposition, Party
from tests.portal.desk import Desk
from tests.portal.look import Look
from tests.support.centre import Centre

_PART = 50
_ALL = 73
_HOURS_BETWEEN = 5


async def _past_calls(centre: Centre, agent: NewAccount, count: int) -> None:
    """Calls that the agent answered, one every few hours, the latest just now."""
    newest = now() - timedelta(minutes=1)
    rows = [
        {
            "call_id": f"mine-{ids.uuid7()}",
            "type": CallType.INBOUND,
            "direction": Direction.INBOUND,
            "disposition": Disposition.ANSWERED,
            "customer_number": f"+1202555{number:04}",
            "customer_name": f"Caller {number}",
            "our_number": "5000",
            "user_id": agent.user_id,
            "agent_name": agent.name,
            "arrived_at": newest - timedelta(hours=_HOURS_BETWEEN * number),
            "answered_at": newest,
            "ended_at": newest,
            "wait_seconds": 4,
            "talk_seconds": 65,
            "own_seconds": 65,
            "ended_by": Party.CUSTOMER,
            "cause": 16,
        }
        for number in range(count)
    ]
    async with centre.database.write() as session:
        await session.execute(insert(Cdr), rows)


async def test_my_calls_go_back_to_the_first_one_and_can_be_narrowed(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    await _past_calls(centre, agent, _ALL)
    await desk.log_in(agent)
    await desk.state("idle")
    await desk.part("pages").get_by_role("link", name="My calls").click()
    rows, more = desk.part("recent-call"), desk.part("list-more")
    await expect(rows).to_have_count(_PART)
    await expect(desk.part("list-count")).to_have_text(f"{_ALL} calls")
    await more.click()
    await expect(rows).to_have_count(_ALL)
    await expect(rows.last).to_contain_text(f"Caller {_ALL - 1}")
    await expect(more).to_have_count(0)
    await desk.page.get_by_label("Since when").select_option("7")
    await expect(rows.last).not_to_contain_text(f"Caller {_ALL - 1}")
    assert desk.page.url.endswith("/calls?days=7")
    seen = await rows.count()
    assert 6 * 24 / _HOURS_BETWEEN <= seen <= 7 * 24 / _HOURS_BETWEEN + 1
    await expect(desk.part("list-count")).to_have_text(f"{seen} calls")
    # The address is the list: a reload shows the same.
    await desk.page.reload()
    await expect(rows).to_have_count(seen)
    await desk.page.get_by_role("link", name="Missed", exact=True).click()
    await expect(desk.part("list-empty")).to_contain_text("No missed calls in that time.")
    await desk.page.go_back()
    await expect(rows).to_have_count(seen)
    look = Look(desk.page)
    await look.at("my calls")
    assert not look.wrong, "\n".join(look.wrong)


async def test_a_list_that_cannot_be_had_says_so_and_tries_again(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    await _past_calls(centre, agent, 3)
    await desk.log_in(agent)
    await desk.state("idle")
    await desk.page.route("**/api/v1/calls?*counted=1*", lambda route: route.fulfill(status=503, body=""))
    await desk.part("pages").get_by_role("link", name="My calls").click()
    await expect(desk.part("calls-failed")).to_be_visible()
    await desk.page.unroute_all()
    await desk.part("calls-failed").get_by_role("button", name="Try again").click()
    await expect(desk.part("recent-call")).to_have_count(3)
    await expect(desk.part("calls-failed")).to_have_count(0)
