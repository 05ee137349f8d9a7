"""Calls that an agent dials: the own phone first, then the customer's, and one record whatever comes of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from db import sessions
from db.accounts import NewAccount
from db.clock import now
from domain.agent import AgentState
from domain.call import CallStage
from tests.api.browser import Browser
from tests.phones.audio import tones_in
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.support.centre import Centre

CUSTOMER = "+12025550147"
AGENT_HZ, CUSTOMER_HZ = 600.0, 900.0
TALK_SECONDS = 2.0


@dataclass
class Desk:
    """An agent with a phone who can dial, and a customer who can be called."""

    centre: Centre
    agent: NewAccount
    browser: Browser
    phone: SoftPhone
    customer: SoftPhone

    async def dial(self, number: str = CUSTOMER) -> str:
        answer = await self.browser.ask("POST", "/api/v1/calls", json={"number": number})
        assert answer.status == 202, answer.text
        return str(answer.json["call_id"])

    async def refused(self, number: str = CUSTOMER) -> str:
        answer = await self.browser.ask("POST", "/api/v1/calls", json={"number": number})
        assert answer.status == 409
        return str(answer.json["detail"])

    async def called(self) -> PhoneCall:
        """The own phone rings and is picked up; then the customer's rings."""
        await (await self.phone.next_call()).answer()
        return await self.customer.next_call()


@pytest.fixture
async def desk(centre: Centre) -> AsyncIterator[Desk]:
    agent = await centre.add_agent()
    made = sessions.new_token()
    async with centre.database.write() as session:
        await sessions.start(session, agent.user_id, sessions.hash_token(made), now())
    async with (
        centre.desk_phone(tone_hz=AGENT_HZ) as phone,
        centre.customer(tone_hz=CUSTOMER_HZ) as customer,
        Browser(f"http://127.0.0.1:{centre.settings.portal_port}", made) as browser,
    ):
        await centre.register(phone, agent)
        await centre.call_out_to(customer)
        yield Desk(centre, agent, browser, phone, customer)


async def test_a_number_is_called_talked_with_and_recorded(desk: Desk) -> None:
    centre = desk.centre
    await centre.arrive(desk.agent)
    call_id = await desk.dial("(202) 555-0147")
    called = await desk.called()
    await called.answer()
    await centre.until(lambda: centre.is_at(call_id, CallStage.CONNECTED))
    await asyncio.sleep(TALK_SECONDS)  # Sound takes its own time.
    await called.hang_up()
    cdr = await centre.cdr_of(call_id)
    await centre.until_state(desk.agent, AgentState.IDLE)
    assert (cdr.type, cdr.disposition, cdr.caller_number) == ("manual", "answered", CUSTOMER)
    assert (cdr.ended_by, cdr.user_id) == ("customer", desk.agent.user_id)
    [recording] = await centre.recordings(call_id)
    tones = tones_in(centre.recording_file(recording), [AGENT_HZ, CUSTOMER_HZ])
    assert min(tone.seconds for tone in tones.values()) > 0.5


@pytest.mark.parametrize(("status", "disposition"), [(486, "busy"), (603, "unanswered")])
async def test_a_customer_who_does_not_answer_ends_the_call(desk: Desk, status: int, disposition: str) -> None:
    await desk.centre.arrive(desk.agent)
    call_id = await desk.dial()
    await (await desk.called()).decline(status)
    cdr = await desk.centre.cdr_of(call_id)
    await desk.centre.until_state(desk.agent, AgentState.IDLE)
    assert (cdr.disposition, cdr.ended_by, cdr.talk_seconds) == (disposition, "customer", 0)
    assert len(desk.customer.calls) == 1


async def test_an_agent_who_gives_up_stops_the_customers_phone(desk: Desk) -> None:
    await desk.centre.arrive(desk.agent)
    call_id = await desk.dial()
    called = await desk.called()
    answer = await desk.browser.ask("POST", f"/api/v1/calls/{call_id}/hang-up")
    assert answer.status == 200
    await called.wait_for_end()
    cdr = await desk.centre.cdr_of(call_id)
    assert (cdr.disposition, cdr.ended_by) == ("unanswered", "agent")


async def test_a_pause_goes_on_after_a_call_by_hand(desk: Desk) -> None:
    await desk.centre.arrive(desk.agent)
    await desk.centre.pause(desk.agent)
    call_id = await desk.dial()
    called = await desk.called()
    await called.answer()
    await desk.centre.until_state(desk.agent, AgentState.ON_CALL)
    assert "not free" in await desk.refused()
    await called.hang_up()
    await desk.centre.cdr_of(call_id)
    await desk.centre.until_state(desk.agent, AgentState.PAUSED)


@pytest.mark.parametrize("number", ["+19005550199", "+442079460123", "911", "anything", "+12025550147;ext=9,1"])
async def test_numbers_that_may_not_be_called_are_refused(desk: Desk, number: str) -> None:
    await desk.centre.arrive(desk.agent)
    assert "may not be called" in await desk.refused(number)
    assert desk.phone.calls == []


async def test_without_a_phone_nothing_is_dialled(desk: Desk) -> None:
    await desk.centre.arrive(desk.agent)
    await desk.phone.unregister()
    await desk.centre.until_unregistered(desk.agent)
    assert "not registered" in await desk.refused()
