"""A call's decisions when an agent has dialled it on the desk phone."""

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime

from temporalio.client import Client

from domain.calls.arrival import Arrival
from domain.calls.call import CallStage, Disposition, Party
from tests.support.fake_steps import AGENT, FakeSteps, offer
from tests.workflows.running import CALLER, CUSTOMER_LEFT, call, reaches
from workflows.calls import customer_leg, ivr, probing, updates
from workflows.calls.workflow import CallWorkflow

EXTENSION = "1001"
KNOWN = Arrival("the-call", "test", "5000", CALLER, "", datetime(2026, 1, 1, tzinfo=UTC), None, AGENT, EXTENSION)


def taken() -> ivr.Admitted:
    return ivr.Admitted(offers=(offer(1),), arrival=KNOWN)


async def test_the_customer_is_called_without_anybody_picking_up_and_the_talk_is_recorded(client: Client) -> None:
    steps = FakeSteps(admitted=taken())
    async with call(client, steps, dialled_on=EXTENSION) as handle:
        await reaches(handle, CallStage.DIALLING)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(0, 1))
        await reaches(handle, CallStage.CONNECTED)
        await handle.signal(CallWorkflow.leg_ended, replace(CUSTOMER_LEFT, dial=1))
        await handle.result()
    [dial] = set(steps.asked_for(customer_leg.Dial))
    assert (dial.number, dial.shown, dial.offer, dial.by_hand) == (CALLER, "5000", offer(1), True)
    finish = steps.finished()
    assert (finish.disposition, finish.ended_by, finish.talked) == (Disposition.ANSWERED, Party.CUSTOMER, True)


async def test_a_phone_that_is_put_down_before_the_customer_answers_ends_the_call(client: Client) -> None:
    steps = FakeSteps(admitted=taken())
    async with call(client, steps, dialled_on=EXTENSION) as handle:
        await reaches(handle, CallStage.DIALLING)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 16))
        await handle.result()
    finish = steps.finished()
    assert (finish.disposition, finish.ended_by) == (Disposition.UNANSWERED, Party.AGENT)
    assert finish.offers == (offer(1),)


async def test_a_phone_that_is_found_put_down_has_ended_the_call_without_any_event(client: Client) -> None:
    steps = FakeSteps(admitted=taken(), dialled=deque([customer_leg.DialResult(ringing=False, agent_gone=True)]))
    async with call(client, steps, dialled_on=EXTENSION) as handle:
        await handle.result()
    assert steps.finished().ended_by is Party.AGENT


async def test_what_is_refused_is_not_dialled(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted())
    async with call(client, steps, dialled_on=EXTENSION) as handle:
        await handle.result()
    assert steps.asked_for(customer_leg.Dial) == []
    # Nobody is hung up: the phone hears why, and is put down by that.
    assert (steps.finished().offers, steps.finished().customer) == ((), None)


async def test_after_a_reconnection_the_phone_that_dialled_is_looked_for_too(client: Client) -> None:
    steps = FakeSteps(admitted=taken(), legs=probing.Legs(True, False, (), ()))
    async with call(client, steps, dialled_on=EXTENSION) as handle:
        await reaches(handle, CallStage.DIALLING)
        await handle.signal(CallWorkflow.reconnected)
        await handle.result()
    assert steps.asked_for(probing.Probe)[-1].attempts == (1,)
    assert steps.finished().ended_by is Party.AGENT
