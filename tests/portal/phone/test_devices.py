"""The microphone is asked for with a word before, and devices are chosen, tried, and missed, in a real browser."""

import json
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from db.accounts.accounts import NewAccount
from tests.phones.browser import open_page, start_browser
from tests.portal.desk import Desk
from tests.support.centre import Centre

_COUNT_OPENINGS = """
    window.openings = 0;
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (wish) => { window.openings += 1; return open(wish); };
"""
_KEEP_CONNECTIONS = """
    window.connections = [];
    window.RTCPeerConnection = class extends window.RTCPeerConnection {
        constructor(...parts) { super(...parts); window.connections.push(this); }
    };
"""
_UNPLUG = """(name) => {
    const all = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
    navigator.mediaDevices.enumerateDevices =
        async () => (await all()).filter((device) => !device.label.includes(name));
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
}"""
_NO_MICROPHONE = """void (navigator.mediaDevices.getUserMedia =
    () => Promise.reject(new DOMException("none", "NotFoundError")))"""
_SENT = "window.connections.at(-1).getSenders().map((sender) => sender.track?.label).join()"
_HEARD_ON = """async () => {
    const { sinkId } = document.querySelector("[data-remote-audio]");
    const device = (await navigator.mediaDevices.enumerateDevices()).find((one) => one.deviceId === sinkId);
    return device?.label ?? "";
}"""


async def _until(page: Page, expression: str, wanted: str, centre: Centre) -> None:
    """Waits for a fact that only the page's own objects know."""

    async def so() -> bool:
        return wanted in str(await page.evaluate(expression))

    await centre.until(so)


@pytest.fixture
async def unasked() -> AsyncIterator[Page]:
    """A window whose browser has not asked for the microphone yet; its agent says No unless permission is given."""
    async with start_browser(asks=True) as browser, open_page(browser, allowed=False) as page:
        await page.add_init_script(_COUNT_OPENINGS)
        yield page


@pytest.fixture
async def bare() -> AsyncIterator[Page]:
    """A window on a machine without any microphone or speaker."""
    async with start_browser(devices=False) as browser, open_page(browser) as page:
        yield page


async def test_the_page_says_why_before_the_browser_asks_and_a_refusal_leaves_the_call_ringing(
    centre: Centre, agent: NewAccount, desk: Desk, unasked: Page
) -> None:
    number = await centre.add_queue([agent])
    new = Desk(unasked, desk.address)
    await new.ready(agent)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await new.stage("offered")
        await unasked.keyboard.press("a")
        await expect(new.part("ask-microphone")).to_be_visible()
        assert await unasked.evaluate("window.openings") == 0
        await unasked.keyboard.press("Escape")
        await expect(new.part("call-message")).to_contain_text("The call rings on")
        await new.part("answer").click()
        await unasked.keyboard.press("Enter")
        await expect(new.part("call-message")).to_contain_text("The browser blocks the microphone")
        await new.stage("offered")
        await unasked.context.grant_permissions(["microphone"])
        await expect(new.part("call-message")).to_be_hidden()
        await new.part("answer").click()
        await new.stage("connected")
        await call.hang_up()
        await centre.completed_cdr(number)


async def test_without_a_microphone_no_call_is_begun(centre: Centre, agent: NewAccount, desk: Desk, bare: Page) -> None:
    await centre.add_queue([agent])
    new = Desk(bare, desk.address)
    await new.ready(agent, "no_microphone")
    await expect(new.part("phone-status")).to_contain_text("Phone: no microphone")
    await expect(new.part("setup")).to_contain_text("Connected, but callers could not hear you.")
    await expect(new.part("setup")).to_contain_text("Plug in your headset")
    await new.part("dial-number").fill("(202) 555-0147")
    await new.part("dial").click()
    await expect(new.part("tools-message")).to_contain_text("Plug in your headset")
    await new.state("idle")


async def test_answer_says_what_to_do_when_the_microphone_has_gone_while_it_rang(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.page.evaluate(_NO_MICROPHONE)
        await desk.part("answer").click()
        await expect(desk.part("call-message")).to_contain_text("No microphone found. Plug in your headset")
        await expect(desk.part("answer")).to_have_attribute("aria-disabled", "false")
        await desk.stage("offered")
        assert not call.ended
        await call.hang_up()
        await desk.stage("empty")
        await centre.completed_cdr(number)


async def test_devices_are_changed_in_a_call_and_remembered(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent])
    await desk.page.add_init_script(_KEEP_CONNECTIONS)
    await desk.ready(agent)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        await desk.part("open-devices").click()
        await expect(desk.part("device-level-words")).to_have_text("It hears you.")
        await desk.part("device-microphone").select_option(label="Fake Audio Input 2")
        await desk.part("device-speaker").select_option(label="Fake Audio Output 1")
        await _until(desk.page, _SENT, "Fake Audio Input 2", centre)
        await _until(desk.page, _HEARD_ON, "Fake Audio Output 1", centre)
        await desk.part("test-tone").click()
        await expect(desk.part("test-tone")).to_have_attribute("aria-busy", "true")
        await expect(desk.part("test-tone")).to_have_attribute("aria-busy", "false")
        await desk.page.keyboard.press("Escape")
        await expect(desk.part("devices-in-use")).to_have_text("Fake Audio Input 2 · Fake Audio Output 1")
        await call.hang_up()
        await desk.stage("empty")
        await centre.completed_cdr(number)
    await desk.page.reload()
    await expect(desk.part("devices-in-use")).to_have_text("Fake Audio Input 2 · Fake Audio Output 1")


async def test_a_chosen_device_that_is_unplugged_in_a_call_is_told_and_replaced(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.page.add_init_script(_KEEP_CONNECTIONS)
    await desk.ready(agent)
    await desk.page.keyboard.press("s")
    await desk.part("device-microphone").select_option(label="Fake Audio Input 1")
    await desk.page.keyboard.press("Escape")
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        await _until(desk.page, _SENT, "Fake Audio Input 1", centre)
        await desk.page.evaluate(_UNPLUG, "Input 1")
        await expect(desk.part("device-news")).to_contain_text("Fake Audio Input 1 is not plugged in")
        await _until(desk.page, _SENT, "Default", centre)
        await expect(desk.part("devices-in-use")).to_contain_text("not plugged in")
        await call.hang_up()
        await desk.stage("empty")
        await centre.completed_cdr(number)


async def test_a_remembered_device_that_is_gone_is_told_at_the_start(agent: NewAccount, desk: Desk) -> None:
    gone = json.dumps(json.dumps({"id": "gone", "name": "Old headset"}))
    await desk.page.add_init_script(f"localStorage.setItem('everline.speaker', {gone})")
    await desk.ready(agent)
    await expect(desk.part("device-news")).to_contain_text("Old headset is not plugged in")
    await desk.part("open-devices").click()
    await expect(desk.part("device-speaker-note")).to_contain_text("until it is back")
    await desk.part("device-speaker").select_option(label="System default")
    await expect(desk.part("device-speaker-note")).to_be_empty()
