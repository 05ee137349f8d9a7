"""A call's decisions when the carrier, and not the customer, is why nobody answered."""

from collections import deque
from dataclasses import replace

from temporalio.client import Client

from domain.call import CallStage, Disposition, Party
from domain.failure import Failure
from domain.queue import CallbackRule
from tests.support.fake_steps import QUEUE, FakeSteps, offer
from tests.workflows.running import call, reaches
from workflows import messages
from workflows.call import CallWorkflow


def _down(dial: int) -> messages.LegEnded:
    return messages.LegEnded(0, 34, dial, failure=Failure.CARRIER_DOWN)


async def test_a_try_that_never_left_the_house_is_no_try(client: Client) -> None:
    rule = CallbackRule(attempts=1, busy_seconds=1, no_answer_seconds=1)
    steps = FakeSteps(admitted=messages.Admitted(replace(QUEUE, callbacks=rule), (offer(1),)))
    steps.found.append(messages.Found((offer(2),)))
    async with call(client, steps, call_back_for=QUEUE.queue_id) as handle:
        for attempt, ended in ((1, _down(1)), (2, messages.LegEnded(0, 17, 2, failure=Failure.BUSY))):
            await reaches(handle, CallStage.OFFERED)
            await handle.signal(CallWorkflow.leg_answered, messages.LegAnswered(attempt))
            await reaches(handle, CallStage.DIALLING)
            await handle.signal(CallWorkflow.leg_ended, ended)
        await handle.result()
    assert [dial.tries for dial in steps.asked_for(messages.Dial)] == [1, 1]
    assert [later.tries for later in steps.asked_for(messages.RetryLater)] == [0]
    finished = steps.finished()
    assert (finished.disposition, finished.failure) == (Disposition.BUSY, Failure.BUSY)


async def test_the_next_trunk_is_tried_at_once_and_once_each(client: Client) -> None:
    rule = CallbackRule(attempts=1)
    steps = FakeSteps(
        admitted=messages.Admitted(replace(QUEUE, callbacks=rule), (offer(1),)),
        dialled=deque(
            [
                messages.Dialled(ringing=True, trunk="one", has_other=True),
                messages.Dialled(ringing=False, failure=Failure.CARRIER_DOWN, trunk="two", has_other=True),
                messages.Dialled(ringing=True, trunk="three"),
            ]
        ),
    )
    async with call(client, steps, call_back_for=QUEUE.queue_id) as handle:
        await handle.signal(CallWorkflow.leg_answered, messages.LegAnswered(1))
        await reaches(handle, CallStage.DIALLING)
        await handle.signal(CallWorkflow.leg_ended, _down(1))
        await handle.signal(CallWorkflow.leg_ended, messages.LegEnded(0, 1, 3, failure=Failure.NO_ANSWER))
        await handle.result()
    dials = steps.asked_for(messages.Dial)
    assert [(dial.dial, dial.avoid, dial.tries) for dial in dials] == [
        (1, (), 1),
        (2, ("one",), 1),
        (3, ("one", "two"), 1),
    ]
    assert steps.finished().disposition is Disposition.UNANSWERED
    assert steps.finished().ended_by is Party.SYSTEM
