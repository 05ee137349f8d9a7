"""A call's workflow in Temporal's sandbox, with steps that only answer."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import CallStage, Purpose
from tests.support.fake_steps import AGENT, FakeSteps
from tests.workflows.saved import told
from workflows.calls import updates
from workflows.calls.workflow import CallWorkflow

CUSTOMER_LEFT = updates.LegEnded(0, 16)
BY_AGENT = updates.Asked(AGENT)
CALLER = "+12025550147"

SAVE_TO = "SAVE_HISTORIES_TO"
"""The environment variable that names a folder for the histories of these calls."""
_LONGEST_NAME = 120

Handle = WorkflowHandle[CallWorkflow, None]


@asynccontextmanager
async def call(
    client: Client,
    steps: FakeSteps,
    *,
    call_back_for: UUID | None = None,
    dialled_by: UUID | None = None,
    dialled_on: str | None = None,
    sandboxed: bool = True,
) -> AsyncIterator[Handle]:
    """A call that has been admitted. What a test changes in our modules counts outside of the sandbox only."""
    call_id = str(ids.uuid7())
    arrival = Arrival(
        call_id, "test", "100", CALLER, "Caller", datetime.now(UTC), call_back_for, dialled_by, dialled_on
    )
    runner = SandboxedWorkflowRunner() if sandboxed else UnsandboxedWorkflowRunner()
    # Of its own, so that a worker that hangs in one test is not met by the others.
    queue = f"calls-of-tests-{call_id}"
    worker = Worker(client, task_queue=queue, workflows=[CallWorkflow], activities=steps.all(), workflow_runner=runner)
    async with worker:
        handle = await client.start_workflow(CallWorkflow.run, arrival, id=ids.workflow(call_id), task_queue=queue)
        yield handle
        await _save(client, handle)


async def _save(client: Client, handle: Handle) -> None:
    """Keeps what became of the call under the test's name, where that is wanted."""
    folder, codec = os.environ.get(SAVE_TO), client.data_converter.payload_codec
    if folder and codec:
        test = os.environ["PYTEST_CURRENT_TEST"].partition("::test_")[2].removesuffix(" (call)")
        name = "-".join(re.findall(r"[a-z0-9]+", test.lower()))[:_LONGEST_NAME]
        text = await told(handle, codec)
        Path(folder, f"{name}.json").write_text(text)  # noqa: ASYNC240  # A small file.


async def reaches(handle: Handle, stage: CallStage) -> None:
    """Waits until the call is there: a signal is accepted before the call has acted on it."""
    async with asyncio.timeout(20):
        while (await handle.query(CallWorkflow.get_view)).stage != stage:  # noqa: ASYNC110 - it is in another process
            await asyncio.sleep(0.01)


async def asks(steps: FakeSteps, kind: type, times: int = 1) -> None:
    """Waits until the call has asked for a step of a kind, so many times."""
    async with asyncio.timeout(20):
        while len(steps.asked_for(kind)) < times:  # noqa: ASYNC110 - it is in a worker
            await asyncio.sleep(0.01)


BOSS = UUID(int=8)
BY_BOSS = updates.Asked(BOSS)
CONSULT = updates.Target(Purpose.CONSULT, BOSS)
TRANSFER = updates.Target(Purpose.TRANSFER, BOSS)


async def talking(handle: Handle) -> None:
    """The agent has answered on the first leg."""
    await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
    await reaches(handle, CallStage.CONNECTED)


async def consulting(handle: Handle) -> None:
    """The agent asks the boss, who has answered on the second leg."""
    await talking(handle)
    await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, CONSULT])
    await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(2))
    await reaches(handle, CallStage.CONSULTING)


async def has_seen(handle: Handle, by: updates.Asked = BY_AGENT) -> updates.Asked:
    """This user asks, having seen the call as it is now."""
    return updates.Asked(by.by, (await handle.query(CallWorkflow.get_view)).revision)


async def refused(handle: Handle, update: Any, *arguments: object) -> str:
    """Asks for something that is refused, and says why."""
    with pytest.raises(WorkflowUpdateFailedError) as failure:
        await handle.execute_update(update, args=arguments)
    assert isinstance(failure.value.cause, ApplicationError)
    return failure.value.cause.message


async def over(handle: Handle) -> None:
    """The customer hangs up, and with that all is over."""
    await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
    await handle.result()
