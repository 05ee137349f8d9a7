"""Two Asterisks and two node processes are one centre: an agent's phone may be at the one, the call at the other."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from api.calls.commands import Calls
from db.accounts.accounts import NewAccount
from db.core.clock import now
from db.models import Recording
from db.nodes import leases
from db.users import sessions
from domain.agents.agent import AgentState, Role
from domain.calls.call import CallStage, Purpose, RecordingState
from everline.stack import Stack
from tests.api.browser import Browser
from tests.phones.audio import tones_in
from tests.phones.soft_phone import SoftPhone
from tests.support.centre import PHONE_ADDRESS, Centre
from tests.support.stack import stack_settings, temporary_home
from workflows.calls.updates import Asked, Target
from workflows.calls.workflow import CallWorkflow

AGENT_HZ, CUSTOMER_HZ = 600.0, 900.0
TALK_SECONDS = 3.0
HEARD_SECONDS = 1.0
"""Of a tone in bursts, during the talk."""
OUTSIDE = "+12025550147"
SERVERS, NODE = ("postgres", "temporal", "worker", "api"), ("asterisk", "node")


@dataclass
class Two:
    """The node that customers call, and another at which an agent's phone is."""

    customers: Centre
    agents: Centre
    agent: NewAccount
    number: str

    async def talk(self, customer: SoftPhone, phone: SoftPhone) -> str:
        """A customer calls at the one node, the agent answers at the other. Returns the call."""
        await customer.dial(self.customers.uri(self.number))
        await (await phone.next_call()).answer()
        return (await self.customers.until_stage(self.number, CallStage.CONNECTED)).id

    async def has_renewed(self, after: datetime) -> bool:
        """Whether the node that customers call has renewed its lease since then."""
        async with self.customers.database.read() as session:
            known = {lease.name: lease.last_sign for lease in await leases.listing(session)}
        return known[self.customers.settings.node_name] > after

    async def is_recorded(self, call_id: str) -> bool:
        """Whether the recording of a call can be played."""
        async with self.customers.database.read() as session:
            found = list(await session.scalars(select(Recording.status).where(Recording.call_id == call_id)))
        assert len(found) == 1
        return found[0] is RecordingState.STORED


@pytest.fixture(scope="module")
async def two() -> AsyncIterator[Two]:
    async with AsyncExitStack() as exits:
        home, first, second = (exits.enter_context(temporary_home()) for _ in range(3))
        servers = await exits.enter_async_context(Stack(stack_settings(home), parts=SERVERS))
        elsewhere = {
            "database_url": servers.settings.database,
            "temporal_address": servers.settings.temporal,
            "portal_port": servers.settings.portal_port,
        }
        nodes = []
        for number, folder in enumerate((first, second), 1):
            # What a node proves that it is of this centre with, and reads histories by.
            (folder / "secrets").mkdir(mode=0o700)
            shutil.copy(home / "secrets/history", folder / "secrets/history")
            settings = stack_settings(folder, node_name=f"node{number}", **elsewhere)
            nodes.append(Stack(settings, parts=NODE))
        await asyncio.gather(*(exits.enter_async_context(node) for node in nodes))
        customers, agents = (Centre(node) for node in nodes)
        exits.push_async_callback(customers.close)
        exits.push_async_callback(agents.close)
        await customers.add_trunk()
        agent = await customers.add_agent()
        await customers.arrive(agent)
        yield Two(customers, agents, agent, await customers.add_queue([agent]))


@pytest.fixture
async def phone(two: Two, tmp_path: Path) -> AsyncIterator[SoftPhone]:
    """The agent's phone, at the other node than the customers."""
    async with SoftPhone.start(bind=PHONE_ADDRESS, tone_hz=AGENT_HZ, record=tmp_path / "agent.wav") as phone:
        await two.agents.register(phone, two.agent)
        yield phone


@pytest.mark.parametrize("by", ["customer", "agent"])
async def test_they_talk_and_who_hangs_up_ends_the_call(two: Two, phone: SoftPhone, tmp_path: Path, by: str) -> None:
    heard = tmp_path / "customer.wav"
    async with two.customers.customer(tone_hz=CUSTOMER_HZ, record=heard) as customer:
        call_id = await two.talk(customer, phone)
        await asyncio.sleep(TALK_SECONDS)  # The talk itself takes time; nothing is waited for.
        hangs_up, other = (customer, phone) if by == "customer" else (phone, customer)
        await hangs_up.call.hang_up()
        await other.call.wait_for_end()
        cdr = await two.customers.cdr_of(call_id)
    assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("answered", by, two.agent.user_id)
    assert TALK_SECONDS - 0.5 < cdr.talk_seconds < TALK_SECONDS + 3
    await two.customers.until_state(two.agent, AgentState.IDLE)
    assert tones_in(heard, [AGENT_HZ])[AGENT_HZ].seconds > HEARD_SECONDS
    assert tones_in(tmp_path / "agent.wav", [CUSTOMER_HZ])[CUSTOMER_HZ].seconds > HEARD_SECONDS
    [recording] = await two.customers.recordings(call_id)
    both = tones_in(two.customers.recording_file(recording), [AGENT_HZ, CUSTOMER_HZ])
    assert min(tone.seconds for tone in both.values()) > HEARD_SECONDS
    await two.customers.until(lambda: two.customers.is_gone_from_asterisk(call_id))
    async with two.agents.asterisk() as asterisk:
        assert not await asterisk.channels()


async def test_hold_and_back_and_hang_up_by_the_page(two: Two, phone: SoftPhone) -> None:
    async with two.customers.customer() as customer:
        call_id = await two.talk(customer, phone)
        calls, by_agent = Calls(await two.customers.temporal()), Asked(two.agent.user_id)
        await calls.ask(CallWorkflow.hold, call_id, by_agent, True)
        assert await two.customers.is_at(call_id, CallStage.HELD)
        await calls.ask(CallWorkflow.hold, call_id, by_agent, False)
        assert await two.customers.in_bridge(call_id) == {call_id, f"{call_id}-a1"}
        await calls.ask(CallWorkflow.hang_up, call_id, by_agent)
        await phone.call.wait_for_end()
        await customer.call.wait_for_end()
        cdr = await two.customers.cdr_of(call_id)
    assert (cdr.disposition, cdr.ended_by) == ("answered", "agent")


async def test_a_transfer_from_the_one_node_to_the_other_and_back(two: Two, phone: SoftPhone) -> None:
    boss = await two.customers.add_agent(role=Role.SUPERVISOR)
    await two.customers.arrive(boss)
    async with two.customers.customer() as customer, two.customers.desk_phone() as boss_phone:
        await two.customers.register(boss_phone, boss)
        call_id = await two.talk(customer, phone)
        calls = Calls(await two.customers.temporal())
        for giver, taker, rings, leg in ((two.agent, boss, boss_phone, "a2"), (boss, two.agent, phone, "a3")):
            target = Target(Purpose.TRANSFER, taker.user_id)
            await calls.ask(CallWorkflow.reach, call_id, Asked(giver.user_id), target)
            await (await rings.next_call()).answer()
            await two.customers.until_state(giver, AgentState.IDLE)
            assert await two.customers.in_bridge(call_id) == {call_id, f"{call_id}-{leg}"}
        await customer.call.hang_up()
        cdr = await two.customers.cdr_of(call_id)
    assert (cdr.disposition, cdr.user_id) == ("answered", two.agent.user_id)


async def test_a_call_that_the_agent_declines_waits(two: Two, phone: SoftPhone) -> None:
    async with two.customers.customer() as customer:
        call = await customer.dial(two.customers.uri(two.number))
        await (await phone.next_call()).decline()
        await two.customers.until_stage(two.number, CallStage.WAITING)
        await call.hang_up()
        await two.customers.until_quiet(two.number)
    await two.customers.until_state(two.agent, AgentState.IDLE)


async def test_an_agent_dials_by_hand_at_the_node_of_the_own_phone(two: Two, phone: SoftPhone) -> None:
    made = sessions.new_token()
    async with two.agents.database.write() as session:
        await sessions.start(session, two.agent.user_id, sessions.hash_token(made), now())
    async with (
        two.agents.customer(tone_hz=CUSTOMER_HZ) as outside,
        Browser(f"http://127.0.0.1:{two.agents.settings.portal_port}", made) as browser,
    ):
        await two.agents.call_out_to(outside)
        answer = await browser.ask("POST", "/api/v1/calls", json={"number": OUTSIDE})
        assert answer.status == 202, answer.text
        call_id = str(answer.json["call_id"])
        await (await phone.next_call()).answer()
        await (await outside.next_call()).answer()
        await two.agents.until(lambda: two.agents.is_at(call_id, CallStage.CONNECTED))
        assert len(await two.agents.in_bridge(call_id)) == 2
        await asyncio.sleep(TALK_SECONDS)  # The talk itself takes time; nothing is waited for.
        await outside.call.hang_up()
        cdr = await two.agents.cdr_of(call_id)
    assert (cdr.type, cdr.disposition, cdr.ended_by) == ("manual", "answered", "customer")
    await two.agents.until_state(two.agent, AgentState.IDLE)
    [recording] = await two.agents.recordings(call_id)
    both = tones_in(two.agents.recording_file(recording), [AGENT_HZ, CUSTOMER_HZ])
    assert min(tone.seconds for tone in both.values()) > HEARD_SECONDS


@pytest.mark.parametrize("phone_at", ["its own node", "the other node"])
async def test_a_paused_node_is_dead_to_the_others_and_lets_go_of_its_calls_when_it_goes_on(
    two: Two, tmp_path: Path, phone_at: str
) -> None:
    there = two.customers if phone_at == "its own node" else two.agents
    heard = tmp_path / "customer.wav"
    node = two.customers.stack.process("node")
    async with (
        SoftPhone.start(bind=PHONE_ADDRESS, tone_hz=AGENT_HZ) as phone,
        two.customers.customer(record=heard) as customer,
    ):
        await there.register(phone, two.agent)
        call_id = await two.talk(customer, phone)
        talked = now() + timedelta(seconds=TALK_SECONDS)
        await two.customers.until(lambda: two.has_renewed(talked), 20)
        os.kill(node, signal.SIGSTOP)
        try:
            cdr = await two.agents.cdr_of(call_id, leases.LEASE.total_seconds() + 15)
            await two.agents.until_state(two.agent, AgentState.IDLE)
            # Only the node itself can end what its Asterisk has.
            assert not customer.call.ended
            assert phone.call.ended is (there is two.agents)
        finally:
            os.kill(node, signal.SIGCONT)
        await customer.call.wait_for_end()
        await phone.call.wait_for_end()
        await two.customers.until(lambda: two.customers.is_gone_from_asterisk(call_id))
        await two.agents.until(lambda: two.agents.is_gone_from_asterisk(call_id))
        assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("answered", "system", two.agent.user_id)
        again = await two.customers.cdr_of(call_id)
        assert (again.ended_at, again.completed_at) == (cdr.ended_at, cdr.completed_at)
        # The others could not look at the file.
        await two.customers.until(lambda: two.is_recorded(call_id))
        # The next call is as any other.
        await there.until_registered(two.agent)
        next_id = await two.talk(customer, phone)
        await customer.call.hang_up()
        cdr = await two.customers.cdr_of(next_id)
        assert (cdr.disposition, cdr.ended_by) == ("answered", "customer")
        await two.customers.until_state(two.agent, AgentState.IDLE)
        assert await two.customers.live_calls() == 0


async def test_the_calls_of_a_killed_node_are_closed_and_its_agents_talk_with_others(
    two: Two, phone: SoftPhone
) -> None:
    waiting_number = await two.customers.add_queue([])
    async with two.customers.customer() as customer, two.customers.customer() as waiting:
        talk_id = await two.talk(customer, phone)
        await waiting.dial(two.customers.uri(waiting_number))
        waiting_id = (await two.customers.until_stage(waiting_number, CallStage.WAITING)).id
        for part in ("node", "asterisk"):
            os.kill(two.customers.stack.process(part), signal.SIGKILL)
        await two.customers.stack.stop()
        within = leases.LEASE.total_seconds() + 15
        talk, gave_up = await asyncio.gather(*(two.agents.cdr_of(call_id, within) for call_id in (talk_id, waiting_id)))
        await phone.call.wait_for_end()
        await two.agents.until_state(two.agent, AgentState.IDLE)
    assert (talk.disposition, talk.ended_by, talk.user_id) == ("answered", "system", two.agent.user_id)
    assert (gave_up.disposition, gave_up.ended_by) == ("abandoned", "system")
    async with two.agents.customer() as customer:
        call = await customer.dial(two.agents.uri(two.number))
        await (await phone.next_call()).answer()
        await two.agents.until_stage(two.number, CallStage.CONNECTED)
        await call.hang_up()
        await two.agents.until_quiet(two.number)
