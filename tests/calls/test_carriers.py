"""Calls out by trunks of carriers that refuse, are down, or want numbers in their own way; and calls in by them."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from db.accounts import account_changes
from db.accounts.account_changes import AccountChanges
from db.accounts.accounts import NewAccount
from db.calls import own_calls
from db.core.clock import now
from db.core.engine import WriteSession
from db.inbound import numbers
from db.nodes import revisions
from db.queues import queues
from db.trunks import registrations, trunks
from db.trunks.trunks import TrunkLine
from db.users import sessions, users
from domain.agents.agent import AgentState
from domain.calls.call import CallStage, Purpose
from domain.numbering.number_format import NumberFormat
from tests.api.browser import Browser
from tests.calls.talk import Talk
from tests.phones.raw_caller import RawCaller
from tests.phones.raw_carrier import Manners, RawCarrier
from tests.phones.soft_phone import SoftPhone
from tests.support.centre import Centre
from workflows.calls.updates import Target
from workflows.calls.workflow import CallWorkflow

CUSTOMER = "+12125550147"
PREFIX = "+1212"
"""Only the trunks of these tests are for such numbers."""
FIRST, SECOND = "127.0.0.61", "127.0.0.62"


@dataclass
class Desk:
    """An agent with a phone who can dial."""

    centre: Centre
    agent: NewAccount
    browser: Browser
    phone: SoftPhone

    async def dial(self) -> str:
        """The agent dials the customer, and picks up the own phone."""
        answer = await self.browser.ask("POST", "/api/v1/calls", json={"number": CUSTOMER})
        assert answer.status == 202, answer.text
        await (await self.phone.next_call()).answer()
        return str(answer.json["call_id"])


@pytest.fixture
async def desk(centre: Centre) -> AsyncIterator[Desk]:
    agent = await centre.add_agent()
    made = sessions.new_token()
    async with centre.database.write() as session:
        await sessions.start(session, agent.user_id, sessions.hash_token(made), now())
    async with (
        centre.desk_phone() as phone,
        Browser(f"http://127.0.0.1:{centre.settings.portal_port}", made) as browser,
    ):
        await centre.register(phone, agent)
        await centre.arrive(agent)
        yield Desk(centre, agent, browser, phone)


@asynccontextmanager
async def carrier(
    centre: Centre, address: str, manners: Manners, position: int = 50, **fields: object
) -> AsyncIterator[RawCarrier]:
    """A carrier and its trunk."""
    async with RawCarrier.start(address, manners) as raw:
        name = f"raw-{address.rpartition('.')[2]}"
        line = TrunkLine(name, raw.address, address, position=position, prefixes=(PREFIX,), **fields)  # type: ignore[arg-type]
        async with centre.database.write() as session:
            revision = await trunks.add(session, line)
        try:
            assert await revisions.wait_provisioned(centre.database, revision, 10)
            if manners.options == 200:
                # Until its first check is answered, a trunk comes after the others.
                await centre.until(lambda: _answers(centre, name))
            yield raw
        finally:
            async with centre.database.write() as session:
                revision = await trunks.remove(session, name, now())
            assert await revisions.wait_provisioned(centre.database, revision, 10)


async def _answers(centre: Centre, trunk: str) -> bool:
    async with centre.asterisk() as asterisk:
        return (await asterisk.endpoint(trunk)).online


@pytest.mark.parametrize(
    ("status", "failure", "disposition", "ended_by"),
    [
        (404, "wrong_number", "failed", "system"),
        (488, "media_refused", "failed", "system"),
        (302, "no_route", "failed", "system"),
        (603, "declined", "unanswered", "customer"),
        (480, "no_answer", "unanswered", "customer"),
    ],
)
async def test_why_a_number_was_not_reached_is_in_its_record(
    desk: Desk, status: int, failure: str, disposition: str, ended_by: str
) -> None:
    async with carrier(desk.centre, FIRST, Manners(invite=(100, status))) as raw:
        call_id = await desk.dial()
        await raw.wait_for("INVITE")
        cdr = await desk.centre.cdr_of(call_id)
        await desk.centre.until_state(desk.agent, AgentState.IDLE)
        assert (cdr.failure, cdr.disposition, cdr.ended_by) == (failure, disposition, ended_by)


async def test_a_carrier_that_is_overloaded_gives_way_to_the_next(desk: Desk) -> None:
    busy = Manners(invite=(100, 503), headers={503: ["Retry-After: 120"]})
    async with (
        carrier(desk.centre, FIRST, busy, 10) as first,
        carrier(desk.centre, SECOND, Manners(), 20, number_format=NumberFormat.DIGITS) as second,
    ):
        await _are_online(desk.centre, "raw-61", "raw-62")
        call_id = await desk.dial()
        assert (await first.wait_for("INVITE")).number == CUSTOMER
        assert (await second.wait_for("INVITE")).number == CUSTOMER.removeprefix("+")
        await desk.centre.until(lambda: desk.centre.is_at(call_id, CallStage.CONNECTED))
        answer = await desk.browser.press(call_id, "hang-up")
        assert answer.status == 200, answer.text
        await second.wait_for("BYE")
        cdr = await desk.centre.cdr_of(call_id)
        assert (cdr.disposition, cdr.failure) == ("answered", None)
        assert len(first.of("INVITE")) == 1


async def test_a_carrier_that_was_overloaded_is_the_last_that_the_next_call_tries(desk: Desk) -> None:
    busy = Manners(invite=(100, 503), headers={503: ["Retry-After: 120"]})
    async with (
        carrier(desk.centre, FIRST, busy, 10) as first,
        carrier(desk.centre, SECOND, Manners(), 20, number_format=NumberFormat.DIGITS) as second,
    ):
        await _are_online(desk.centre, "raw-61", "raw-62")
        for count in (1, 2):
            call_id = await desk.dial()
            await second.wait_for("INVITE", count)
            await desk.centre.until(lambda of=call_id: desk.centre.is_at(of, CallStage.CONNECTED))  # type: ignore[misc]
            await desk.browser.press(call_id, "hang-up")
            await second.wait_for("BYE", count)
            await desk.centre.cdr_of(call_id)
            await desk.centre.until_state(desk.agent, AgentState.IDLE)
        assert len(first.of("INVITE")) == 1


async def test_a_carrier_that_answers_no_checks_comes_after_one_that_does_and_is_used_alone(desk: Desk) -> None:
    centre = desk.centre
    async with carrier(centre, FIRST, Manners(options=None, invite=(100, 486)), 10) as first:
        async with carrier(centre, SECOND, Manners(invite=(100, 486)), 20) as second:
            async with centre.asterisk() as asterisk:

                async def known() -> bool:
                    states = {found.name: found.online for found in await asterisk.endpoints()}
                    return (states["raw-61"], states["raw-62"]) == (False, True)

                await centre.until(known, 20)
            cdr = await centre.cdr_of(await desk.dial())
            assert (cdr.disposition, len(first.of("INVITE")), len(second.of("INVITE"))) == ("busy", 0, 1)
        await centre.until_state(desk.agent, AgentState.IDLE)
        cdr = await centre.cdr_of(await desk.dial())
        assert (cdr.disposition, len(first.of("INVITE"))) == ("busy", 1)


async def test_a_plus_is_left_out_where_the_carrier_takes_none(desk: Desk) -> None:
    centre = desk.centre
    manners = Manners(plus=False, invite=(100, 486))
    async with carrier(centre, FIRST, manners):
        cdr = await centre.cdr_of(await desk.dial())
        assert (cdr.disposition, cdr.failure) == ("failed", "wrong_number")
    await centre.until_state(desk.agent, AgentState.IDLE)
    async with carrier(centre, SECOND, manners, number_format=NumberFormat.NATIONAL) as raw:
        cdr = await centre.cdr_of(await desk.dial())
        assert (cdr.disposition, raw.of("INVITE")[0].number) == ("busy", "2125550147")


async def test_a_carrier_that_says_nothing_gives_way_to_the_next_and_the_ring_time_begins_with_the_ringing(
    desk: Desk,
) -> None:
    ringing = Manners(invite=(100, 183, 180), after={183: 2.0, 180: 2.5})
    async with (
        carrier(desk.centre, FIRST, Manners(invite=(100,)), 10, setup_seconds=3) as first,
        carrier(desk.centre, SECOND, ringing, 20, setup_seconds=5, ring_seconds=5) as second,
    ):
        await _are_online(desk.centre, "raw-61", "raw-62")
        call_id = await desk.dial()
        await second.wait_for("INVITE")
        began = time.monotonic()
        await first.wait_for("CANCEL")
        await second.wait_for("CANCEL")
        assert time.monotonic() - began >= 6.5, "it rang for less than its time"
        cdr = await desk.centre.cdr_of(call_id)
        assert (cdr.disposition, cdr.failure, cdr.ended_by) == ("unanswered", "no_answer", "customer")


async def _are_online(centre: Centre, *names: str) -> None:
    """Waits until their first checks are answered: what was not checked yet comes after what was."""
    async with centre.asterisk() as asterisk:

        async def known() -> bool:
            return {found.name for found in await asterisk.endpoints() if found.online}.issuperset(names)

        await centre.until(known, 20)


async def test_beyond_its_channels_a_trunk_gives_way_to_the_next_and_then_the_lines_are_taken(desk: Desk) -> None:
    centre = desk.centre
    async with (
        carrier(centre, FIRST, Manners(invite=(100, 486)), 10, max_channels=1) as first,
        carrier(centre, SECOND, Manners(invite=(100, 486)), 20) as second,
        RawCaller.start(FIRST) as caller,
    ):
        await _are_online(centre, "raw-61", "raw-62")
        async with centre.database.write() as session:
            await _lead(session, "+12125550188")
        caller.dial(centre.sip_server, "+12125550188", b"<sip:+12025550100@x>")
        assert await caller.wait_for(180) in {180, 183, 200}
        cdr = await centre.cdr_of(await desk.dial())
        assert (cdr.disposition, len(first.of("INVITE")), len(second.of("INVITE"))) == ("busy", 0, 1)


@pytest.mark.parametrize("is_limited", [False, True])
async def test_who_calls_by_a_full_trunk_is_refused_only_where_it_limits_them(centre: Centre, is_limited: bool) -> None:
    async with (
        carrier(centre, FIRST, Manners(), 10, max_channels=1, limits_inbound=is_limited),
        RawCaller.start(FIRST) as one,
        RawCaller.start(FIRST) as other,
    ):
        async with centre.database.write() as session:
            await _lead(session, "+12125550188")
        one.dial(centre.sip_server, "+12125550188", b"<sip:+12025550100@x>")
        assert await one.wait_for(180) in {180, 183, 200}
        other.dial(centre.sip_server, "+12125550188", b"<sip:+12025550101@x>")
        assert await other.wait_for(180) in ({503} if is_limited else {180, 183, 200})


async def test_the_number_of_the_user_is_shown_where_the_trunk_allows_it(desk: Desk) -> None:
    centre = desk.centre
    async with centre.database.write() as session:
        account = await users.get(session, desk.agent.user_id)
        await account_changes.change(session, account, AccountChanges(shown_number="+12125550111"), now())
    refuses = Manners(invite=(100, 486))
    async with carrier(centre, FIRST, refuses, shown="+12125550100", allowed=("+1212555011*",)) as raw:
        await centre.cdr_of(await desk.dial())
        assert raw.of("INVITE")[0].caller == "+12125550111"
    await centre.until_state(desk.agent, AgentState.IDLE)
    async with carrier(centre, SECOND, refuses, shown="+12125550100", anonymous=True) as raw:
        await centre.cdr_of(await desk.dial())
        [invite] = raw.of("INVITE")
        assert (invite.caller, invite.header("Privacy")) == ("anonymous", "id")
        assert "+12125550100" in invite.header("P-Asserted-Identity")


@pytest.mark.parametrize(("password", "stands"), [("se-cret", ("registered", 0)), ("wrong", ("refused", 403))])
async def test_how_a_registration_stands_is_known_and_why(
    centre: Centre, password: str, stands: tuple[str, int]
) -> None:
    manners = Manners(login=("4930123", "se-cret"))
    async with carrier(centre, FIRST, manners, username="4930123", password=password, registers=True):

        async def known() -> bool:
            async with centre.database.read() as session:
                found = (await registrations.listing(session)).get("raw-61", [])
            return [(one.state, one.status) for one in found] == [stands]

        await centre.until(known, 30)


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_a_third_party_outside_is_called_by_the_next_trunk_when_a_carrier_is_down(
    talk: Talk, purpose: Purpose
) -> None:
    down = Manners(invite=(100, 503), headers={503: ["Retry-After: 120"]})
    async with (
        carrier(talk.centre, FIRST, down, 10) as first,
        carrier(talk.centre, SECOND, Manners(), 20, number_format=NumberFormat.DIGITS) as second,
    ):
        await _are_online(talk.centre, "raw-61", "raw-62")
        await talk.calls.ask(CallWorkflow.reach, talk.call_id, talk.by_agent, Target(purpose, number=CUSTOMER))
        assert (await first.wait_for("INVITE")).number == CUSTOMER
        assert (await second.wait_for("INVITE")).number == CUSTOMER.removeprefix("+")
        if purpose is Purpose.CONSULT:
            await talk.talk("1", "3")
            await talk.calls.ask(CallWorkflow.hand_over, talk.call_id, talk.by_agent)
        await talk.talk("c", "3")
        await talk.customer.hang_up()
        await second.wait_for("BYE")
        await talk.over("customer", talk.agent)


@pytest.mark.parametrize(
    ("status", "outcome", "failure"),
    [(404, "not_reached", "wrong_number"), (486, "busy", "busy"), (488, "not_reached", "media_refused")],
)
async def test_the_agent_is_told_why_a_third_party_outside_was_not_reached(
    talk: Talk, status: int, outcome: str, failure: str
) -> None:
    async with carrier(talk.centre, FIRST, Manners(invite=(100, status))) as raw:
        await talk.calls.ask(CallWorkflow.reach, talk.call_id, talk.by_agent, Target(Purpose.CONSULT, number=CUSTOMER))
        await raw.wait_for("INVITE")
        await talk.talk("c", "1")
        async with talk.centre.database.read() as session:
            [call] = (await own_calls.find(session, [talk.agent.user_id], now())).values()
        assert call.last_guest is not None
        assert (call.last_guest.outcome, call.last_guest.failure) == (outcome, failure)
        await talk.customer.hang_up()
        await talk.over("customer", talk.agent)


@pytest.mark.parametrize("sent", ["+12125550188", "12125550188", "0012125550188", "2125550188", "+12125550188;npdi"])
async def test_a_number_of_ours_is_known_in_each_way_of_writing_it(centre: Centre, sent: str) -> None:
    async with centre.database.write() as session:
        await _lead(session, "+12125550188")
    async with RawCaller.start() as caller:
        caller.dial(centre.sip_server, sent, b"<sip:+12025550100@x>")
        assert await caller.wait_for(180) in {180, 183, 200}


async def _lead(session: WriteSession, number: str) -> None:
    if number not in {found.number for found in await numbers.listing(session)}:
        queue_id = await queues.add(session, queues.NewQueue("Numbers in all ways"), now())
        await numbers.add(session, number, numbers.Destination(queue_id), None, now())
