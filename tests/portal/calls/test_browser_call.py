import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import WebSocketRoute, expect

from db.accounts.accounts import NewAccount
from tests.phones.audio import tones_in
from tests.phones.browser import Ear
from tests.portal.conftest import AGENT_HZ
from tests.portal.desk import Desk
from tests.support.centre import Centre
from tests.support.stack import until

CUSTOMER_HZ = 900.0
TALK_SECONDS = 4.0
HEARD_SECONDS = 1.0


async def test_a_customer_talks_with_an_agent_in_the_browser(
    centre: Centre, agent: NewAccount, desk: Desk, tmp_path: Path
) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    heard = tmp_path / "customer.wav"
    async with centre.customer(tone_hz=CUSTOMER_HZ, record=heard) as customer:
        call = await customer.dial(centre.uri(number), caller_name="Zoë Müller", caller_number="+4930901820")
        await desk.stage("offered")
        await expect(desk.part("caller-name")).to_have_text("Zoë Müller")
        await expect(desk.part("caller-number")).to_have_text("+49 30 901820")
        await desk.part("answer").click()
        await desk.stage("connected")
        await desk.state("on_call")
        await Ear(desk.page).wait_for_tone(CUSTOMER_HZ, seconds=HEARD_SECONDS)
        await asyncio.sleep(TALK_SECONDS)  # The talk itself takes time; nothing is waited for.
        await desk.part("hang-up").click()
        await call.wait_for_end()
        await desk.state("wrap_up")
        await desk.state("idle")
        cdr = await centre.completed_cdr(number)
    assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("answered", "agent", agent.user_id)
    assert tones_in(heard, [AGENT_HZ])[AGENT_HZ].seconds > HEARD_SECONDS
    [recording] = await centre.recordings(cdr.call_id)
    both = tones_in(centre.recording_file(recording), [AGENT_HZ, CUSTOMER_HZ])
    assert min(tone.seconds for tone in both.values()) > HEARD_SECONDS


async def test_answer_is_not_lost_when_it_is_pressed_before_the_browser_rings(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    held: list[Callable[[], None]] = []

    def hold_invites(page: WebSocketRoute) -> None:
        def deliver(message: str | bytes) -> None:
            is_invite = not held and str(message).startswith("INVITE ")
            held.append(partial(page.send, message)) if is_invite else page.send(message)

        page.connect_to_server().on_message(deliver)

    await desk.page.route_web_socket("**/phone/ws", hold_invites)
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.page.keyboard.press("a")
        await expect(desk.part("answer")).to_have_attribute("aria-busy", "true")
        await until(lambda: bool(held))
        held[0]()
        await desk.stage("connected")
        await call.hang_up()
        await desk.state("idle")


async def test_a_muted_agent_is_not_heard(centre: Centre, agent: NewAccount, desk: Desk, tmp_path: Path) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    heard = tmp_path / "customer.wav"
    async with centre.customer(record=heard) as customer:
        await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        await desk.part("mute").click()
        await expect(desk.part("mute")).to_have_attribute("aria-pressed", "true")
        await asyncio.sleep(TALK_SECONDS)  # Silence is to be heard for a while.
        await customer.hang_up()
        cdr = await centre.completed_cdr(number)
    [recording] = await centre.recordings(cdr.call_id)
    assert tones_in(centre.recording_file(recording), [AGENT_HZ])[AGENT_HZ].seconds < HEARD_SECONDS


@pytest.mark.parametrize("by", ["mouse", "key"])
async def test_a_declined_call_goes_on_waiting(centre: Centre, agent: NewAccount, desk: Desk, by: str) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with centre.customer() as customer:
        await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await (desk.page.keyboard.press("Shift+D") if by == "key" else desk.part("decline").click())
        await desk.stage("empty")
        await centre.until_waiting(number, 1)
        await customer.hang_up()
        cdr = await centre.completed_cdr(number)
    assert cdr.disposition == "abandoned"


async def test_a_paused_agent_gets_no_call_until_ready(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    await desk.part("pause").click()
    await desk.part("pause-reason").first.click()
    await desk.state("paused")
    async with centre.customer() as customer:
        await customer.dial(centre.uri(number))
        await centre.until_waiting(number, 1)
        await desk.part("ready").click()
        await desk.stage("offered")
        await customer.hang_up()
        await desk.stage("empty")
        await centre.completed_cdr(number)


async def test_a_closed_window_makes_its_agent_unreachable(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    await desk.page.close()
    await centre.until_unregistered(agent)
    async with centre.customer() as customer:
        await customer.dial(centre.uri(number))
        await centre.until_waiting(number, 1)
        await customer.hang_up()
        await centre.completed_cdr(number)


async def test_a_killed_api_costs_a_talk_nothing_and_the_page_catches_up(
    centre: Centre, agent: NewAccount, desk: Desk
) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with centre.customer(tone_hz=CUSTOMER_HZ) as customer:
        await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        await centre.kill_and_revive("api")
        ear = Ear(desk.page)
        await ear.forget()
        await ear.wait_for_tone(CUSTOMER_HZ, seconds=HEARD_SECONDS)
        await customer.hang_up()
        await desk.stage("empty")
        await desk.state("idle")
        cdr = await centre.completed_cdr(number)
    assert cdr.disposition == "answered"
