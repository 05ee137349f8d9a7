"""A browser in mid-call loses its network, or sleeps with its machine, and comes back: no call is lost."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Browser, Page, expect

from db.accounts.accounts import NewAccount
from domain.calls import ids
from domain.calls.call import CallStage
from tests.phones.audio import Samples, tones_in, tones_in_samples
from tests.phones.browser import Ear, all_of, network_of, standing_still
from tests.portal.calls.test_cut_off import LONG, connected, hears_agent_again
from tests.portal.conftest import AGENT_HZ
from tests.portal.desk import Desk
from tests.support.centre import OWN_MUSIC, OWN_MUSIC_HZ, Centre
from tests.support.wire import wire_to

CUSTOMER_HZ = 900.0
HEARD_SECONDS = 1.0
RATE = 8000
UNWRITTEN_SECONDS = 2.0
"""How much of a recording may not be on disk yet."""


async def recorded_since(centre: Centre, file: Path, start: int, hz: float, seconds: float) -> None:
    """Waits until so much of a tone has been recorded after the first `start` bytes."""

    async def heard() -> bool:
        return tones_in_samples(_samples(file, start), RATE, [hz])[hz].seconds > seconds

    await centre.until(heard, 20)


def _samples(file: Path, start: int) -> Samples:
    return np.frombuffer(file.read_bytes()[start:], dtype="<i2").astype(np.float64) / 32768


async def test_without_its_network_an_idle_page_promises_nothing(centre: Centre, agent: NewAccount, page: Page) -> None:
    await centre.add_queue([agent])
    async with wire_to(centre.settings.portal_port) as wire:
        desk = Desk(page, f"http://localhost:{wire.port}")
        await desk.ready(agent)
        headline, state = page.get_by_test_id("next-headline"), desk.part("agent-state")
        await expect(headline).to_have_text("Ready")
        # Only the live line is lost: the browser's phone has its own, and stays registered.
        await page.route("**/api/v1/**", lambda route: route.abort())
        wire.cut()
        wire.mend()
        await expect(desk.part("phone-status")).to_have_attribute("data-value", "ready")
        await expect(headline).to_have_text("Not connected")
        await expect(state).to_contain_text("last known")
        await page.unroute("**/api/v1/**")
        await expect(headline).to_have_text("Ready")
        await expect(state).not_to_contain_text("last known")


async def test_without_its_network_a_page_says_so_the_talk_goes_on_and_actions_wait(
    centre: Centre, agent: NewAccount, page: Page
) -> None:
    number = await centre.add_queue([agent])
    async with wire_to(centre.settings.portal_port) as wire, centre.customer(tone_hz=CUSTOMER_HZ) as customer:
        desk = Desk(page, f"http://localhost:{wire.port}")
        await desk.ready(agent)
        call = await customer.dial(centre.uri(number))
        call_id = await connected(centre, desk, number)
        file = centre.settings.recordings / f"{ids.recording(call_id, 1)}.wav"
        wire.cut()
        start = file.stat().st_size & ~1
        await expect(desk.part("connection-lost")).to_contain_text("Your call goes on.")
        await desk.part("hold").click()
        await expect(desk.part("hold")).to_have_attribute("aria-busy", "true")
        # What happens meanwhile, the page cannot know.
        second = await customer.dial(centre.uri(number))
        await centre.until_waiting(number, 1)
        ear = Ear(page)
        await ear.forget()
        await ear.wait_for_tone(CUSTOMER_HZ, seconds=HEARD_SECONDS)
        await recorded_since(centre, file, start, AGENT_HZ, UNWRITTEN_SECONDS + HEARD_SECONDS)
        assert await centre.is_at(call_id, CallStage.CONNECTED)
        await expect(desk.part("waiting-call")).to_have_count(0)
        wire.mend()
        await desk.stage("held")
        await expect(desk.part("connection-lost")).to_be_hidden()
        await expect(desk.part("waiting-call")).to_have_count(1)
        await desk.part("hold").click()
        await desk.stage("connected")
        await expect(desk.part("phone-status")).to_have_attribute("data-value", "ready")
        await second.hang_up()
        await desk.part("hang-up").click()
        await call.wait_for_end()
        cdr = await centre.cdr_of(call_id)
        await desk.state("idle")
        await centre.until_quiet(number)
    assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("answered", "agent", agent.user_id)


@pytest.mark.timeout(150)
@pytest.mark.parametrize("stopped", [network_of, all_of], ids=["its network is gone", "its machine sleeps"])
async def test_a_browser_that_is_silent_for_long_is_rung_again_when_it_is_back(
    centre: Centre,
    agent: NewAccount,
    desk: Desk,
    tmp_path: Path,
    stopped: Callable[[Browser], Awaitable[list[int]]],
) -> None:
    number = await centre.add_queue([agent])
    await centre.set_rules(number, music=OWN_MUSIC)
    await desk.ready(agent)
    heard = tmp_path / "customer.wav"
    async with centre.customer(tone_hz=CUSTOMER_HZ, record=heard) as customer:
        call = await customer.dial(centre.uri(number))
        call_id = await connected(centre, desk, number)
        assert desk.page.context.browser is not None
        pids = await stopped(desk.page.context.browser)
        assert pids
        async with standing_still(pids):
            await centre.until(lambda: centre.is_at(call_id, CallStage.RETURNING), LONG)
        await hears_agent_again(centre, call_id, LONG)
        await desk.stage("connected")
        ear = Ear(desk.page)
        await ear.forget()
        await ear.wait_for_tone(CUSTOMER_HZ, seconds=HEARD_SECONDS)
        assert not call.ended
        await desk.part("hang-up").click()
        await call.wait_for_end()
        cdr = await centre.cdr_of(call_id)
    assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("answered", "agent", agent.user_id)
    assert tones_in(heard, [OWN_MUSIC_HZ])[OWN_MUSIC_HZ].seconds > 0
