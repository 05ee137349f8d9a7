"""What becomes of the calls of a node that is dead, when another one is alive."""

import sysconfig
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import cast
from unittest.mock import AsyncMock
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from activities.calls.ending import EndingSteps
from activities.calls.node import Node
from db.callbacks import callbacks
from db.calls import arrivals, calls
from db.core.clock import now
from db.core.engine import Database
from db.models import Agent, Call, Callback, Cdr, QueueVisit, Recording, WaitingCall
from db.models import Node as NodeRow
from db.nodes import leases
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.queues.queue import Queue
from everline.node.calls.callback_take_over import CallbackTakeOver
from everline.node.calls.orphan_ending import OrphanEnding
from everline.node.calls.reconciler import Reconciler
from everline.node.calls.signals import CallSignals
from everline.node.nodes.dead_nodes import DeadNodes
from everline.node.nodes.lease import Lease, NodeNameTakenError
from telephony.asterisk import Asterisk
from telephony.config.dialplan import NODE_CONTEXT
from telephony.model import Channel, ChannelState
from telephony.peer import endpoint_to
from tests.db.sample import RING, new_agents, new_name, new_queue
from tests.node.calls.test_reconciler import NotedSignals, SilentAsterisk
from tests.support.fixed_keys import FixedKeys
from workflows.calls.workflow import CallWorkflow, task_queue
from workflows.core.data_converter import encrypting

LONG_STEADY = 0.0
"""By the monotonic clock: long ago."""


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[Client]:
    program = Path(sysconfig.get_path("scripts")) / "temporal"
    environment = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(program), data_converter=encrypting(FixedKeys())
    )
    yield environment.client
    await environment.shutdown()


@dataclass
class Setting:
    """Two nodes: the first is alive, the second may be dead."""

    db: Database
    client: Client
    alive: str = field(default_factory=lambda: "0" + new_name("alive"))
    other: str = field(default_factory=lambda: new_name("other"))

    def __post_init__(self) -> None:
        self.asterisk = SilentAsterisk()
        self.given_up: list[str] = []
        node = Node(self.alive, "DE", self.db, cast("Asterisk", self.asterisk), self.client)
        self.lease = Lease(self.db, self.alive, "here")
        ending = OrphanEnding(node, EndingSteps(node, lambda _: None))
        self.dead_nodes = DeadNodes(node, self.lease, ending, CallbackTakeOver(node), self.give_up)
        self.reconciler = Reconciler(node, cast("CallSignals", NotedSignals()), ending, CallbackTakeOver(node))

    async def give_up(self, channel_id: str) -> None:
        self.given_up.append(channel_id)

    async def kill(self, node: str) -> None:
        async with self.db.write() as session:
            past = func.clock_timestamp() - timedelta(seconds=1)
            await session.execute(update(NodeRow).where(NodeRow.name == node).values(lease_until=past))

    async def arrive(self, queue: Queue) -> str:
        """A call that waits at the other node."""
        call_id, moment = str(ids.uuid7()), now()
        async with self.db.write() as session:
            await arrivals.enter(
                session, Arrival(call_id, self.other, "100", "+12025550147", "Ada", moment), queue, moment
            )
            await calls.search(session, call_id, queue.queue_id, 1, moment, RING, is_new=True)
        return call_id

    async def ask_for_callback(self, queue: Queue, *, is_begun: bool = True) -> str:
        """A callback that waits at the other node; its workflow may not have been begun before that died."""
        wish = callbacks.Request(await self.arrive(queue), queue.queue_id, "+12025550147")
        async with self.db.write() as session:
            await callbacks.request(session, wish, now())
        if is_begun:
            lost = Arrival(wish.call_id, self.other, "100", wish.number, "", now(), call_back_for=queue.queue_id)
            await self.client.start_workflow(
                CallWorkflow.run, lost, id=ids.workflow(wish.call_id), task_queue=task_queue(self.other)
            )
        return wish.call_id

    async def waits_here(self, call_id: str) -> bool:
        """Whether a callback is open, and waits at the living node, by its rows and by Temporal."""
        call = await self.call(call_id)
        async with self.db.read() as session:
            closed_at = await session.scalar(select(Callback.closed_at).where(Callback.call_id == call_id))
        found = await self.client.get_workflow_handle(ids.workflow(call_id)).describe()
        by_row = call is not None and (call.node, call.stage) == (self.alive, "waiting") and closed_at is None
        is_running = found.status is WorkflowExecutionStatus.RUNNING
        return by_row and is_running and found.task_queue == task_queue(self.alive)

    async def talk(self, agent: UUID, *, recorded: bool = False) -> str:
        call_id = await self.arrive(await new_queue(self.db, [agent]))
        async with self.db.write() as session:
            await calls.connect(session, call_id, agent, now() - timedelta(minutes=1), recorded=recorded)
        return call_id

    async def cdr(self, call_id: str) -> Cdr | None:
        async with self.db.read() as session:
            found: Cdr | None = await session.scalar(select(Cdr).where(Cdr.call_id == call_id))
            return found

    async def call(self, call_id: str) -> Call | None:
        async with self.db.read() as session:
            return await session.get(Call, call_id)

    async def state(self, agent: UUID) -> str:
        async with self.db.read() as session:
            return str(await session.scalar(select(Agent.state).where(Agent.user_id == agent)))


@pytest.fixture
async def setting(database: str, client: Client) -> AsyncIterator[Setting]:
    db = Database(database, pool_size=3)
    setting = Setting(db, client)
    await setting.lease.take()
    await Lease(db, setting.other, "there").take()
    setting.lease.steady_since = LONG_STEADY
    yield setting
    for node in (setting.alive, setting.other):
        await setting.kill(node)
    await db.close()


async def test_a_talk_ends_as_answered_at_the_nodes_last_sign_and_its_agent_is_free(setting: Setting) -> None:
    [agent] = await new_agents(setting.db, 1)
    call_id = await setting.talk(agent)
    await setting.dead_nodes.look()
    assert await setting.call(call_id)
    await setting.kill(setting.other)
    await setting.dead_nodes.look()
    assert await setting.call(call_id) is None
    assert await setting.state(agent) == AgentState.IDLE
    cdr = await setting.cdr(call_id)
    assert cdr is not None
    assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("answered", "system", agent)
    # The lease of 20 s had expired a second ago.
    assert leases.LEASE.seconds < (now() - cdr.ended_at).total_seconds() < leases.LEASE.seconds + 5
    assert cdr.completed_at is not None


async def test_a_recording_at_a_dead_node_has_failed(setting: Setting) -> None:
    [agent] = await new_agents(setting.db, 1)
    call_id = await setting.talk(agent, recorded=True)
    await setting.kill(setting.other)
    await setting.dead_nodes.look()
    async with setting.db.read() as session:
        [recording] = await session.scalars(select(Recording).where(Recording.call_id == call_id))
    assert (recording.status, recording.node) == ("failed", setting.other)


async def test_who_waited_is_abandoned_and_leaves_the_line(setting: Setting) -> None:
    call_id = await setting.arrive(await new_queue(setting.db, []))
    await setting.kill(setting.other)
    await setting.dead_nodes.look()
    cdr = await setting.cdr(call_id)
    assert cdr is not None
    assert (cdr.disposition, cdr.ended_by) == ("abandoned", "system")
    async with setting.db.read() as session:
        assert await session.get(WaitingCall, call_id) is None
        assert await session.scalar(select(QueueVisit.outcome).where(QueueVisit.call_id == call_id)) == "abandoned"


@pytest.mark.parametrize("is_begun", [True, False])
async def test_a_callback_waits_on_at_a_living_node(setting: Setting, *, is_begun: bool) -> None:
    call_id = await setting.ask_for_callback(await new_queue(setting.db, []), is_begun=is_begun)
    await setting.kill(setting.other)
    await setting.dead_nodes.look()
    assert await setting.waits_here(call_id)


@pytest.mark.parametrize("is_begun", [True, False])
async def test_a_callback_is_not_lost_by_a_process_that_dies_while_it_takes_it_over(
    setting: Setting, monkeypatch: pytest.MonkeyPatch, *, is_begun: bool
) -> None:
    call_id = await setting.ask_for_callback(await new_queue(setting.db, []), is_begun=is_begun)
    await setting.kill(setting.other)
    with monkeypatch.context() as dying:
        dying.setattr(Client, "start_workflow", AsyncMock(side_effect=OSError("the process dies here")))
        await setting.dead_nodes.look()
    call = await setting.call(call_id)
    assert call is not None
    assert call.node == setting.alive
    # The next process of that node.
    for _ in range(2):
        await setting.reconciler.check(call_id)
    assert await setting.waits_here(call_id)
    for _ in range(2):
        await setting.reconciler.check(call_id)
    assert await setting.waits_here(call_id)


async def test_the_workflow_of_an_ended_call_runs_no_more(setting: Setting) -> None:
    call_id = await setting.arrive(await new_queue(setting.db, []))
    handle = await setting.client.start_workflow(
        CallWorkflow.run,
        Arrival(call_id, setting.other, "100", "555", "", now()),
        id=ids.workflow(call_id),
        task_queue=task_queue(setting.other),
    )
    await setting.kill(setting.other)
    await setting.dead_nodes.look()
    with pytest.raises(RPCError, match="completed"):
        await handle.signal(CallWorkflow.agent_claimed)


def leg(channel_id: str, node: str) -> Channel:
    name = f"PJSIP/{endpoint_to(node)}-00000001"
    return Channel(channel_id, name, ChannelState.UP, "", "", "s", now(), ("agent", "c"), NODE_CONTEXT)


async def test_legs_to_a_dead_node_are_given_up_once(setting: Setting) -> None:
    setting.asterisk.legs = [leg("c-a1", setting.other), leg("d-a1", setting.alive)]
    await setting.dead_nodes.look()
    assert setting.given_up == []
    await setting.kill(setting.other)
    await setting.dead_nodes.look()
    await setting.dead_nodes.look()
    assert setting.given_up == ["c-a1"]


async def test_only_the_first_of_the_living_ends_calls_and_not_before_others_could_renew(setting: Setting) -> None:
    call_id = await setting.arrive(await new_queue(setting.db, []))
    await setting.kill(setting.other)
    first = Lease(setting.db, "00" + new_name("first"), "there")
    await first.take()
    await setting.dead_nodes.look()
    assert await setting.call(call_id)
    await setting.kill(first.node)
    setting.lease.steady_since = None
    await setting.lease.take()
    await setting.dead_nodes.look()
    assert await setting.call(call_id)
    setting.lease.steady_since = LONG_STEADY
    await setting.dead_nodes.look()
    assert await setting.call(call_id) is None


async def test_a_second_machine_cannot_be_the_same_node(setting: Setting) -> None:
    with pytest.raises(NodeNameTakenError, match="EVERLINE_NODE_NAME"):
        await Lease(setting.db, setting.other, "elsewhere").take()
