"""Every action on a call, by mouse and by key, in a real browser with real phones."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import select

from db.accounts.accounts import NewAccount
from db.models import CallQuality
from domain.agents.agent import AgentState, ExtensionKind, Role
from domain.calls.call import CallStage
from tests.phones.browser import open_page
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.portal.desk import Desk
from tests.support.centre import Centre

RUNG_OUT = 40_000.0
"""Milliseconds until a third party who does not answer is given up, and some more."""


@dataclass
class Talk:
    """A customer who talks with the agent of the desk, and a supervisor with a desk phone."""

    centre: Centre
    desk: Desk
    call_id: str
    customer: PhoneCall
    boss: NewAccount
    boss_phone: SoftPhone

    async def heard_by_customer(self, *legs: int) -> None:
        """Waits until the customer hears just the agents on these legs; with none, music."""
        wanted = {self.call_id, *(f"{self.call_id}-a{leg}" for leg in legs)}

        async def so() -> bool:
            together = await self.centre.in_bridge(self.call_id)
            return together == wanted if legs else self.call_id not in together

        await self.centre.until(so)

    async def end(self) -> None:
        await self.customer.hang_up()
        await self.centre.cdr_of(self.call_id)


@pytest.fixture
async def talk(centre: Centre, agent: NewAccount, desk: Desk) -> AsyncIterator[Talk]:
    number = await centre.add_queue([agent])
    boss = await centre.add_agent(role=Role.SUPERVISOR)
    await desk.ready(agent)
    async with centre.desk_phone() as boss_phone, centre.customer() as customer:
        await centre.register(boss_phone, boss)
        await centre.arrive(boss)
        dialled = await customer.dial(centre.uri(number), caller_name="Zoë Müller", caller_number="+4930901820")
        await desk.stage("offered")
        await desk.page.keyboard.press("a")
        await desk.stage("connected")
        call = await centre.until_stage(number, CallStage.CONNECTED)
        yield Talk(centre, desk, call.id, dialled, boss, boss_phone)
        await centre.until_quiet(number)


@pytest.mark.parametrize("by", ["mouse", "key"])
async def test_a_customer_is_held_and_talked_with_again(talk: Talk, by: str) -> None:
    async def press() -> None:
        if by == "key":
            await talk.desk.page.keyboard.press("h")
        else:
            await talk.desk.part("hold").click()

    await press()
    await talk.desk.stage("held")
    await talk.heard_by_customer()
    await press()
    await talk.desk.stage("connected")
    await talk.heard_by_customer(1)
    await talk.end()


@pytest.mark.parametrize("by", ["mouse", "key"])
async def test_a_supervisor_is_consulted_and_all_talk_and_the_agent_leaves(talk: Talk, by: str) -> None:
    page, part = talk.desk.page, talk.desk.part
    await (page.keyboard.press("c") if by == "key" else part("consult").click())
    row = page.locator(f'[data-reach="{talk.boss.user_id}"]')
    await expect(row).to_contain_text("Available")
    await (row.press("Enter") if by == "key" else row.click())
    await talk.desk.stage("reaching")
    await expect(part("guest")).to_contain_text(f"Calling {talk.boss.name}")
    await (await talk.boss_phone.next_call()).answer()
    await talk.desk.stage("consulting")
    await talk.heard_by_customer()
    await (page.keyboard.press("f") if by == "key" else part("conference").click())
    await talk.desk.stage("conference")
    await talk.heard_by_customer(1, 2)
    await (page.keyboard.press("o") if by == "key" else part("hand-over").click())
    await talk.desk.stage("empty")
    await talk.heard_by_customer(2)
    await talk.end()


@pytest.mark.parametrize("by", ["mouse", "key"])
async def test_a_consultation_is_ended_and_the_customer_is_back(talk: Talk, by: str) -> None:
    await talk.desk.part("consult").click()
    await talk.desk.page.locator(f'[data-reach="{talk.boss.user_id}"]').click()
    ringing = await talk.boss_phone.next_call()
    await talk.desk.stage("reaching")
    await (talk.desk.page.keyboard.press("b") if by == "key" else talk.desk.part("cancel").click())
    await talk.desk.stage("connected")
    await talk.heard_by_customer(1)
    assert ringing.ended
    await talk.end()


@pytest.mark.parametrize("by", ["mouse", "key"])
async def test_a_transfer_is_gone_when_it_is_answered(talk: Talk, by: str) -> None:
    await (talk.desk.page.keyboard.press("x") if by == "key" else talk.desk.part("transfer").click())
    row = talk.desk.page.locator(f'[data-reach="{talk.boss.user_id}"]')
    await (row.press("Enter") if by == "key" else row.click())
    await (await talk.boss_phone.next_call()).answer()
    await talk.desk.stage("empty")
    await talk.desk.state("idle")
    await expect(talk.desk.part("recent-call").first).to_contain_text("Passed on")
    await talk.heard_by_customer(2)
    await talk.centre.until_state(talk.boss, AgentState.ON_CALL)
    await talk.end()


async def test_who_is_busy_cannot_be_chosen_and_the_list_follows(talk: Talk) -> None:
    await talk.centre.pause(talk.boss)
    await talk.desk.part("transfer").click()
    row = talk.desk.page.locator(f'[data-reach="{talk.boss.user_id}"]')
    await expect(row).to_have_attribute("data-available", "false")
    await expect(row).to_contain_text("Paused")
    await talk.centre.arrive(talk.boss)
    await talk.desk.part("refresh-colleagues").click()
    await expect(row).to_have_attribute("data-available", "true")
    await talk.desk.page.keyboard.press("Escape")
    await expect(talk.desk.part("colleagues")).to_be_hidden()
    await talk.end()


async def test_the_list_of_colleagues_is_walked_by_arrow_keys_and_enter_alone_chooses_nobody(talk: Talk) -> None:
    page, part = talk.desk.page, talk.desk.part
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.keyboard.press("x")
    row = page.locator(f'[data-reach="{talk.boss.user_id}"]')
    await expect(row).to_be_visible()
    await expect(part("colleague-number")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("[data-reach]").first).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(part("colleague-number")).to_be_focused()
    assert not [url for url in asked if url.endswith("/reach")]
    await talk.end()


async def test_a_number_abroad_is_refused_in_place_and_a_colleagues_extension_reaches_the_colleague(talk: Talk) -> None:
    page, part = talk.desk.page, talk.desk.part
    await part("consult").click()
    await part("colleague-number").fill("+44 20 7946 0123")
    await page.keyboard.press("Enter")
    await expect(part("colleagues-message")).to_have_text(
        "+44 20 7946 0123 is not among the destinations that may be called. An administrator can allow it."
    )
    await expect(part("call-bar")).to_have_attribute("data-stage", "connected")
    # It is said once, where it was asked for.
    await expect(part("call-message")).to_be_hidden()
    await part("colleague-number").fill(talk.boss.extension)
    await page.keyboard.press("Enter")
    await expect(part("guest")).to_contain_text(f"Calling {talk.boss.name}")
    assert not (await talk.boss_phone.next_call()).ended
    await talk.end()


@pytest.mark.parametrize("by", ["mouse", "key"])
async def test_keys_are_heard_at_the_customers_end_and_the_call_is_ended(talk: Talk, by: str) -> None:
    page, part = talk.desk.page, talk.desk.part
    if by == "key":
        await page.keyboard.press("k")
        await page.keyboard.type("4#")
    else:
        await part("keypad").click()
        await part("key-4").click()
        await part("key-12").click()
    await expect(talk.desk.part("keypad-shown")).to_have_text("4#")
    await talk.customer.wait_for_digits("4#")
    await page.keyboard.press("Escape")
    await (page.keyboard.press("Shift+E") if by == "key" else part("hang-up").click())
    await talk.customer.wait_for_end()
    assert (await talk.centre.cdr_of(talk.call_id)).ended_by == "agent"


@pytest.mark.parametrize("by", ["mouse", "key"])
async def test_the_recording_is_paused_and_the_microphone_muted_and_both_say_so(talk: Talk, by: str) -> None:
    page, part = talk.desk.page, talk.desk.part
    await expect(part("recording")).to_be_visible()
    for paused in (True, False):
        await (page.keyboard.press("v") if by == "key" else part("pause-recording").click())
        await expect(part("recording-paused")).to_be_visible(visible=paused)
        await expect(part("pause-recording")).to_have_attribute("aria-busy", "false")
    for muted in ("true", "false"):
        await (page.keyboard.press("m") if by == "key" else part("mute").click())
        await expect(part("mute")).to_have_attribute("aria-pressed", muted)
        await expect(part("mute")).to_have_attribute("aria-busy", "false")
    await talk.end()


async def test_a_number_is_called_from_the_page_and_the_browser_takes_it_at_once(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    async with centre.customer() as customer:
        await centre.call_out_to(customer)
        await desk.ready(agent)
        await desk.part("dial-number").fill("nobody")
        await desk.part("dial").click()
        await expect(desk.part("tools-message")).to_contain_text("nobody is no telephone number")
        await desk.part("dial-number").press("Escape")
        await expect(desk.part("tools-message")).to_be_hidden()
        await desk.part("dial-number").fill("(202) 555-0147")
        await desk.part("dial-number").press("Enter")
        called = await customer.next_call()
        await desk.stage("dialling")
        await called.answer()
        await desk.stage("connected")
        await expect(desk.part("caller-number")).to_contain_text("202")
        await called.hang_up()
        await desk.stage("empty")
        await desk.state("idle")


async def test_the_sound_of_a_call_is_shown_and_kept_with_its_record(talk: Talk) -> None:
    await expect(talk.desk.part("call-quality")).to_have_attribute("data-value", "good", timeout=15_000)
    await talk.end()

    async def kept() -> bool:
        async with talk.centre.database.read() as session:
            found = await session.scalar(select(CallQuality).where(CallQuality.call_id == talk.call_id))
        return found is not None and found.samples > 0 and 0 <= found.loss <= 1 and found.jitter_ms < 1000

    await talk.centre.until(kept)


async def test_a_transfer_that_a_supervisor_at_a_browser_does_not_take_comes_back(
    centre: Centre, agent: NewAccount, desk: Desk, browser: Browser
) -> None:
    number = await centre.add_queue([agent])
    supervisor = await centre.add_agent(ExtensionKind.WEB, Role.SUPERVISOR)
    await desk.ready(agent)
    async with open_page(browser) as second, centre.customer() as customer:
        boss = Desk(second, desk.address)
        await boss.ready(supervisor)
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        call_id = (await centre.until_stage(number, CallStage.CONNECTED)).id
        for ends_it in ("declined", "nobody answers"):
            await desk.part("transfer").click()
            await desk.page.locator(f'[data-reach="{supervisor.user_id}"]').click()
            await boss.stage("offered")
            if ends_it == "declined":
                await boss.page.keyboard.press("Shift+D")
            await expect(desk.part("call-bar")).to_have_attribute("data-stage", "connected", timeout=RUNG_OUT)
            await boss.stage("empty")
            assert await centre.in_bridge(call_id) == {call_id, f"{call_id}-a1"}
        await call.hang_up()
        cdr = await centre.cdr_of(call_id)
        await centre.until_state(supervisor, AgentState.IDLE)
    assert (cdr.user_id, cdr.ended_by) == (agent.user_id, "customer")


async def test_a_supervisor_at_a_browser_is_consulted_and_takes_the_call(
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
        await desk.part("consult").click()
        await desk.page.locator(f'[data-reach="{supervisor.user_id}"]').click()
        await boss.stage("offered")
        await expect(boss.part("call-stage")).to_contain_text(f"{agent.name} calls you about")
        await expect(boss.part("caller-name")).to_have_text("Zoë Müller")
        await boss.part("answer").click()
        await desk.stage("consulting")
        await boss.stage("connected")
        # What the agent can do with the call, its guest cannot.
        await expect(boss.part("transfer")).to_have_attribute("aria-disabled", "true")
        await desk.part("hand-over").click()
        await desk.stage("empty")
        await expect(boss.part("call-stage")).to_have_text("Talking with")
        await expect(boss.part("transfer")).to_have_attribute("aria-disabled", "false")
        assert await centre.in_bridge(call_id) == {call_id, f"{call_id}-a2"}
        await boss.stage("connected")
        await boss.part("hang-up").click()
        await call.wait_for_end()
        cdr = await centre.cdr_of(call_id)
    assert (cdr.user_id, cdr.ended_by) == (supervisor.user_id, "agent")
