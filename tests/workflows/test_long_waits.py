"""A callback that waits for days: its history stays short, and nothing of the call is lost on the way."""

from dataclasses import replace

import pytest
from temporalio.client import Client

from domain.calls.arrival import Arrival
from domain.calls.call import CallStage, Disposition, Party
from domain.queues.queue import CallbackRule
from tests.support.fake_steps import QUEUE, FakeSteps, offer
from tests.workflows.running import CUSTOMER_LEFT, Handle, asks, call, reaches
from workflows.calls import customer_leg, ivr, offering, updates
from workflows.calls.workflow import CallWorkflow
from workflows.core import timeouts

RULE = CallbackRule(attempts=3, busy_seconds=1, no_answer_seconds=1)
BUSY = updates.LegEnded(0, 17, 1)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeouts, "MOST_EVENTS", 60)


async def run_of(client: Client, handle: Handle) -> str | None:
    return (await client.get_workflow_handle(handle.id).describe()).run_id


async def searches_once_more(handle: Handle, steps: FakeSteps) -> None:
    """As each ten minutes, but at once: a timer of Temporal's takes a second at least."""
    before = len(steps.asked_for(offering.Search))
    await handle.signal(CallWorkflow.agent_claimed)
    await asks(steps, offering.Search, before + 1)


async def test_who_waits_for_days_is_called_as_if_it_were_the_first_minute(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(replace(QUEUE, callbacks=RULE), (offer(1),)))
    async with call(client, steps, call_back_for=QUEUE.queue_id, sandboxed=False) as first:
        await first.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await reaches(first, CallStage.DIALLING)
        await first.signal(CallWorkflow.leg_ended, BUSY)
        await reaches(first, CallStage.WAITING)
        handle: Handle = client.get_workflow_handle(first.id)
        while await run_of(client, first) == first.first_execution_run_id:
            await searches_once_more(handle, steps)
        steps.found.append(offering.Found((offer(2),)))
        await handle.signal(CallWorkflow.agent_claimed)
        await reaches(handle, CallStage.OFFERED)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(2))
        await asks(steps, customer_leg.Dial, 2)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(0, 2))
        await reaches(handle, CallStage.CONNECTED)
        await handle.signal(CallWorkflow.leg_ended, replace(CUSTOMER_LEFT, dial=2))
        await reaches(handle, CallStage.WRAP_UP)
        await handle.execute_update(CallWorkflow.complete_wrap_up, args=[updates.Asked(offer(2).user_id), None])
        history = await handle.fetch_history()
        await handle.result()
    assert len(history.events) < 2 * timeouts.MOST_EVENTS
    assert [dial.tries for dial in steps.asked_for(customer_leg.Dial)] == [1, 2]
    assert {search.attempt for search in steps.asked_for(offering.Search)} == {2}
    assert len(steps.asked_for(Arrival)) == 1
    finished = steps.finished()
    assert (finished.disposition, finished.ended_by) == (Disposition.ANSWERED, Party.CUSTOMER)


async def test_what_comes_while_the_call_begins_anew_is_not_lost(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(replace(QUEUE, callbacks=RULE)))
    async with call(client, steps, call_back_for=QUEUE.queue_id, sandboxed=False) as first:
        handle: Handle = client.get_workflow_handle(first.id)
        runs: set[str | None] = set()
        while len(runs) < 3:
            # Each claim is a search more, whichever run gets it.
            await handle.signal(CallWorkflow.agent_claimed)
            runs.add(await run_of(client, first))
        # More than one: a task that a signal overtakes is done again, and asks its steps again.
        steps.found.extend([offering.Found(withdrawn=True)] * 5)
        await handle.signal(CallWorkflow.agent_claimed)
        await handle.result()
    assert steps.finished().exit == "served"
