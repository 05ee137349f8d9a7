from playwright.async_api import Browser, Locator, expect

from db.accounts.accounts import NewAccount
from domain.agents.agent import ExtensionKind, Role
from tests.phones.browser import open_page
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.portal.desk import Desk
from tests.portal.queue_rules import set_rules
from tests.support.centre import Centre

LONG = 60_000.0
"""Milliseconds for what takes the time of a ring."""


def _caller(desk: Desk, name: str) -> Locator:
    return desk.part("waiting-call").filter(has_text=name)


async def _stand_in_line(centre: Centre, customer: SoftPhone, number: str, *names: str) -> list[PhoneCall]:
    """Calls to a number, each made when the one before it waits, so that they stand in line in this order."""
    calls = []
    for name in names:
        calls.append(await customer.dial(centre.uri(number), caller_name=name))
        await centre.until_waiting(number, len(calls))
    return calls


async def _turns(desk: Desk, *names: str) -> None:
    """Waits until these callers, and no others, stand in line in this order."""
    await expect(desk.part("waiting-call")).to_have_count(len(names))
    for turn, name in enumerate(names, 1):
        await expect(_caller(desk, name).get_by_test_id("turn")).to_have_text(str(turn))


async def test_an_agent_who_pauses_one_queue_gets_no_calls_of_it_until_the_pause_ends(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    paused, served = await centre.add_queue([agent]), await centre.add_queue([agent])
    await desk.ready(agent)
    row = desk.part("queue-row").filter(has_text=paused)
    await row.get_by_test_id("queue-pause").click()
    await desk.part("queue-pause-menu").get_by_test_id("pause-reason").first.click()
    await expect(row.get_by_test_id("queue-paused")).to_be_visible()
    await desk.state("idle")
    async with centre.customer() as customer:
        waits = await customer.dial(centre.uri(paused))
        await centre.until_waiting(paused, 1)
        rings = await customer.dial(centre.uri(served))
        await desk.stage("offered")
        await expect(desk.part("call-queue")).to_have_text(f"Queue {served}")
        await rings.hang_up()
        await desk.stage("empty")
        await row.get_by_test_id("queue-resume").click()
        await desk.stage("offered")
        await expect(desk.part("call-queue")).to_have_text(f"Queue {paused}")
        await waits.hang_up()
        await desk.stage("empty")
        await centre.completed_cdr(paused)


async def test_a_call_that_is_moved_to_the_top_by_key_is_served_first_and_everybody_sees_it(
    centre: Centre, agent: NewAccount, desk: Desk, browser: Browser
) -> None:
    number = await centre.add_queue([agent])
    supervisor = await centre.add_agent(ExtensionKind.WEB, Role.SUPERVISOR)
    await desk.ready(agent)
    await desk.part("pause").click()
    await desk.part("pause-reason").first.click()
    await desk.state("paused")
    async with open_page(browser) as second, centre.customer() as customer:
        boss = Desk(second, desk.address)
        await boss.ready(supervisor)
        calls = await _stand_in_line(centre, customer, number, "Cleo", "Dora", "Emil")
        await _turns(desk, "Cleo", "Dora", "Emil")
        await _caller(boss, "Emil").get_by_test_id("move-top").press("Enter")
        await _turns(boss, "Emil", "Cleo", "Dora")
        await _turns(desk, "Emil", "Cleo", "Dora")
        await _caller(desk, "Cleo").get_by_test_id("move-down").click()
        await _turns(desk, "Emil", "Dora", "Cleo")
        await desk.part("ready").click()
        await desk.stage("offered")
        await expect(desk.part("caller-name")).to_have_text("Emil")
        await expect(_caller(boss, "Emil")).to_contain_text("Ringing")
        await expect(boss.part("floor-agent").filter(has_text=agent.name)).to_contain_text("Ringing")
        for call in calls:
            await call.hang_up()
        await expect(boss.part("waiting-call")).to_have_count(0)
    await centre.until_quiet(number)


async def test_a_call_that_is_dragged_onto_another_takes_its_place_in_line(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.log_in(agent)
    await desk.part("pause").click()
    await desk.part("pause-reason").first.click()
    await desk.state("paused")
    async with centre.customer() as customer:
        calls = await _stand_in_line(centre, customer, number, "Cleo", "Dora", "Emil")
        await desk.part("order-turn").click()
        await _turns(desk, "Cleo", "Dora", "Emil")
        await _caller(desk, "Cleo").get_by_test_id("grip").hover()
        await desk.page.mouse.down()
        await _caller(desk, "Emil").hover()
        await desk.page.keyboard.press("Escape")
        await desk.page.mouse.up()
        await _caller(desk, "Cleo").get_by_test_id("grip").drag_to(_caller(desk, "Emil"))
        await _turns(desk, "Dora", "Emil", "Cleo")
        await expect(desk.part("waiting-call").last).to_contain_text("Cleo")
        await _caller(desk, "Emil").get_by_test_id("grip").drag_to(_caller(desk, "Dora"))
        await _turns(desk, "Emil", "Dora", "Cleo")
        said = desk.part("waiting-said")
        await expect(said).to_have_text("Emil is number 1 in the line now.")
        # A press that moves nothing is told of as well, and so is one that comes to the same.
        await _caller(desk, "Emil").get_by_test_id("move-top").dispatch_event("click")
        await expect(said).to_have_text("Emil is number 1 in the line already.")
        await said.evaluate(
            "said => new MutationObserver(() => (said.dataset.heard = 'yes')).observe(said, { childList: true })"
        )
        await _caller(desk, "Emil").get_by_test_id("move-top").dispatch_event("click")
        await expect(said).to_have_attribute("data-heard", "yes")
        await expect(said).to_have_text("Emil is number 1 in the line already.")
        for call in calls:
            await call.hang_up()
    await centre.until_quiet(number)


async def test_the_list_of_the_newest_can_be_put_into_the_order_of_turns(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.log_in(agent)
    await desk.part("pause").click()
    await desk.part("pause-reason").first.click()
    await desk.state("paused")
    async with centre.customer() as customer:
        calls = await _stand_in_line(centre, customer, number, "Cleo", "Dora")
        await expect(desk.part("turn")).to_have_text(["2", "1"])
        await desk.part("order-turn").click()
        await expect(desk.part("turn")).to_have_text(["1", "2"])
        await desk.page.reload()
        await expect(desk.part("turn")).to_have_text(["1", "2"])
        for call in calls:
            await call.hang_up()
    await centre.until_quiet(number)


async def test_an_agent_who_does_not_answer_is_paused_told_why_and_ready_again_by_one_click(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent], ring_seconds=2)
    await set_rules(centre, number, no_answer_limit=1)
    await desk.ready(agent)
    async with centre.customer() as customer:
        await customer.dial(centre.uri(number))
        await expect(desk.part("paused-why")).to_have_text(
            "You were paused because a call was not answered.", timeout=LONG
        )
        await desk.stage("empty")
        await customer.hang_up()
        await centre.until_quiet(number)
    await desk.part("ready-now").click()
    await desk.state("idle")
    await expect(desk.part("paused-notice")).to_be_hidden()
