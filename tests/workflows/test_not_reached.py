"""A call's decisions when the carrier, and not the customer, is why nobody answered."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import pytest
from temporalio.client import Client

from domain.calls.call import CallStage, Disposition, GuestOutcome, Party, Purpose
from domain.calls.failure import Failure
from domain.queues.queue import CallbackRule
from tests.support.fake_steps import QUEUE, FakeSteps, offer
from tests.workflows.running import BY_AGENT, CUSTOMER_LEFT, asks, call, reaches, talking
from workflows.calls import customer_leg, ivr, offering, parties, third_party, trunk_tries, updates
from workflows.calls.workflow import CallWorkflow

DOWN = Failure.CARRIER_DOWN
OUTSIDE = updates.Target(Purpose.CONSULT, number="+12025550188")


def _down(dial: int) -> updates.LegEnded:
    return updates.LegEnded(0, 34, dial, failure=Failure.CARRIER_DOWN)


async def test_a_try_that_never_left_the_house_is_no_try(client: Client) -> None:
    rule = CallbackRule(attempts=1, busy_seconds=1, no_answer_seconds=1)
    steps = FakeSteps(admitted=ivr.Admitted(replace(QUEUE, callbacks=rule), (offer(1),)))
    steps.found.append(offering.Found((offer(2),)))
    async with call(client, steps, call_back_for=QUEUE.queue_id) as handle:
        for attempt, ended in ((1, _down(1)), (2, updates.LegEnded(0, 17, 2, failure=Failure.BUSY))):
            await reaches(handle, CallStage.OFFERED)
            await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(attempt))
            await reaches(handle, CallStage.DIALLING)
            await handle.signal(CallWorkflow.leg_ended, ended)
        await handle.result()
    assert [dial.tries for dial in steps.asked_for(customer_leg.Dial)] == [1, 1]
    assert [later.tries for later in steps.asked_for(customer_leg.RetryLater)] == [0]
    finished = steps.finished()
    assert (finished.disposition, finished.failure) == (Disposition.BUSY, Failure.BUSY)


async def test_who_is_cut_off_while_the_customer_rings_takes_no_try_and_no_place(client: Client) -> None:
    rule = CallbackRule(attempts=1, busy_seconds=1800, no_answer_seconds=1800)
    steps = FakeSteps(admitted=ivr.Admitted(replace(QUEUE, callbacks=rule), (offer(1),)))
    steps.found.append(offering.Found((offer(2),)))
    async with call(client, steps, call_back_for=QUEUE.queue_id) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await reaches(handle, CallStage.DIALLING)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 0, lost=True))
        await reaches(handle, CallStage.OFFERED)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(2))
        await reaches(handle, CallStage.DIALLING)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(0, 17, 2, failure=Failure.BUSY))
        await handle.result()
    assert [dial.tries for dial in steps.asked_for(customer_leg.Dial)] == [1, 1]
    (later,) = steps.asked_for(customer_leg.RetryLater)
    assert later.tries == 0


async def test_the_next_trunk_is_tried_at_once_and_once_each(client: Client) -> None:
    rule = CallbackRule(attempts=1)
    steps = FakeSteps(
        admitted=ivr.Admitted(replace(QUEUE, callbacks=rule), (offer(1),)),
        dialled=deque(
            [
                customer_leg.DialResult(ringing=True, way=trunk_tries.Way(("one",), has_other=True)),
                customer_leg.DialResult(ringing=False, failure=DOWN, way=trunk_tries.Way(("two",), True, DOWN)),
                customer_leg.DialResult(ringing=True, way=trunk_tries.Way(("three",))),
            ]
        ),
    )
    async with call(client, steps, call_back_for=QUEUE.queue_id) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await reaches(handle, CallStage.DIALLING)
        await handle.signal(CallWorkflow.leg_ended, _down(1))
        await asks(steps, customer_leg.Dial, 3)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(0, 1, 3, failure=Failure.NO_ANSWER))
        await handle.result()
    dials = steps.asked_for(customer_leg.Dial)
    assert [(dial.dial, dial.avoid, dial.tries) for dial in dials] == [
        (1, (), 1),
        (2, ("one",), 1),
        (3, ("one", "two"), 1),
    ]
    assert steps.finished().disposition is Disposition.UNANSWERED
    assert steps.finished().ended_by is Party.SYSTEM


@pytest.mark.parametrize("is_guest", [False, True])
async def test_what_does_not_come_to_ringing_goes_by_the_next_trunk_and_then_the_ring_time_counts(
    client: Client, is_guest: bool
) -> None:
    quiet, loud = trunk_tries.Way(("one",), True, None, 1, 60), trunk_tries.Way(("two",), False, None, 60, 1)
    rule = CallbackRule(attempts=1)
    steps = FakeSteps(
        admitted=ivr.Admitted(replace(QUEUE, callbacks=rule), (offer(1),)),
        dialled=deque([customer_leg.DialResult(ringing=True, way=way) for way in (quiet, loud)]),
        reached=deque(
            [third_party.Reached(parties.Guest(2 + n, OUTSIDE), way=way) for n, way in enumerate((quiet, loud))]
        ),
    )
    async with call(client, steps, call_back_for=None if is_guest else QUEUE.queue_id) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        if is_guest:
            await reaches(handle, CallStage.CONNECTED)
            await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, OUTSIDE])
            await _until(lambda: len(steps.asked_for(third_party.Reach)) == 2)
            await handle.signal(CallWorkflow.leg_rings, updates.LegRings(3))
            await reaches(handle, CallStage.CONNECTED)
            await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        else:
            await _until(lambda: len(steps.asked_for(customer_leg.Dial)) == 2)
            await handle.signal(CallWorkflow.leg_rings, updates.LegRings(0, 2))
        await handle.result()
    if is_guest:
        [dropped] = steps.asked_for(third_party.DropGuest)
        assert (dropped.outcome, dropped.failure) == (GuestOutcome.NO_ANSWER, Failure.NO_ANSWER)
        assert [reach.avoid for reach in steps.asked_for(third_party.Reach)] == [(), ("one",)]
    else:
        assert steps.finished().failure is Failure.NO_ANSWER
        assert [dial.avoid for dial in steps.asked_for(customer_leg.Dial)] == [(), ("one",)]


async def test_a_carrier_that_never_lets_it_ring_is_down(client: Client) -> None:
    steps = FakeSteps(
        admitted=ivr.Admitted(replace(QUEUE, callbacks=CallbackRule(attempts=1)), (offer(1),)),
        dialled=deque([customer_leg.DialResult(ringing=True, way=trunk_tries.Way(("one",), False, None, 1, 60))]),
    )
    async with call(client, steps, call_back_for=QUEUE.queue_id) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await reaches(handle, CallStage.DIALLING)
        await _until(lambda: bool(steps.asked_for(customer_leg.RetryLater)))
        await handle.cancel()
    assert [later.tries for later in steps.asked_for(customer_leg.RetryLater)] == [0], "it was no try"


async def _until(fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not fact():  # noqa: ASYNC110 - the steps run beside it
            await asyncio.sleep(0.01)


def _down_guest(attempt: int) -> updates.LegEnded:
    return updates.LegEnded(attempt, 34, failure=DOWN)


def _reached(attempt: int, *tried: str, has_other: bool = False) -> third_party.Reached:
    return third_party.Reached(parties.Guest(attempt, OUTSIDE), way=trunk_tries.Way(tried, has_other))


@pytest.mark.parametrize("agent_away", [False, True])
async def test_a_third_party_outside_is_called_by_the_next_trunk(client: Client, agent_away: bool) -> None:
    steps = FakeSteps(reached=deque([_reached(2, "one", has_other=True), _reached(4 if agent_away else 3, "two")]))
    async with call(client, steps) as handle:
        await talking(handle)
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, OUTSIDE])
        if agent_away:
            await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 41, lost=True))
            await reaches(handle, CallStage.RETURNING)
        await handle.signal(CallWorkflow.leg_ended, _down_guest(2))
        last = 4 if agent_away else 3
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(last))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    first, second = steps.asked_for(third_party.Reach)
    assert (first.before, first.avoid, second.attempt, second.before, second.avoid) == (0, (), last, 2, ("one",))
    assert [join.guest.attempt for join in steps.asked_for(third_party.Join)] == [last]
    assert not steps.asked_for(third_party.DropGuest)


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (Failure.CARRIER_DOWN, GuestOutcome.NOT_REACHED),
        (Failure.WRONG_NUMBER, GuestOutcome.NOT_REACHED),
        (Failure.BUSY, GuestOutcome.BUSY),
        (Failure.NO_ANSWER, GuestOutcome.NO_ANSWER),
    ],
)
async def test_why_a_third_party_outside_was_not_reached_is_told(
    client: Client, failure: Failure, outcome: GuestOutcome
) -> None:
    steps = FakeSteps(reached=deque([_reached(2, "one", has_other=failure is not DOWN)]))
    async with call(client, steps) as handle:
        await talking(handle)
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, OUTSIDE])
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(2, 21, declined=True, failure=failure))
        await reaches(handle, CallStage.CONNECTED)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    [dropped] = steps.asked_for(third_party.DropGuest)
    assert (dropped.outcome, dropped.failure) == (outcome, failure)


async def test_a_third_party_whom_no_trunk_reaches_goes_and_the_talk_goes_on(client: Client) -> None:
    nobody = third_party.Reached(refusal="No trunk", way=trunk_tries.Way(("two",), failure=DOWN))
    steps = FakeSteps(reached=deque([_reached(2, "one", has_other=True), nobody]))
    async with call(client, steps) as handle:
        await talking(handle)
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, OUTSIDE])
        await handle.signal(CallWorkflow.leg_ended, _down_guest(2))
        await reaches(handle, CallStage.CONNECTED)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    [dropped] = steps.asked_for(third_party.DropGuest)
    assert (dropped.guest.attempt, dropped.guest.ringing, dropped.failure) == (3, 2, DOWN)
