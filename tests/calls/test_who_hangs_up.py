"""The cells of docs/call-control.md that test_control.py leaves out: wherever somebody leaves, the others are well."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from api.web.errors import RefusedError
from db.core.clock import now
from db.models import Call
from db.trunks import trunks
from domain.agents.agent import AgentState
from domain.calls.call import CallStage, Purpose
from tests.calls.talk import Talk
from workflows.calls.updates import Target
from workflows.calls.workflow import CallWorkflow

CUSTOMER = "+12025550147"


async def test_a_customer_on_hold_who_hangs_up_ends_the_call(talk: Talk) -> None:
    await talk.calls.ask(CallWorkflow.hold, talk.call_id, talk.by_agent, True)
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_an_agent_who_hangs_up_on_hold_ends_the_call(talk: Talk) -> None:
    await talk.calls.ask(CallWorkflow.hold, talk.call_id, talk.by_agent, True)
    await talk.with_agent.hang_up()
    await talk.customer.wait_for_end()
    await talk.over("agent", talk.agent)


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_a_customer_who_hangs_up_while_somebody_rings_stops_the_phone(talk: Talk, purpose: Purpose) -> None:
    asked = await talk.reach(purpose)
    await talk.customer.hang_up()
    await asked.wait_for_end()
    await talk.over("customer", talk.agent)


async def test_a_customer_who_hangs_up_during_a_consultation_ends_it_for_all(talk: Talk) -> None:
    asked = await talk.consult()
    await talk.customer.hang_up()
    await asked.wait_for_end()
    await talk.with_agent.wait_for_end()
    await talk.over("customer", talk.agent)


async def test_an_agent_who_hangs_up_during_a_consultation_leaves_the_customer_to_the_guest(talk: Talk) -> None:
    await talk.consult()
    await talk.with_agent.hang_up()
    await talk.talk("c", "2")
    await talk.customer.hang_up()
    await talk.over("customer", talk.boss)


async def test_a_guest_who_hangs_up_during_a_consultation_brings_the_customer_back(talk: Talk) -> None:
    asked = await talk.consult()
    await asked.hang_up()
    await talk.talk("c", "1")
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_a_customer_who_leaves_a_conference_ends_it_for_all(talk: Talk) -> None:
    asked = await talk.consult()
    await talk.calls.ask(CallWorkflow.conference, talk.call_id, talk.by_agent)
    await talk.customer.hang_up()
    await asked.wait_for_end()
    await talk.over("customer", talk.agent)


async def test_a_guest_who_leaves_a_conference_leaves_the_others_talking(talk: Talk) -> None:
    asked = await talk.consult()
    await talk.calls.ask(CallWorkflow.conference, talk.call_id, talk.by_agent)
    await asked.hang_up()
    await talk.talk("c", "1")
    await talk.with_agent.hang_up()
    await talk.over("agent", talk.agent)


async def test_hang_up_ends_a_conference_for_all(talk: Talk) -> None:
    asked = await talk.consult()
    await talk.calls.ask(CallWorkflow.conference, talk.call_id, talk.by_agent)
    await talk.calls.ask(CallWorkflow.hang_up, talk.call_id, talk.by_agent)
    await asked.wait_for_end()
    await talk.customer.wait_for_end()
    await talk.over("agent", talk.agent)


async def test_a_transfer_that_fails_after_the_agent_left_goes_back_to_the_line_at_the_front(talk: Talk) -> None:
    centre = talk.centre
    asked = await talk.reach(Purpose.TRANSFER)
    await centre.pause(talk.agent)
    await talk.with_agent.hang_up()
    await centre.until_state(talk.agent, AgentState.PAUSED)
    await asked.decline()
    await talk.at(CallStage.WAITING)
    async with centre.database.read() as session:
        call = await session.scalar(select(Call).where(Call.id == talk.call_id))
    assert call is not None
    assert call.queue_id is not None
    await talk.customer.hang_up()
    cdr = await centre.cdr_of(talk.call_id)
    assert cdr.ended_by == "customer"
    await centre.until(lambda: centre.is_gone_from_asterisk(talk.call_id))


@pytest.fixture
async def outside(talk: Talk) -> AsyncIterator[Talk]:
    """The talk, and a way out to a phone that the customer of the tests could also have."""
    async with talk.centre.customer() as far:
        await talk.centre.call_out_to(far)
        talk.boss_phone = far
        yield talk


async def test_a_number_that_cannot_be_reached_leaves_the_customer_on_hold(outside: Talk) -> None:
    await outside.calls.ask(CallWorkflow.hold, outside.call_id, outside.by_agent, True)
    async with outside.centre.database.write() as session:
        for line in await trunks.listing(session):
            await trunks.remove(session, line.name, now())
    try:
        with pytest.raises(RefusedError, match="no trunk"):
            await outside.calls.ask(
                CallWorkflow.reach, outside.call_id, outside.by_agent, Target(Purpose.CONSULT, number=CUSTOMER)
            )
        assert await outside.centre.is_at(outside.call_id, CallStage.HELD)
        await outside.calls.ask(CallWorkflow.hold, outside.call_id, outside.by_agent, False)
        await outside.talk("c", "1")
    finally:
        await outside.centre.add_trunk()
    await outside.customer.hang_up()
    await outside.over("customer", outside.agent)


@pytest.mark.parametrize("ends", ["customer", "guest"])
async def test_a_call_is_handed_over_to_a_number_outside(outside: Talk, ends: str) -> None:
    await outside.calls.ask(
        CallWorkflow.reach, outside.call_id, outside.by_agent, Target(Purpose.TRANSFER, number=CUSTOMER)
    )
    far = await outside.boss_phone.next_call()
    await far.answer()
    await outside.talk("c", "2")
    await outside.centre.until_state(outside.agent, AgentState.IDLE)
    if ends == "customer":
        await outside.customer.hang_up()
        await far.wait_for_end()
    else:
        await far.hang_up()
        await outside.customer.wait_for_end()
    cdr = await outside.centre.cdr_of(outside.call_id)
    assert (cdr.disposition, cdr.user_id) == ("answered", outside.agent.user_id)
