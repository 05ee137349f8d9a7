"""A call's workflow in Temporal's sandbox, with steps that only answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from domain import ids
from domain.arrival import Arrival
from domain.call import CallStage
from tests.support.fake_steps import FakeSteps
from workflows import messages
from workflows.call import CallWorkflow

TASK_QUEUE = "calls-of-tests"
CUSTOMER_LEFT = messages.LegEnded(0, 16)
CALLER = "+12025550147"

Handle = WorkflowHandle[CallWorkflow, None]


@asynccontextmanager
async def call(
    client: Client, steps: FakeSteps, *, call_back_for: UUID | None = None, dialled_on: str | None = None
) -> AsyncIterator[Handle]:
    """A call that has been admitted."""
    call_id = str(ids.uuid7())
    arrival = Arrival(call_id, "test", "100", CALLER, "Caller", datetime.now(UTC), call_back_for, dialled_on=dialled_on)
    async with Worker(client, task_queue=TASK_QUEUE, workflows=[CallWorkflow], activities=steps.all()):
        yield await client.start_workflow(CallWorkflow.run, arrival, id=ids.workflow(call_id), task_queue=TASK_QUEUE)


async def reaches(handle: Handle, stage: CallStage) -> None:
    """Waits until the call is there: a signal is accepted before the call has acted on it."""
    async with asyncio.timeout(20):
        while (await handle.query(CallWorkflow.get_view)).stage != stage:  # noqa: ASYNC110 - it is in another process
            await asyncio.sleep(0.01)
