"""Every change of a call that its agent did not make is said in words, and who is brought in knows into what."""

import re

from playwright.async_api import Browser, Page, expect

from db.accounts.accounts import NewAccount
from domain.agents.agent import ExtensionKind, Role
from domain.calls.call import CallStage
from tests.phones.browser import open_page
from tests.portal.calls.test_call_tools import Talk, talk  # noqa: F401 - a fixture
from tests.portal.desk import Desk
from tests.portal.phone.test_devices import bare  # noqa: F401 - a fixture
from tests.support.centre import Centre


async def reach(talk: Talk, purpose: str) -> None:  # noqa: F811
    await talk.desk.part(purpose).click()
    await talk.desk.page.locator(f'[data-reach="{talk.boss.user_id}"]').click()
    await talk.desk.stage("reaching")


async def test_a_colleague_who_declines_is_told_of_with_a_sound(talk: Talk) -> None:  # noqa: F811
    page = talk.desk.page
    await page.evaluate(
        "void (window.notes = 0, OscillatorNode.prototype.start = ((start) => function (...at)"
        " { window.notes += 1; return start.apply(this, at); })(OscillatorNode.prototype.start))"
    )
    await reach(talk, "consult")
    ringing = await talk.boss_phone.next_call()
    before = int(await page.evaluate("window.notes"))
    await ringing.decline()
    await talk.desk.stage("connected")
    await expect(talk.desk.part("call-message")).to_contain_text("You are talking with Zoë Müller again.")
    await expect(talk.desk.part("call-message")).to_contain_text(talk.boss.name)
    assert int(await page.evaluate("window.notes")) > before
    await talk.end()


async def test_an_agent_who_goes_back_is_told_nothing(talk: Talk) -> None:  # noqa: F811
    await reach(talk, "consult")
    await talk.desk.part("cancel").click()
    await talk.desk.stage("connected")
    await expect(talk.desk.part("call-message")).to_be_hidden()
    await talk.end()


async def test_a_customer_who_hangs_up_in_a_consultation_is_told_of(talk: Talk) -> None:  # noqa: F811
    await reach(talk, "consult")
    await (await talk.boss_phone.next_call()).answer()
    await talk.desk.stage("consulting")
    await talk.customer.hang_up()
    await expect(talk.desk.part("call-message")).to_contain_text("Zoë Müller hung up")
    await talk.centre.cdr_of(talk.call_id)


async def test_ending_a_transfer_is_called_so(talk: Talk) -> None:  # noqa: F811
    await reach(talk, "transfer")
    await expect(talk.desk.part("hang-up")).to_contain_text("Cancel transfer")
    await talk.desk.part("hang-up").click()
    await talk.desk.stage("connected")
    await talk.end()


async def test_a_transfer_is_announced_as_one_and_a_conference_shows_all_who_are_in_it(
    centre: Centre, agent: NewAccount, desk: Desk, browser: Browser
) -> None:
    number = await centre.add_queue([agent])
    supervisor = await centre.add_agent(ExtensionKind.WEB, Role.SUPERVISOR)
    await desk.ready(agent)
    async with open_page(browser) as second, centre.customer() as customer:
        boss = Desk(second, desk.address)
        await boss.ready(supervisor)
        call = await customer.dial(centre.uri(number), caller_name="Zoë Müller", caller_number="+4930901820")
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        call_id = (await centre.until_stage(number, CallStage.CONNECTED)).id
        await desk.part("transfer").click()
        await desk.page.locator(f'[data-reach="{supervisor.user_id}"]').click()
        await boss.stage("offered")
        await expect(boss.part("call-stage")).to_have_text(f"{agent.name} transfers to you:")
        await boss.part("decline").click()
        await desk.stage("connected")
        await desk.part("consult").click()
        await desk.page.locator(f'[data-reach="{supervisor.user_id}"]').click()
        await boss.stage("offered")
        await expect(boss.part("call-stage")).to_have_text(f"{agent.name} calls you about")
        await boss.part("answer").click()
        await desk.stage("consulting")
        # The customer's wait is none of who is asked.
        await expect(boss.part("call-wait")).to_be_hidden()
        history = boss.part("this-call").get_by_role("listitem")
        await expect(history).to_have_text([re.compile(f"{agent.name} called you$"), re.compile("You answered$")])
        await expect(boss.part("call-stage")).to_have_text(f"With {agent.name}, in private, about")
        await desk.part("conference").click()
        await desk.stage("conference")
        await expect(desk.part("call-stage")).to_have_text(f"Together with {supervisor.name} and")
        await expect(boss.part("call-stage")).to_have_text(f"Together with {agent.name} and")
        await call.hang_up()
        await centre.cdr_of(call_id)


async def test_logging_out_in_a_call_asks_first(talk: Talk) -> None:  # noqa: F811
    page, part = talk.desk.page, talk.desk.part
    await part("user-menu").click()
    await part("log-out").click()
    await expect(part("log-out-dialog")).to_contain_text("Zoë Müller hears music")
    await part("log-out-stay").click()
    await expect(part("log-out-dialog")).to_be_hidden()
    await talk.desk.stage("connected")
    await part("user-menu").click()
    await part("log-out").click()
    await part("log-out-end").click()
    await talk.customer.wait_for_end()
    await page.wait_for_url("**/login")
    assert (await talk.centre.cdr_of(talk.call_id)).ended_by == "agent"


async def test_an_agent_whose_browser_has_no_microphone_is_not_shown_as_ready_and_gets_no_calls(
    centre: Centre,
    bare: Page,  # noqa: F811
    browser: Browser,
    desk: Desk,
) -> None:
    agent = await centre.add_agent(ExtensionKind.WEB)
    supervisor = await centre.add_agent(ExtensionKind.WEB, Role.SUPERVISOR)
    number = await centre.add_queue([agent])
    mute = Desk(bare, desk.address)
    await mute.ready(agent, "no_microphone")
    await expect(mute.part("agent-state")).to_contain_text("no microphone")
    await expect(mute.part("next-headline")).to_contain_text("callers could not hear you")
    async with open_page(browser) as second, centre.customer() as customer:
        boss = Desk(second, desk.address)
        await boss.ready(supervisor)
        await expect(boss.part("floor-agent").filter(has_text=agent.name)).to_contain_text("no microphone")
        call = await customer.dial(centre.uri(number))
        await centre.until_waiting(number, 1)
        await expect(mute.part("waiting-call")).to_have_count(1)
        await mute.stage("empty")
        await call.hang_up()
        await centre.until_quiet(number)


async def test_paused_in_the_only_queue_is_not_ready(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    row = desk.part("queue-row").filter(has_text=f"Queue {number}")
    await row.get_by_test_id("queue-pause").click()
    await desk.page.locator("#queue-pause-menu").get_by_text("Training").click()
    await expect(desk.part("agent-state")).to_contain_text("paused in all queues")
    await expect(desk.part("next-headline")).to_have_text("Paused in all your queues")
    await expect(desk.page.locator("body")).to_have_attribute("data-state", "unreachable")
    await row.get_by_test_id("queue-resume").click()
    await expect(desk.part("next-headline")).to_have_text("Ready")


async def test_of_many_queues_those_with_waiting_callers_come_first(centre: Centre, desk: Desk) -> None:
    supervisor = await centre.add_agent(ExtensionKind.WEB, Role.SUPERVISOR)
    agent = await centre.add_agent()
    numbers = [await centre.add_queue([agent]) for _ in range(10)]
    await desk.ready(supervisor)
    rows = desk.part("queue-row")
    await expect(rows).to_have_count(8)
    last = numbers[-1]
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(last))
        await centre.until_waiting(last, 1)
        await expect(rows.first).to_contain_text(f"Queue {last}")
        await desk.part("queues-search").fill(numbers[3])
        await expect(rows).to_have_count(1)
        await desk.part("queues-search").fill("")
        await desk.part("queues-more").click()
        assert await rows.count() >= 10
        await call.hang_up()
        await centre.until_quiet(last)
    await expect(desk.part("agents-note")).to_contain_text("free")
