"""Ending a call passes every other press, dialogs never cover the call bar, and no press lands on another meaning."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, Request, Route, expect

from db.accounts.accounts import NewAccount
from domain.calls.call import CallStage
from tests.phones.phone_call import PhoneCall
from tests.portal.calls.test_call_tools import Talk, talk  # noqa: F401 - a fixture
from tests.portal.desk import Desk
from tests.support.centre import Centre

DIALOGS = ["keypad", "shortcuts", "devices"]


@asynccontextmanager
async def ringing(
    centre: Centre, desk: Desk, agent: NewAccount, wrap_up_seconds: int = 1
) -> AsyncIterator[tuple[str, PhoneCall]]:
    """A caller who rings the agent: the queue's number and the call."""
    number = await centre.add_queue([agent], wrap_up_seconds=wrap_up_seconds)
    await desk.ready(agent)
    async with centre.customer() as customer:
        yield number, await customer.dial(centre.uri(number), caller_name="Zoë Müller", caller_number="+4930901820")
        await centre.until_quiet(number)


async def pressed_again_at(page: Page, stage: str, by: str, at: tuple[float, float]) -> None:
    """As soon as the call bar shows a stage, what stands at a place is clicked, or Shift+E pressed, by the page itself.

    From outside, a press would come later than the moment in which buttons rest, where the machine is busy.
    """
    await page.evaluate(
        """([stage, by, x, y]) => {
            const bar = document.querySelector("[data-callbar]");
            const watch = new MutationObserver(() => {
                if (bar.dataset.stage !== stage) return;
                watch.disconnect();
                const again = () => by === "key"
                    ? document.body.dispatchEvent(
                        new KeyboardEvent("keydown", { key: "E", shiftKey: true, bubbles: true, cancelable: true }))
                    : document.elementFromPoint(x, y).click();
                setTimeout(again);
            });
            watch.observe(bar, { attributes: true, attributeFilter: ["data-stage"] });
        }""",
        [stage, by, *at],
    )


async def never_answered(page: Page, path: str) -> None:
    """Requests to this path are sent nowhere, and wait."""

    async def wait(_: Route) -> None:
        await asyncio.Event().wait()

    await page.route(path, wait)


async def open_dialog(desk: Desk, name: str) -> None:
    key = {"keypad": "k", "shortcuts": "?", "devices": "s"}[name]
    await desk.page.keyboard.press(key)
    await expect(desk.page.locator(f"#{name}")).to_be_visible()


@pytest.mark.parametrize("by", ["mouse", "key"])
async def test_the_end_of_the_call_does_not_wait_for_a_press_that_waits(talk: Talk, by: str) -> None:  # noqa: F811
    page, part = talk.desk.page, talk.desk.part
    await never_answered(page, "**/hold")
    await never_answered(page, "**/mute")
    await part("mute").click()
    await expect(part("mute")).to_have_attribute("aria-busy", "true")
    await part("hold").click()
    await expect(part("hold")).to_have_attribute("aria-busy", "true")
    await (page.keyboard.press("Shift+E") if by == "key" else part("hang-up").click())
    await talk.customer.wait_for_end()
    assert (await talk.centre.cdr_of(talk.call_id)).ended_by == "agent"


async def test_the_end_of_the_call_that_comes_right_after_a_hold_is_not_lost(talk: Talk) -> None:  # noqa: F811
    await talk.desk.page.keyboard.press("h")
    await talk.desk.page.keyboard.press("Shift+E")
    await talk.customer.wait_for_end()
    assert (await talk.centre.cdr_of(talk.call_id)).ended_by == "agent"


async def test_a_call_is_declined_while_its_answer_is_under_way(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    async with ringing(centre, desk, agent) as (number, call):
        await desk.stage("offered")
        # The browser never gets as far as the microphone.
        await desk.page.evaluate("void (navigator.mediaDevices.getUserMedia = () => new Promise(() => {}))")
        await desk.part("answer").click()
        await expect(desk.part("answer")).to_have_attribute("aria-busy", "true")
        await desk.part("decline").click()
        await desk.stage("empty")
        await centre.until_waiting(number, 1)
        await call.hang_up()


async def test_the_browser_ends_the_call_while_the_line_is_lost_and_the_server_does_when_it_is_back(
    talk: Talk,  # noqa: F811
) -> None:
    page, part = talk.desk.page, talk.desk.part
    await page.route("**/api/v1/**", lambda route: route.abort())
    # The stream of live events is opened anew, and now in vain.
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(part("connection-lost")).to_be_visible()
    await part("hold").click()
    await expect(part("hold")).to_have_attribute("aria-busy", "true")
    await part("hang-up").click()
    await expect(part("call-message")).to_contain_text("this browser ended the call")
    await talk.centre.until(lambda: talk.centre.is_at(talk.call_id, CallStage.RETURNING))
    await page.unroute("**/api/v1/**")
    await talk.customer.wait_for_end()
    assert (await talk.centre.cdr_of(talk.call_id)).ended_by == "agent"


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_call_is_answered_muted_and_ended_by_keys_while_a_dialog_is_open(
    centre: Centre, agent: NewAccount, desk: Desk, name: str
) -> None:
    async with ringing(centre, desk, agent) as (number, call):
        await open_dialog(desk, name)
        await desk.stage("offered")
        await desk.page.keyboard.press("a")
        await desk.stage("connected")
        call_id = (await centre.until_stage(number, CallStage.CONNECTED)).id
        await desk.page.keyboard.press("m")
        await expect(desk.part("mute")).to_have_attribute("aria-pressed", "true")
        await expect(desk.page.locator(f"#{name}")).to_be_visible()
        await desk.page.keyboard.press("Shift+E")
        await call.wait_for_end()
        await centre.cdr_of(call_id)


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_call_is_answered_muted_and_ended_by_mouse_while_a_dialog_is_open(
    centre: Centre, agent: NewAccount, desk: Desk, name: str
) -> None:
    async with ringing(centre, desk, agent) as (number, call):
        await open_dialog(desk, name)
        await desk.stage("offered")
        await desk.part("answer").click(timeout=5000)
        await desk.stage("connected")
        call_id = (await centre.until_stage(number, CallStage.CONNECTED)).id
        await desk.part("mute").click(timeout=5000)
        await expect(desk.part("mute")).to_have_attribute("aria-pressed", "true")
        await expect(desk.page.locator(f"#{name}")).to_be_visible()
        await desk.part("hang-up").click(timeout=5000)
        await call.wait_for_end()
        await centre.cdr_of(call_id)


async def test_a_letter_in_the_field_of_the_number_is_a_key(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    async with ringing(centre, desk, agent) as (_, call):
        await desk.part("dial-number").click()
        await desk.page.keyboard.type("030 1")
        await desk.stage("offered")
        await desk.page.keyboard.press("a")
        await desk.stage("connected")
        await expect(desk.part("dial-number")).to_have_value("030 1")
        await call.hang_up()


async def test_the_field_is_empty_once_its_number_is_called(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    async with centre.customer() as customer:
        await centre.call_out_to(customer)
        await desk.ready(agent)
        await desk.dial("(202) 555-0147")
        called = await customer.next_call()
        await expect(desk.part("dial-number")).to_have_value("")
        await called.hang_up()
        await desk.state("idle")


@pytest.mark.parametrize("by", ["mouse", "key"])
async def test_a_second_press_on_end_consult_is_none_on_hang_up(talk: Talk, by: str) -> None:  # noqa: F811
    page, part = talk.desk.page, talk.desk.part
    await part("consult").click()
    await page.locator(f'[data-reach="{talk.boss.user_id}"]').click()
    await (await talk.boss_phone.next_call()).answer()
    await talk.desk.stage("consulting")
    await expect(part("hang-up")).to_contain_text("End consult")
    box = await part("hang-up").bounding_box()
    assert box is not None
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await pressed_again_at(page, "connected", by, at)
    await (page.keyboard.press("Shift+E") if by == "key" else page.mouse.click(*at))
    await talk.heard_by_customer(1)
    await talk.desk.stage("connected")
    assert [url.rsplit("/", 1)[-1] for url in asked if url.endswith(("/cancel", "/hang-up"))] == ["cancel"]
    assert not talk.customer.ended
    await talk.end()


async def test_a_double_click_on_hang_up_leaves_the_wrap_up(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    async with ringing(centre, desk, agent, wrap_up_seconds=30) as (_, call):
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        box = await desk.part("hang-up").bounding_box()
        assert box is not None
        at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        await pressed_again_at(desk.page, "wrap_up", "click", at)
        await desk.page.mouse.click(*at)
        await call.wait_for_end()
        await desk.stage("wrap_up")
        await desk.part("wrap-up-complete").click()
        await desk.state("idle")


async def test_every_press_says_what_was_seen_and_end_consult_asks_for_just_that(talk: Talk) -> None:  # noqa: F811
    page, part = talk.desk.page, talk.desk.part
    asked: list[tuple[str, object]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            asked.append((request.url, request.post_data_json))

    page.on("request", note)
    await part("consult").click()
    await page.locator(f'[data-reach="{talk.boss.user_id}"]').click()
    await (await talk.boss_phone.next_call()).answer()
    await talk.desk.stage("consulting")
    await part("hang-up").click()
    await talk.desk.stage("connected")
    await part("mute").click()
    await expect(part("mute")).to_have_attribute("aria-pressed", "true")
    await part("hold").click()
    await talk.desk.stage("held")
    bodies = {url.rsplit("/", 1)[-1]: body for url, body in asked if "/calls/" in url}
    assert {"reach", "cancel", "mute", "hold"} <= bodies.keys()
    assert "hang-up" not in bodies
    assert all(isinstance(body, dict) and body.get("seen") for body in bodies.values()), bodies
    await talk.end()
