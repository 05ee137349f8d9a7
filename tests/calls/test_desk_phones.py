"""What desk phones do in a call by buttons and settings of their own, byte by byte."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from db.accounts.accounts import NewAccount
from db.models import Call, Cdr
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.call import CallStage
from tests.phones.phone_call import PhoneCall
from tests.phones.raw_phone import RawPhone, headers
from tests.support.centre import PHONE_ADDRESS, Centre

ELSEWHERE = "127.0.0.65"


@dataclass
class RawTalk:
    """A customer who talks with an agent whose desk phone is a raw one."""

    agent: NewAccount
    number: str
    call_id: str
    customer: PhoneCall
    phone: RawPhone


async def ready(centre: Centre, phone: RawPhone) -> NewAccount:
    """An agent at work with this phone."""
    agent = await centre.add_agent()
    assert agent.sip_secret is not None
    await phone.register(centre.sip_server, agent.extension, agent.sip_secret)
    await centre.until_registered(agent)
    await centre.arrive(agent)
    return agent


@asynccontextmanager
async def raw_talk(centre: Centre) -> AsyncIterator[RawTalk]:
    async with RawPhone.start(PHONE_ADDRESS) as phone, centre.customer() as customer:
        agent = await ready(centre, phone)
        number = await centre.add_queue([agent])
        call = await customer.dial(centre.uri(number))
        await phone.rung()
        phone.ring()
        phone.answer()
        row = await centre.until_stage(number, CallStage.CONNECTED)
        async with phone.speaking():
            yield RawTalk(agent, number, row.id, call, phone)
            await call.hang_up()
            await centre.until_quiet(number)


@pytest.mark.parametrize(
    "reason",
    [
        b"Q.850;cause=31",
        b"Q.850;cause=127",
        b"Q.850;cause=41",
        b"Q.850;cause=44",
        b"SIP;cause=406",
        b"SIP;cause=481",
        b"SIP;cause=487",
    ],
)
async def test_a_bye_is_a_hang_up_whatever_its_reason_says(centre: Centre, reason: bytes) -> None:
    async with raw_talk(centre) as talk:
        talk.phone.hang_up(b"Reason: " + reason)
        cdr = await centre.completed_cdr(talk.number)
        assert (cdr.disposition, cdr.ended_by) == ("answered", "agent")
        assert len([one for one in talk.phone.got("INVITE") if b";tag=" not in one.partition(b"To:")[2][:80]]) == 1


@pytest.mark.parametrize("status", [480, 486, 603])
async def test_do_not_disturb_is_a_decline_and_pauses_nobody(centre: Centre, status: int) -> None:
    async with RawPhone.start(PHONE_ADDRESS) as phone, centre.customer() as customer:
        agent = await ready(centre, phone)
        number = await centre.add_queue([agent])
        await centre.set_rules(number, no_answer_limit=1)
        call = await customer.dial(centre.uri(number))
        for _ in range(2):
            await phone.rung(15)
            phone.decline(status)
        await centre.until_waiting(number, 1)
        assert await centre.state_of(agent.user_id) is not AgentState.PAUSED
        await call.hang_up()
        await centre.until_quiet(number)


async def calls_and_records(centre: Centre) -> set[str]:
    """What is and was called."""
    async with centre.database.read() as session:
        return {*await session.scalars(select(Call.our_number)), *await session.scalars(select(Cdr.our_number))}


@pytest.mark.parametrize("target", ["the queue", "+12025550147", "1001", "demo"])
async def test_a_phone_that_forwards_calls_elsewhere_forwards_none(centre: Centre, target: str) -> None:
    async with RawPhone.start(PHONE_ADDRESS) as phone, centre.customer() as customer:
        agent = await ready(centre, phone)
        number = await centre.add_queue([agent])
        before = await calls_and_records(centre)
        call = await customer.dial(centre.uri(number))
        await phone.rung()
        to = number if target == "the queue" else target
        phone.decline(302, (f"Contact: <sip:{to}@{centre.sip_server}>".encode(),))
        # The phone is rung again: the customer is still there, and has gone nowhere else.
        await phone.rung(15)
        async with centre.asterisk() as asterisk:
            assert [one.name for one in await asterisk.channels() if not one.name.startswith("PJSIP/")] == []
        phone.decline(480)
        await call.hang_up()
        await centre.until_quiet(number)
        await centre.completed_cdr(number)
        assert await calls_and_records(centre) - before == {number}


async def test_phones_that_were_rung_too_are_told_that_the_call_was_answered_elsewhere(centre: Centre) -> None:
    async with (
        RawPhone.start(PHONE_ADDRESS) as first,
        RawPhone.start(PHONE_ADDRESS) as second,
        centre.customer() as customer,
    ):
        agents = [await ready(centre, phone) for phone in (first, second)]
        number = await centre.add_queue(agents)
        await centre.set_rules(number, strategy="ring_all")
        call = await customer.dial(centre.uri(number))
        for phone in (first, second):
            await phone.rung()
            phone.ring()
        first.answer()
        told = headers(await second.next_request("CANCEL"), "Reason")
        second.decline(487)
        assert b'SIP;cause=200;text="Call completed elsewhere"' in told
        await centre.until_state(agents[1], AgentState.IDLE)
        await call.hang_up()
        await centre.until_quiet(number)


@pytest.mark.parametrize("direction", ["sendonly", "inactive"])
async def test_hold_on_the_phone_is_the_hold_of_the_page(centre: Centre, direction: str) -> None:
    async with raw_talk(centre) as talk:
        talk.phone.change(direction)
        await centre.until_stage(talk.number, CallStage.HELD)
        talk.phone.change("sendrecv")
        await centre.until_stage(talk.number, CallStage.CONNECTED)

        async def together() -> bool:
            return await centre.in_bridge(talk.call_id) == {talk.call_id, ids.agent_leg(talk.call_id, 1)}

        await centre.until(together)


async def test_a_phone_that_registers_at_another_address_rings_there_at_once(centre: Centre) -> None:
    async with (
        RawPhone.start(PHONE_ADDRESS) as old,
        RawPhone.start(PHONE_ADDRESS) as new,
        centre.customer() as customer,
    ):
        agent = await ready(centre, old)
        assert agent.sip_secret is not None
        number = await centre.add_queue([agent])
        await centre.set_rules(number, no_answer_limit=1)
        call = await customer.dial(centre.uri(number))
        await old.rung()
        old.ring()
        await new.register(centre.sip_server, agent.extension, agent.sip_secret)
        await new.rung(8)
        new.ring()
        new.answer()
        await centre.until_stage(number, CallStage.CONNECTED)
        await call.hang_up()
        await centre.until_quiet(number)


async def test_a_phone_that_comes_back_elsewhere_in_a_talk_is_rung_there_before_its_silence_is_noticed(
    centre: Centre,
) -> None:
    async with (
        RawPhone.start(PHONE_ADDRESS) as old,
        RawPhone.start(PHONE_ADDRESS) as new,
        centre.customer() as customer,
    ):
        agent = await ready(centre, old)
        assert agent.sip_secret is not None
        number = await centre.add_queue([agent])
        call = await customer.dial(centre.uri(number))
        await old.rung()
        old.answer()
        await centre.until_stage(number, CallStage.CONNECTED)
        await new.register(centre.sip_server, agent.extension, agent.sip_secret)
        await new.rung(12)
        new.answer()
        await centre.until_stage(number, CallStage.CONNECTED)
        await call.hang_up()
        await centre.until_quiet(number)


async def test_a_phone_that_registers_anew_is_rung_by_the_call_that_comes_just_then(centre: Centre) -> None:
    async with (
        RawPhone.start(PHONE_ADDRESS) as before,
        RawPhone.start(PHONE_ADDRESS) as after,
        centre.customer() as customer,
    ):
        agent = await ready(centre, before)
        number = await centre.add_queue([agent])
        for phone in (after, after, before):
            await phone.register(centre.sip_server, agent.extension, agent.sip_secret or "")
            call = await customer.dial(centre.uri(number))
            await phone.rung(3)
            phone.decline(480)
            await call.hang_up()
            await centre.until_quiet(number)
            await centre.until_state(agent, AgentState.IDLE)


async def test_a_phone_that_would_have_its_calls_sent_elsewhere_gets_none(centre: Centre) -> None:
    agent = await centre.add_agent()
    assert agent.sip_secret is not None
    number = await centre.add_queue([agent])
    async with (
        RawPhone.start(PHONE_ADDRESS) as phone,
        RawPhone.start(ELSEWHERE, phone.port) as carrier,
        centre.customer() as customer,
    ):
        # First as it should be, so that it is known to be there.
        await phone.register(centre.sip_server, agent.extension, agent.sip_secret)
        await centre.until_registered(agent)
        await centre.arrive(agent)
        phone.contact = f"<sip:+19005551234@{PHONE_ADDRESS}:{phone.port};maddr={ELSEWHERE}>".encode()
        await phone.register(centre.sip_server, agent.extension, agent.sip_secret)
        await centre.until_unregistered(agent)
        call = await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        phone.contact = f"<sip:raw@{PHONE_ADDRESS}:{phone.port}>".encode()
        await phone.register(centre.sip_server, agent.extension, agent.sip_secret)
        await phone.rung()
        await call.hang_up()
        await centre.until_quiet(number)
    assert not carrier.got("INVITE")
