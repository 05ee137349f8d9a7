"""Calls that an agent dials: the own phone first, then the customer's, and one record whatever comes of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from db.accounts.accounts import NewAccount
from db.core.clock import now
from db.users import sessions
from domain.agents.agent import AgentState
from domain.calls.call import CallStage
from tests.api.browser import Browser
from tests.phones.audio import tones_in
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.support.centre import Centre
from tests.support.outside import limits, rule

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
    assert (cdr.type, cdr.disposition, cdr.customer_number) == ("manual", "answered", CUSTOMER)
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
    answer = await desk.browser.press(call_id, "hang-up")
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


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("+19005550199", "special number"),
        ("+442079460123", "not among the destinations"),
        ("911", "emergency number"),
        ("anything", "no telephone number"),
        ("+12025550147;ext=9,1", 'holds ";"'),
        ("1001", "colleague's extension"),
    ],
)
async def test_numbers_that_may_not_be_called_are_refused(desk: Desk, number: str, told: str) -> None:
    await desk.centre.arrive(desk.agent)
    assert told in await desk.refused(desk.agent.extension if number == "1001" else number)
    assert desk.phone.calls == []


async def test_a_number_abroad_is_called_by_a_rule_and_no_more_once_it_is_taken_away(desk: Desk) -> None:
    await desk.centre.arrive(desk.agent)
    async with rule(desk.centre, "+4420"):
        call_id = await desk.dial("+44 (20) 7946 0123")
        ringing = await desk.phone.next_call()
    # The rule goes while the own phone rings: what is picked up then calls nobody.
    await ringing.answer()
    cdr = await desk.centre.cdr_of(call_id)
    await desk.centre.until_state(desk.agent, AgentState.IDLE)
    assert (cdr.customer_number, cdr.disposition, cdr.failure) == ("+442079460123", "failed", "not_allowed")
    assert desk.customer.calls == []
    assert "not among the destinations" in await desk.refused("+44 (20) 7946 0123")


async def test_a_call_that_was_handed_outside_counts_until_it_is_over(desk: Desk) -> None:
    centre = desk.centre
    await centre.arrive(desk.agent)
    async with limits(centre, desk.agent, at_once=1):
        call_id = await desk.dial()
        called = await desk.called()
        await called.answer()
        await centre.until(lambda: centre.is_at(call_id, CallStage.CONNECTED))
        async with rule(centre, "+44"):
            answer = await desk.browser.press(call_id, "reach", purpose="transfer", number="+442079460123")
            assert answer.status == 200, answer.text
            await (await desk.customer.next_call()).answer()
            await centre.until_state(desk.agent, AgentState.IDLE)
        assert "You have 1 call with numbers outside" in await desk.refused()
        await called.hang_up()
        await centre.cdr_of(call_id)
        again = await desk.dial()
        await (await desk.phone.next_call()).decline()
        await centre.cdr_of(again)


async def test_of_requests_that_come_together_one_calls(desk: Desk) -> None:
    await desk.centre.arrive(desk.agent)
    body = {"number": CUSTOMER}
    answers = await asyncio.gather(*(desk.browser.ask("POST", "/api/v1/calls", json=body) for _ in range(6)))
    assert sorted(answer.status for answer in answers) == [202, *[409] * 5]
    await (await desk.phone.next_call()).decline()
    [call_id] = [answer.json["call_id"] for answer in answers if answer.status == 202]
    await desk.centre.cdr_of(call_id)
    assert len(desk.phone.calls) == 1


async def test_a_consultation_outside_counts_towards_the_calls_of_a_minute(desk: Desk) -> None:
    centre = desk.centre
    await centre.arrive(desk.agent)
    async with limits(centre, desk.agent, a_minute=1):
        call_id = await desk.dial()
        called = await desk.called()
        await called.answer()
        await centre.until(lambda: centre.is_at(call_id, CallStage.CONNECTED))
        answer = await desk.browser.press(call_id, "reach", purpose="consult", number="(202) 555-0148")
        assert (answer.status, answer.json["detail"]) == (
            409,
            "More than 1 call in a minute is not dialled. Wait a moment.",
        )
        # The refusal leaves the talk as it is.
        assert await centre.is_at(call_id, CallStage.CONNECTED)
        assert len(desk.customer.calls) == 1
        await called.hang_up()
        await centre.cdr_of(call_id)
        await centre.until_state(desk.agent, AgentState.IDLE)
        assert "More than 1 call in a minute" in await desk.refused()


async def test_without_a_phone_nothing_is_dialled(desk: Desk) -> None:
    await desk.centre.arrive(desk.agent)
    await desk.phone.unregister()
    await desk.centre.until_unregistered(desk.agent)
    assert "not registered" in await desk.refused()
