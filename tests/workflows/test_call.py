"""A call's decisions, in Temporal's sandbox, with steps that only answer."""

import asyncio
import sysconfig
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain import ids
from domain.arrival import Arrival
from domain.call import CallStage, Disposition, Party
from tests.support.fake_steps import LONG_WRAP_UP, FakeSteps, offer
from workflows import messages
from workflows.call import CallWorkflow

TASK_QUEUE = "calls-of-tests"
CUSTOMER_LEFT = messages.LegEnded(0, 16)

Handle = WorkflowHandle[CallWorkflow, None]


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[Client]:
    program = Path(sysconfig.get_path("scripts")) / "temporal"
    environment = await WorkflowEnvironment.start_local(dev_server_existing_path=str(program))
    yield environment.client
    await environment.shutdown()


@asynccontextmanager
async def call(client: Client, steps: FakeSteps) -> AsyncIterator[Handle]:
    """A call that has been admitted."""
    call_id = str(ids.uuid7())
    arrival = Arrival(call_id, "test", "100", "555", "Caller", datetime.now(UTC))
    async with Worker(client, task_queue=TASK_QUEUE, workflows=[CallWorkflow], activities=steps.all()):
        yield await client.start_workflow(CallWorkflow.run, arrival, id=ids.workflow(call_id), task_queue=TASK_QUEUE)


async def reaches(handle: Handle, stage: CallStage) -> None:
    """Waits until the call is there: a signal is accepted before the call has acted on it."""
    while (await handle.query(CallWorkflow.get_view)).stage != stage:  # noqa: ASYNC110 - it is in another process
        await asyncio.sleep(0.01)


async def test_a_talk_that_the_customer_ends(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, messages.LegAnswered(1))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    finish = steps.finished()
    assert (finish.disposition, finish.ended_by, finish.recorded) == (Disposition.ANSWERED, Party.CUSTOMER, True)
    assert isinstance(steps.asked[-1], messages.Complete)


async def test_repeated_and_late_events_change_nothing(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        for _ in range(3):
            await handle.signal(CallWorkflow.leg_answered, messages.LegAnswered(1))
        for _ in range(3):
            await handle.signal(CallWorkflow.leg_ended, messages.LegEnded(1, 16))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert len([asked for asked in steps.asked if isinstance(asked, messages.Connect)]) == 1
    assert steps.finished().ended_by is Party.AGENT


async def test_a_phone_picked_up_after_its_turn_is_hung_up(client: Client) -> None:
    steps = FakeSteps(found=deque([messages.Found(offer(2))]))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_ended, messages.LegEnded(1, 21))
        await handle.signal(CallWorkflow.leg_answered, messages.LegAnswered(1))
        await handle.signal(CallWorkflow.leg_answered, messages.LegAnswered(2))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert [asked.attempt for asked in steps.asked if isinstance(asked, messages.ReleaseLeg)] == [1]
    assert steps.finished().offer == offer(2)


async def test_a_customer_found_gone_by_a_connection_is_abandoned_without_any_event(client: Client) -> None:
    steps = FakeSteps(connected=deque([messages.Connected(connected=False, customer_gone=True)]))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, messages.LegAnswered(1))
        await handle.result()
    assert steps.finished().disposition is Disposition.ABANDONED


async def test_a_customer_found_gone_by_a_search_is_abandoned_without_any_event(client: Client) -> None:
    steps = FakeSteps(found=deque([messages.Found(customer_gone=True)]))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_ended, messages.LegEnded(1, 19))
        await handle.result()
    assert steps.finished().disposition is Disposition.ABANDONED


async def test_after_a_reconnection_a_call_looks_for_its_legs_itself(client: Client) -> None:
    steps = FakeSteps(legs=messages.Legs(customer=False, agent=True, agent_up=True))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, messages.LegAnswered(1))
        await handle.signal(CallWorkflow.reconnected)
        await handle.result()
    assert steps.finished().ended_by is Party.CUSTOMER


async def test_an_update_that_comes_too_late_is_refused_with_a_reason(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await handle.execute_update(CallWorkflow.hang_up)
        assert "not connected" in str(refused.value.cause)
        await handle.execute_update(CallWorkflow.decline)
        with pytest.raises(WorkflowUpdateFailedError):
            await handle.execute_update(CallWorkflow.decline)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()


async def test_an_agent_who_is_ready_early_ends_the_wrap_up(client: Client) -> None:
    steps = FakeSteps(admitted=messages.Admitted(LONG_WRAP_UP, offer(1)))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, messages.LegAnswered(1))
        await reaches(handle, CallStage.CONNECTED)
        await handle.execute_update(CallWorkflow.mute, True)
        await handle.execute_update(CallWorkflow.hang_up)
        await handle.execute_update(CallWorkflow.complete_wrap_up)
        await handle.result()
    assert steps.finished().ended_by is Party.AGENT
