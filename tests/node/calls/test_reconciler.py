"""Rows whose call nobody runs any more: found, ended once, and left alone while something may still come of them."""

import asyncio
import sysconfig
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from sqlalchemy import select, update
from temporalio import workflow
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.calls.ending import EndingSteps
from activities.calls.node import Node
from db.callbacks import callbacks
from db.calls import calls
from db.core.clock import now
from db.core.engine import Database
from db.models import Agent, AuditEntry, Call, Cdr, WaitingCall
from domain.agents.agent import AgentState
from domain.calls import ids
from everline.node.calls.callback_take_over import CallbackTakeOver
from everline.node.calls.orphan_ending import OrphanEnding, Trouble
from everline.node.calls.reconciler import Reconciler
from everline.node.calls.signals import CallSignals
from telephony.asterisk import Asterisk
from telephony.model import Channel
from tests.db.sample import arrive, new_agents, new_queue
from tests.support.fixed_keys import FixedKeys
from workflows.calls.workflow import task_queue
from workflows.core.data_converter import encrypting

NODE = "test"
QUEUE = task_queue(NODE)


@workflow.defn(name="Call")
class Steady:
    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)


@workflow.defn(name="Broken")
class Broken:
    @workflow.run
    async def run(self) -> None:
        raise RuntimeError("a fault of the program")


@dataclass
class SilentAsterisk:
    """An Asterisk that has only these channels; it notes what is hung up."""

    there: set[str] = field(default_factory=set)
    hung_up: list[str] = field(default_factory=list)
    legs: list[Channel] = field(default_factory=list)

    async def exists(self, channel_id: str) -> bool:
        return channel_id in self.there

    async def channels(self) -> list[Channel]:
        return self.legs

    async def hang_up(self, channel_id: str, cause: int | None = None) -> bool:  # noqa: ARG002 - as Asterisk has it
        self.hung_up.append(channel_id)
        return True

    async def destroy_bridge(self, bridge_id: str) -> bool:  # noqa: ARG002 - as Asterisk has it
        return True


@dataclass
class NotedSignals:
    told: list[str] = field(default_factory=list)

    async def reconnected(self, call_id: str) -> bool:
        self.told.append(call_id)
        return True


@dataclass
class Setting:
    db: Database
    client: Client
    asterisk: SilentAsterisk
    signals: NotedSignals
    reconciler: Reconciler
    agent: UUID
    call_id: str = ""

    async def state(self) -> str:
        async with self.db.read() as session:
            return str(await session.scalar(select(Agent.state).where(Agent.user_id == self.agent)))

    async def cdr(self) -> Cdr | None:
        async with self.db.read() as session:
            return await session.scalar(select(Cdr).where(Cdr.call_id == self.call_id))

    async def is_there(self) -> bool:
        async with self.db.read() as session:
            rows = [await session.get(table, self.call_id) for table in (Call, WaitingCall)]
        return any(row is not None for row in rows)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    program = Path(sysconfig.get_path("scripts")) / "temporal"
    environment = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(program), data_converter=encrypting(FixedKeys())
    )
    yield environment.client
    await environment.shutdown()


@pytest.fixture
async def setting(database: str, client: Client) -> AsyncIterator[Setting]:
    db, asterisk, signals = Database(database, pool_size=3), SilentAsterisk(), NotedSignals()
    node = Node(NODE, "DE", db, cast("Asterisk", asterisk), client)
    ending = OrphanEnding(node, EndingSteps(node, lambda _: None))
    reconciler = Reconciler(
        node,
        cast("CallSignals", signals),
        ending,
        CallbackTakeOver(node),
        tries=2,
        stuck_after=timedelta(seconds=1),
    )
    [agent] = await new_agents(db, 1)
    yield Setting(db, client, asterisk, signals, reconciler, agent)
    await db.close()


async def a_talk(setting: Setting) -> str:
    queue = await new_queue(setting.db, [setting.agent])
    setting.call_id = await arrive(setting.db, queue)
    async with setting.db.write() as session:
        await calls.connect(session, setting.call_id, setting.agent, now(), recorded=False)
    return setting.call_id


async def a_wait(setting: Setting) -> str:
    setting.call_id = await arrive(setting.db, await new_queue(setting.db, []))
    return setting.call_id


async def test_a_talk_whose_workflow_is_gone_is_ended_and_its_agent_free(setting: Setting) -> None:
    call_id = await a_talk(setting)
    await setting.reconciler.check(call_id)
    assert await setting.is_there()
    await setting.reconciler.check(call_id)
    assert not await setting.is_there()
    assert await setting.state() == AgentState.IDLE
    cdr = await setting.cdr()
    assert cdr is not None
    assert (cdr.disposition, cdr.ended_by, cdr.user_id) == ("failed", "system", setting.agent)
    assert {call_id, f"{call_id}-a1"} <= set(setting.asterisk.hung_up)
    async with setting.db.read() as session:
        noted = await session.scalar(select(AuditEntry.facts).where(AuditEntry.subject == call_id))
    assert noted == {"why": Trouble.GONE}


async def test_a_waiting_call_whose_workflow_is_gone_leaves_its_place(setting: Setting) -> None:
    call_id = await a_wait(setting)
    setting.reconciler.lost(call_id)
    await setting.reconciler.check(call_id)
    assert not await setting.is_there()
    cdr = await setting.cdr()
    assert cdr is not None
    assert cdr.disposition == "failed"


async def a_callback(setting: Setting) -> str:
    queue = await new_queue(setting.db, [])
    wish = callbacks.Request(await arrive(setting.db, queue), queue.queue_id, "+12025550147")
    async with setting.db.write() as session:
        await callbacks.request(session, wish, now())
    setting.call_id = wish.call_id
    return wish.call_id


async def test_a_callback_whose_workflow_was_never_begun_is_begun(setting: Setting) -> None:
    call_id = await a_callback(setting)
    for _ in range(3):
        await setting.reconciler.check(call_id)
    assert await setting.is_there()
    found = await setting.client.get_workflow_handle(ids.workflow(call_id)).describe()
    assert (found.status, found.task_queue) == (WorkflowExecutionStatus.RUNNING, task_queue(NODE))


async def test_a_callback_whose_workflow_was_ended_here_is_not_begun_again_and_again(setting: Setting) -> None:
    call_id = await a_callback(setting)
    for _ in range(2):
        await setting.reconciler.check(call_id)
    await setting.client.get_workflow_handle(ids.workflow(call_id)).terminate("by an administrator")
    for _ in range(2):
        await setting.reconciler.check(call_id)
    assert not await setting.is_there()


async def test_a_call_that_has_only_just_begun_is_left_alone(setting: Setting) -> None:
    call_id = await a_wait(setting)
    for _ in range(3):
        await setting.reconciler.look()
    assert await setting.is_there()
    async with setting.db.write() as session:
        long_ago = now() - timedelta(minutes=1)
        await session.execute(update(Call).where(Call.id == call_id).values(arrived_at=long_ago))
    for _ in range(3):
        await setting.reconciler.look()
    assert not await setting.is_there()


async def test_a_call_that_runs_is_left_alone_and_told_when_its_customer_is_gone(setting: Setting) -> None:
    call_id = await a_talk(setting)
    async with Worker(
        setting.client, task_queue=QUEUE, workflows=[Steady], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        await setting.client.start_workflow(Steady.run, id=ids.workflow(call_id), task_queue=QUEUE)
        setting.asterisk.there = {call_id}
        for _ in range(2):
            await setting.reconciler.check(call_id)
        assert setting.signals.told == []
        setting.asterisk.there = set()
        for _ in range(2):
            await setting.reconciler.check(call_id)
    assert setting.signals.told == [call_id]
    assert await setting.is_there()


async def _fails_for_long(handle: WorkflowHandle[Broken, None]) -> bool:
    task = (await handle.describe()).raw_description.pending_workflow_task
    return task.attempt >= 3 and now().timestamp() - task.original_scheduled_time.ToSeconds() > 2


async def test_a_call_whose_task_fails_again_and_again_is_ended(setting: Setting) -> None:
    call_id = await a_talk(setting)
    async with Worker(
        setting.client, task_queue=QUEUE, workflows=[Broken], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        handle = await setting.client.start_workflow(Broken.run, id=ids.workflow(call_id), task_queue=QUEUE)
        async with asyncio.timeout(20):
            while not await _fails_for_long(handle):  # noqa: ASYNC110  # No event tells a test what the server notes.
                await asyncio.sleep(0.05)
        for _ in range(2):
            await setting.reconciler.check(call_id)
    assert not await setting.is_there()
    assert await setting.state() == AgentState.IDLE
