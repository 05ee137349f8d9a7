"""Every state of the desk looked at by axe in both themes, and a day's work without a mouse."""

import pytest
from playwright.async_api import Browser, expect

from db.accounts.accounts import NewAccount
from domain.agents.agent import ExtensionKind, Role
from domain.calls.call import CallStage
from tests.phones.browser import open_page
from tests.portal.desk import Desk
from tests.portal.look import Look
from tests.portal.queue_rules import add_codes
from tests.support.centre import Centre

_LONG_WRAP_UP = 60
_NARROW = ({"width": 1024, "height": 700}, {"width": 720, "height": 450})
"""The smallest window that we promise, and what is left of 1440 x 900 when it is magnified twice."""
_WALK = 180
_LONG_FLOOR = 20
"""More agents than fit into their list."""


async def _narrow(desk: Desk, look: Look, state: str) -> None:
    for size in _NARROW:
        await desk.page.set_viewport_size({"width": size["width"], "height": size["height"]})
        await look.sizes(f"{state} at {size['width']} px")
        await desk.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        await expect(desk.part("call-bar")).to_be_in_viewport()
        await desk.page.evaluate("window.scrollTo(0, 0)")
    await desk.page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.timeout(_WALK)
async def test_no_state_without_a_call_has_a_serious_fault(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    await centre.add_queue([agent])
    look = Look(desk.page)
    await desk.page.goto(f"{desk.address}/login")
    await look.at("log-in")
    await desk.ready(agent)
    await look.at("idle")
    await _narrow(desk, look, "idle")
    for key, dialog in (("k", "keypad-dialog"), ("?", "shortcuts"), ("s", "devices")):
        await desk.page.keyboard.press(key)
        await expect(desk.part(dialog)).to_be_visible()
        await look.at(dialog)
        await _narrow(desk, look, dialog)
        await desk.page.keyboard.press("Escape")
        await expect(desk.part(dialog)).to_be_hidden()
    await desk.page.keyboard.press("p")
    await look.at("reasons to pause")
    await desk.page.keyboard.press("1")
    await desk.state("paused")
    await look.at("paused")
    assert not look.wrong, "\n".join(look.wrong)


@pytest.mark.timeout(_WALK)
async def test_no_stage_of_a_call_has_a_serious_fault(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent], wrap_up_seconds=_LONG_WRAP_UP)
    await add_codes(centre, number, "Solved", "Wrong number")
    boss = await centre.add_agent(role=Role.SUPERVISOR)
    await desk.ready(agent)
    look = Look(desk.page)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, boss)
        await centre.arrive(boss)
        await customer.dial(centre.uri(number), caller_name="Zoë Müller", caller_number="+4930901820")
        await desk.stage("offered")
        await look.at("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        waits = await customer.dial(centre.uri(number), caller_name="Liam O'Connor")
        await centre.until_waiting(number, 1)
        await look.at("connected")
        await _narrow(desk, look, "connected")
        await desk.page.keyboard.press("h")
        await desk.stage("held")
        await look.at("held")
        await desk.page.keyboard.press("c")
        row = desk.page.locator(f'[data-reach="{boss.user_id}"]')
        await expect(row).to_contain_text("Available")
        await look.at("consult dialog")
        await row.click()
        await (await phone.next_call()).answer()
        await desk.stage("consulting")
        await look.at("consulting")
        await _narrow(desk, look, "consulting")
        await desk.page.keyboard.press("f")
        await desk.stage("conference")
        await look.at("conference")
        await desk.page.keyboard.press("Shift+E")
        await desk.stage("wrap_up")
        await expect(desk.part("guest")).to_be_hidden()
        await look.at("wrap-up")
        await _narrow(desk, look, "wrap-up")
        await waits.hang_up()
        await desk.page.keyboard.press("1")
    await centre.until_quiet(number)
    assert not look.wrong, "\n".join(look.wrong)


@pytest.mark.timeout(_WALK)
async def test_the_desks_of_a_sip_agent_and_a_supervisor_have_no_serious_fault(
    centre: Centre, desk: Desk, browser: Browser
) -> None:
    agent = await centre.add_agent(ExtensionKind.SIP)
    for _ in range(_LONG_FLOOR):
        await centre.add_agent()
    boss = await centre.add_agent(ExtensionKind.WEB, Role.SUPERVISOR)
    number = await centre.add_queue([agent])
    await desk.log_in(agent)
    await expect(desk.part("sip-notice")).to_be_visible()
    look = Look(desk.page)
    await look.at("SIP agent")
    async with open_page(browser) as page, centre.customer() as customer:
        second = Desk(page, desk.address)
        await second.ready(boss)
        waits = await customer.dial(centre.uri(number), caller_name="Zoë Müller")
        await centre.until_waiting(number, 1)
        await expect(second.part("waiting-call")).to_have_count(1)
        other = Look(page)
        await other.at("supervisor")
        await _narrow(second, other, "supervisor")
        await waits.hang_up()
    await centre.until_quiet(number)
    assert not look.wrong + other.wrong, "\n".join(look.wrong + other.wrong)


async def test_a_day_is_worked_without_a_mouse(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent], wrap_up_seconds=_LONG_WRAP_UP)
    await add_codes(centre, number, "Solved")
    boss = await centre.add_agent(role=Role.SUPERVISOR)
    keys = desk.page.keyboard
    await desk.page.goto(f"{desk.address}/login")
    await keys.type(agent.name)
    await keys.press("Tab")
    await keys.type(agent.password)
    await keys.press("Enter")
    await desk.state("idle")
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, boss)
        await centre.arrive(boss)
        await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await keys.press("a")
        await desk.stage("connected")
        call_id = (await centre.until_stage(number, CallStage.CONNECTED)).id
        await keys.press("h")
        await desk.stage("held")
        await keys.press("c")
        row = desk.page.locator(f'[data-reach="{boss.user_id}"]')
        await expect(row).to_have_attribute("data-available", "true")
        for _ in range(20):
            if await row.evaluate("(row) => row === document.activeElement"):
                break
            await keys.press("Tab")
        await keys.press("Enter")
        await (await phone.next_call()).answer()
        await desk.stage("consulting")
        await keys.press("b")
        await desk.stage("connected")
        await keys.press("Shift+E")
        await desk.stage("wrap_up")
        await keys.press("1")
        await desk.state("idle")
        assert (await centre.cdr_of(call_id)).wrap_up_code == "Solved"
    await keys.press("p")
    await keys.press("1")
    await desk.state("paused")
