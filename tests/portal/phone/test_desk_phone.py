"""An agent with a desk phone and the portal open: what is done on the phone shows on the page, and the other way."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import expect

import api
from db.accounts.accounts import NewAccount
from domain.agents.agent import ExtensionKind
from domain.calls.call import CallStage
from tests.phones.browser import Ear
from tests.phones.soft_phone import SoftPhone
from tests.portal.desk import Desk
from tests.support.centre import Centre

NUMBER = "2025550147"
NOTICE_MS = 2000
"""A phone's coming and going is on the page within this time."""
DTMF_5_HZ = (770.0, 1336.0)

# The browser's own phone with this session's secret, used past the page: what somebody could do who knows the session.
_INVITE = """
async ({stack, number}) => {
    const {UA, WebSocketInterface} = await import(stack);
    const found = await (await fetch("/api/v1/phone")).json();
    const agent = new UA({
        sockets: [new WebSocketInterface(`ws://${location.host}${found.ws_path}`)], register: false,
        uri: found.uri, authorization_user: found.username, ha1: found.ha1, realm: found.realm,
    });
    return await new Promise((resolve) => {
        const early = [];
        agent.on("connected", () => agent.call(`sip:${number}@${found.realm}`, {
            mediaConstraints: {audio: true},
            eventHandlers: {
                progress: ({response}) => early.push(response?.status_code),
                accepted: () => resolve({answered: true, early}),
                failed: ({message, cause}) => resolve({answered: false, early, status: message?.status_code, cause}),
            },
        }));
        agent.start();
    });
}
"""


@dataclass
class AtDesk:
    """The page and the phone of one agent, and a customer who can be called."""

    desk: Desk
    phone: SoftPhone
    customer: SoftPhone
    agent: NewAccount


@pytest.fixture
async def at_desk(centre: Centre, desk: Desk) -> AsyncIterator[AtDesk]:
    agent = await centre.add_agent()
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.call_out_to(customer)
        await centre.register(phone, agent)
        await desk.ready(agent)
        yield AtDesk(desk, phone, customer, agent)


async def test_a_phone_that_comes_and_goes_is_told_at_once_and_dialling_says_so(centre: Centre, desk: Desk) -> None:
    agent = await centre.add_agent()
    notice = desk.part("sip-notice")
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.call_out_to(customer)
        await desk.log_in(agent)
        await expect(notice).to_have_attribute("data-value", "lost")
        await centre.register(phone, agent)
        await expect(notice).to_have_attribute("data-value", "ready", timeout=NOTICE_MS)
        await phone.unregister()
        await expect(notice).to_have_attribute("data-value", "lost", timeout=NOTICE_MS)
        await expect(notice).to_contain_text(f"Extension {agent.extension} is not registered")
        await expect(desk.part("phone-status")).to_have_attribute("data-value", "lost")
        await desk.part("dial-number").fill(NUMBER)
        await desk.part("dial").click()
        await expect(desk.part("tools-message")).to_contain_text("Your phone is not registered", timeout=NOTICE_MS)
        assert customer.calls == []


async def test_a_call_dialled_on_the_phone_is_on_the_page_with_its_tools(centre: Centre, at_desk: AtDesk) -> None:
    desk = at_desk.desk
    dialled = await at_desk.phone.dial(centre.uri(NUMBER))
    called = await at_desk.customer.next_call()
    await desk.stage("dialling")
    await desk.state("on_call")
    await expect(desk.part("caller-number")).to_contain_text("202")
    await called.answer()
    await desk.stage("connected")
    await expect(desk.part("recording")).to_be_visible()
    await desk.page.keyboard.press("k")
    await desk.page.keyboard.type("7#")
    await called.wait_for_digits("7#")
    await desk.page.keyboard.press("Escape")
    await desk.part("hold").click()
    await desk.stage("held")
    await desk.part("hold").click()
    await desk.stage("connected")
    await desk.part("hang-up").click()
    await desk.stage("empty")
    await desk.state("idle")
    assert await dialled.wait_for_end() == 200
    await called.wait_for_end()
    await expect(desk.part("recent-call").first).to_contain_text("202")


async def test_a_number_that_the_phone_may_not_call_is_told_on_the_page(centre: Centre, at_desk: AtDesk) -> None:
    desk = at_desk.desk
    dialled = await at_desk.phone.dial(centre.uri("19005550199"))
    await expect(desk.part("tools-message")).to_contain_text("Your phone did not call: +1 900-555-0199 is a premium")
    await desk.stage("empty")
    await desk.page.reload()
    await expect(desk.part("tools-message")).to_contain_text("may not be called")
    await dialled.hang_up()
    accepted = await at_desk.phone.dial(centre.uri(NUMBER))
    await desk.stage("dialling")
    await expect(desk.part("tools-message")).to_be_hidden()
    await accepted.hang_up()
    await desk.stage("empty")


async def test_a_browser_cannot_dial_past_its_page(centre: Centre, desk: Desk) -> None:
    agent = await centre.add_agent(ExtensionKind.WEB)
    [stack] = [path.name for path in _built().glob("*.js") if "as WebSocketInterface" in path.read_text()]
    async with centre.customer() as customer:
        await centre.call_out_to(customer)
        await desk.ready(agent)
        told = await desk.page.evaluate(_INVITE, {"stack": f"/static/dist/{stack}", "number": NUMBER})
        # Whoever speaks SIP past the page gets no answer: the page dials by the API.
        assert (told["answered"], told["status"]) == (False, None)
        assert customer.calls == []
        await desk.state("idle")


async def test_keys_of_the_customer_are_heard_in_the_browser(centre: Centre, desk: Desk) -> None:
    agent = await centre.add_agent(ExtensionKind.WEB)
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        await centre.until_stage(number, CallStage.CONNECTED)
        ear = Ear(desk.page)
        await ear.forget()
        await call.dtmf("555")
        for hz in DTMF_5_HZ:
            await ear.wait_for_tone(hz, seconds=0.2)
        await call.hang_up()
        await centre.completed_cdr(number)


def _built() -> Path:
    return Path(api.__file__).parent / "static" / "dist"
