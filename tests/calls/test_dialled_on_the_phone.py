"""Calls that an agent dials on the desk phone itself: the same kind of call as one that is dialled in the portal."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from api.calls.commands import Calls
from db.accounts.accounts import NewAccount
from db.core.clock import now
from db.desk import desk as desks
from db.records import recent_calls
from db.records.recent_calls import CallFilter
from domain.agents.agent import AgentState, Role
from domain.calls import ids
from domain.calls.call import CallStage, Purpose
from everline.stack import Stack
from tests.phones.audio import tones_in
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.support.centre import Centre
from tests.support.stack import kill
from workflows.calls.updates import Asked, Target
from workflows.calls.workflow import CallWorkflow

CUSTOMER = "+12025550147"
AGENT_HZ, CUSTOMER_HZ = 600.0, 900.0
TALK_SECONDS, RING_SECONDS = 2.0, 1.0


@dataclass
class Desk:
    """An agent at a desk phone, and a customer who can be called."""

    centre: Centre
    agent: NewAccount
    phone: SoftPhone
    customer: SoftPhone

    async def dial(self, number: str = "2025550147") -> tuple[PhoneCall, PhoneCall, str]:
        """The agent's side, the customer's while it rings, and the call's id."""
        dialled = await self.phone.dial(self.centre.uri(number))
        called = await self.customer.next_call()
        return dialled, called, await self.centre.call_of(self.agent)

    async def until_refused(self) -> str:
        """What the agent's page says of what was dialled."""
        found: list[str] = []

        async def said() -> bool:
            async with self.centre.database.read() as session:
                there = (await desks.phones(session, [self.agent.user_id], now()))[self.agent.user_id]
            found[:] = [there.refused] if there.refused else []
            return bool(found)

        await self.centre.until(said)
        return found[0]

    async def nothing_was_dialled(self) -> None:
        assert self.customer.calls == []
        async with self.centre.database.read() as session:
            assert (await recent_calls.listing(session, CallFilter(self.agent.user_id), 10)).items == []
        await self.centre.until_state(self.agent, AgentState.OFFLINE)


@pytest.fixture
async def desk(centre: Centre) -> AsyncIterator[Desk]:
    agent = await centre.add_agent()
    async with centre.desk_phone(tone_hz=AGENT_HZ) as phone, centre.customer(tone_hz=CUSTOMER_HZ) as customer:
        await centre.register(phone, agent)
        await centre.call_out_to(customer)
        yield Desk(centre, agent, phone, customer)


async def test_a_number_is_called_talked_with_and_recorded(desk: Desk) -> None:
    centre = desk.centre
    await centre.arrive(desk.agent)
    dialled, called, call_id = await desk.dial()
    await dialled.wait_for("early")
    assert not dialled.answered
    await centre.until_state(desk.agent, AgentState.ON_CALL)
    await called.answer()
    await dialled.wait_for("confirmed")
    await centre.until(lambda: centre.is_at(call_id, CallStage.CONNECTED))
    await called.dtmf("12")
    await dialled.wait_for_digits("12")
    await dialled.dtmf("34")
    await called.wait_for_digits("34")
    await asyncio.sleep(TALK_SECONDS)  # Sound takes its own time.
    await dialled.hang_up()
    await called.wait_for_end()
    cdr = await centre.cdr_of(call_id)
    await centre.until_state(desk.agent, AgentState.IDLE)
    assert (cdr.type, cdr.disposition, cdr.customer_number) == ("manual", "answered", CUSTOMER)
    assert (cdr.ended_by, cdr.user_id) == ("agent", desk.agent.user_id)
    [recording] = await centre.recordings(call_id)
    tones = tones_in(centre.recording_file(recording), [AGENT_HZ, CUSTOMER_HZ])
    assert min(tone.seconds for tone in tones.values()) > 0.5
    await centre.until(lambda: centre.is_gone_from_asterisk(call_id))


async def test_who_hangs_up_may_dial_the_next_number_at_once(desk: Desk) -> None:
    await desk.centre.arrive(desk.agent)
    for _ in range(5):
        dialled, called, _ = await desk.dial()
        await called.answer()
        await dialled.wait_for("confirmed")
        await dialled.hang_up()
        again = await desk.phone.dial(desk.centre.uri("2025550147"))
        rings = await desk.customer.next_call()
        await again.hang_up()
        await rings.wait_for_end()
        await desk.centre.until_state(desk.agent, AgentState.IDLE)


async def test_who_is_logged_out_or_paused_is_so_again_after_the_call(desk: Desk) -> None:
    # A phone that dials with its password is there, registered or not.
    await desk.phone.unregister()
    await desk.centre.until_unregistered(desk.agent)
    for state in (AgentState.OFFLINE, AgentState.PAUSED):
        if state is AgentState.PAUSED:
            await desk.centre.arrive(desk.agent)
            await desk.centre.pause(desk.agent)
        dialled, called, call_id = await desk.dial()
        await called.answer()
        await desk.centre.until_state(desk.agent, AgentState.ON_CALL)
        await called.hang_up()
        assert await dialled.wait_for_end() == 200
        await desk.centre.cdr_of(call_id)
        await desk.centre.until_state(desk.agent, state)


async def test_a_busy_customer_is_seen_on_the_phone_and_the_time_of_ringing_is_kept(desk: Desk) -> None:
    dialled, called, call_id = await desk.dial()
    await dialled.wait_for("early")
    await asyncio.sleep(RING_SECONDS)  # It rings for a while.
    await called.decline(486)
    assert await dialled.wait_for_end() == 486
    cdr = await desk.centre.cdr_of(call_id)
    assert (cdr.disposition, cdr.ended_by, cdr.talk_seconds) == ("busy", "customer", 0)
    async with desk.centre.database.read() as session:
        [past] = (await recent_calls.listing(session, CallFilter(desk.agent.user_id), 10)).items
    assert past.call_id == call_id
    assert RING_SECONDS <= past.duration < RING_SECONDS + 3
    assert await desk.centre.recordings(call_id) == []


async def test_an_agent_who_puts_the_phone_down_stops_the_customers(desk: Desk) -> None:
    dialled, called, call_id = await desk.dial()
    await dialled.wait_for("early")
    await dialled.hang_up()
    await called.wait_for_end()
    cdr = await desk.centre.cdr_of(call_id)
    assert (cdr.disposition, cdr.ended_by) == ("unanswered", "agent")
    await desk.centre.until_state(desk.agent, AgentState.OFFLINE)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("19005550199", "is a premium, shared-cost or other special number"),
        ("+442079460123", "is not among the destinations that may be called"),
        ("911", "is an emergency number"),
        ("*97", 'holds "*"'),
        ("anything", "is no telephone number"),
    ],
)
async def test_numbers_that_may_not_be_called_are_refused_and_the_page_says_why(
    desk: Desk, number: str, why: str
) -> None:
    dialled = await desk.phone.dial(desk.centre.uri(number))
    # Words are heard before the call ends: it is never answered.
    await dialled.wait_for("early")
    assert why in await desk.until_refused()
    await dialled.hang_up()
    await desk.nothing_was_dialled()


async def test_the_phone_shows_a_refusal_after_the_words(desk: Desk) -> None:
    colleague = await desk.centre.add_agent()
    dialled = await desk.phone.dial(desk.centre.uri(colleague.extension))
    assert await dialled.wait_for_end(20) == 403
    assert await desk.until_refused() == (
        f"{colleague.extension} is {colleague.name}'s extension."
        " Colleagues are called by Consult or Transfer in a call."
    )
    await desk.nothing_was_dialled()


async def test_who_is_rung_for_a_queue_cannot_dial_and_gets_the_queues_call(desk: Desk) -> None:
    centre = desk.centre
    queue = await centre.add_queue([desk.agent])
    await centre.arrive(desk.agent)
    waiting = await desk.customer.dial(centre.uri(queue))
    ringing = await desk.phone.next_call()
    dialled = await desk.phone.dial(centre.uri("2025550147"))
    await dialled.wait_for("early")
    assert await desk.until_refused() == "You are not free to call now."
    await ringing.answer()
    await centre.until_state(desk.agent, AgentState.ON_CALL)
    assert await dialled.wait_for_end(20) == 480
    await waiting.hang_up()
    await centre.completed_cdr(queue)


async def test_who_has_dialled_gets_no_queues_call_and_dials_no_second_one(desk: Desk) -> None:
    centre = desk.centre
    queue = await centre.add_queue([desk.agent])
    await centre.arrive(desk.agent)
    dialled, called, call_id = await desk.dial()
    second = await desk.phone.dial(centre.uri("2025550148"))
    async with centre.customer() as caller:
        waiting = await caller.dial(centre.uri(queue))
        await centre.until_waiting(queue, 1)
        assert await desk.until_refused() == "You are not free to call now."
        assert len(desk.phone.calls) == 2
        await second.hang_up()
        await dialled.hang_up()
        await centre.cdr_of(call_id)
        await (await desk.phone.next_call()).answer()
        # The dialled call showed the queue's number, and is no call to it.
        of_queue = await centre.until_stage(queue, CallStage.CONNECTED)
        await waiting.hang_up()
        await centre.cdr_of(of_queue.id)
    assert len([call for call in desk.customer.calls if call.direction == "in"]) == 1
    assert called.ended


async def test_a_phone_that_calls_itself_another_cannot_dial_for_it(desk: Desk) -> None:
    other = await desk.centre.add_agent()
    dialled = await desk.phone.dial(desk.centre.uri("2025550147"), caller_number=other.extension)
    assert await dialled.wait_for_end() in {401, 403}
    assert desk.customer.calls == []


async def test_a_colleague_is_consulted_from_the_phone_and_takes_the_customer(desk: Desk) -> None:
    centre = desk.centre
    boss = await centre.add_agent(role=Role.SUPERVISOR)
    await centre.arrive(desk.agent)
    async with centre.desk_phone() as boss_phone:
        await centre.register(boss_phone, boss)
        await centre.arrive(boss)
        dialled, called, call_id = await desk.dial()
        await called.answer()
        await centre.until(lambda: centre.is_at(call_id, CallStage.CONNECTED))
        calls = Calls(await centre.temporal())
        for held, stage in ((True, CallStage.HELD), (False, CallStage.CONNECTED)):
            await calls.ask(CallWorkflow.hold, call_id, Asked(desk.agent.user_id), held)
            await centre.until(lambda wanted=stage: centre.is_at(call_id, wanted))  # type: ignore[misc]
        await calls.ask(CallWorkflow.send_digits, call_id, Asked(desk.agent.user_id), "4#")
        await called.wait_for_digits("4#")
        await calls.ask(CallWorkflow.reach, call_id, Asked(desk.agent.user_id), Target(Purpose.CONSULT, boss.user_id))
        await (await boss_phone.next_call()).answer()
        await centre.until(lambda: centre.is_at(call_id, CallStage.CONSULTING))
        await calls.ask(CallWorkflow.hand_over, call_id, Asked(desk.agent.user_id))
        await dialled.wait_for_end()
        await centre.until_state(desk.agent, AgentState.IDLE)
        assert await centre.in_bridge(call_id) == {ids.customer_leg(call_id, 1), ids.agent_leg(call_id, 2)}
        await called.hang_up()
        cdr = await centre.cdr_of(call_id)
    assert (cdr.type, cdr.user_id, cdr.ended_by) == ("manual", boss.user_id, "customer")


@pytest.mark.parametrize("before", ["the answer", "the end"])
async def test_a_killed_node_finds_the_call_as_it_was(desk: Desk, stack: Stack, before: str) -> None:
    centre = desk.centre
    dialled, called, call_id = await desk.dial()
    if before == "the end":
        await called.answer()
        await centre.until(lambda: centre.is_at(call_id, CallStage.CONNECTED))
    dead = kill(stack, "node")
    if before == "the answer":
        await called.answer()
    else:
        await dialled.hang_up()
    await stack.until_ready("node", other_than=dead)
    if before == "the answer":
        await centre.until(lambda: centre.is_at(call_id, CallStage.CONNECTED))
        await dialled.wait_for("confirmed")
        await dialled.hang_up()
    cdr = await centre.cdr_of(call_id)
    await called.wait_for_end()
    await centre.until_state(desk.agent, AgentState.OFFLINE)
    assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("answered", "agent", desk.agent.user_id)
    assert len(desk.customer.calls) == 1
    await centre.until(lambda: centre.is_gone_from_asterisk(call_id))


@pytest.mark.parametrize("given_up", ["first", "last"])
async def test_what_is_dialled_while_the_node_is_dead_is_called_once(desk: Desk, stack: Stack, given_up: str) -> None:
    dead = kill(stack, "node")
    if given_up == "first":
        await (await desk.phone.dial(desk.centre.uri("2025550148"))).hang_up()
    dialled = await desk.phone.dial(desk.centre.uri("2025550147"))
    if given_up == "last":
        await (await desk.phone.dial(desk.centre.uri("2025550148"))).hang_up()
    await stack.until_ready("node", other_than=dead)
    called = await desk.customer.next_call()
    call_id = await desk.centre.call_of(desk.agent)
    await called.answer()
    await dialled.wait_for("confirmed")
    await called.hang_up()
    cdr = await desk.centre.cdr_of(call_id)
    assert (cdr.disposition, cdr.customer_number) == ("answered", CUSTOMER)
    assert len(desk.customer.calls) == 1
