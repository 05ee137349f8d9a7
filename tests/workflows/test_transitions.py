"""Walks what no other test's call does, so that of every transition of the call's table a history can be saved."""

import asyncio
import os
from dataclasses import replace

import pytest
from temporalio.client import Client

from domain.calls.call import CallStage, Disposition, Party, Purpose
from domain.queues.exits import Exit, ExitAction, Occasion
from domain.queues.queue import Announcements
from tests.support.fake_steps import AGENT, LONG_WRAP_UP, QUEUE, FakeSteps, offer
from tests.workflows.running import (
    BY_AGENT,
    CALLER,
    CONSULT,
    CUSTOMER_LEFT,
    SAVE_TO,
    Handle,
    asks,
    call,
    consulting,
    over,
    reaches,
    talking,
)
from workflows.calls import customer_leg, ivr, offering, third_party, updates
from workflows.calls.workflow import CallWorkflow

LOST = updates.LegEnded(1, 41, lost=True)
GUEST_LOST = updates.LegEnded(2, 41, lost=True)
OUTSIDE = updates.Target(Purpose.TRANSFER, number="+12025550123")

real_time = pytest.mark.skipif(
    SAVE_TO not in os.environ, reason="Takes the real time, as a history has to; others do it quicker."
)


async def late(handle: Handle) -> None:
    """A phone is picked up that the call no longer knows."""
    await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(99))


async def small_things(handle: Handle) -> None:
    """What changes no stage."""
    await late(handle)
    await handle.execute_update(CallWorkflow.mute, args=[BY_AGENT, True])
    await handle.execute_update(CallWorkflow.pause_recording, args=[BY_AGENT, True])


async def guest_answers(handle: Handle) -> None:
    leg = (await handle.query(CallWorkflow.get_view)).attempt
    await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(leg))


async def test_small_things_change_no_stage(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(LONG_WRAP_UP, (offer(1),)))
    async with call(client, steps) as handle:
        await talking(handle)
        await handle.execute_update(CallWorkflow.hold, args=[BY_AGENT, True])
        await small_things(handle)
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, CONSULT])
        await small_things(handle)
        await handle.execute_update(CallWorkflow.hang_up, BY_AGENT)
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, CONSULT])
        await guest_answers(handle)
        await reaches(handle, CallStage.CONSULTING)
        await small_things(handle)
        await handle.execute_update(CallWorkflow.conference, BY_AGENT)
        await small_things(handle)
        await handle.execute_update(CallWorkflow.cancel, BY_AGENT)
        await reaches(handle, CallStage.CONNECTED)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await reaches(handle, CallStage.WRAP_UP)
        await late(handle)
        await handle.execute_update(CallWorkflow.complete_wrap_up, args=[BY_AGENT, None])
        await handle.result()
    assert len(steps.asked_for(offering.ReleaseLeg)) == 5


async def test_a_guest_leaves_a_conference_and_another_gets_the_call(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await consulting(handle)
        await handle.execute_update(CallWorkflow.conference, BY_AGENT)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(2, 16))
        await reaches(handle, CallStage.CONNECTED)
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, CONSULT])
        await guest_answers(handle)
        await reaches(handle, CallStage.CONSULTING)
        await handle.execute_update(CallWorkflow.conference, BY_AGENT)
        await handle.execute_update(CallWorkflow.hand_over, BY_AGENT)
        await reaches(handle, CallStage.CONNECTED)
        await over(handle)
    assert steps.finished().ended_by is Party.CUSTOMER


async def test_an_agent_hangs_up_while_the_customer_hears_music(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await talking(handle)
        await handle.execute_update(CallWorkflow.hold, args=[BY_AGENT, True])
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 16))
        await handle.result()
    assert steps.finished().ended_by is Party.AGENT


async def test_an_agent_leaves_the_customer_to_the_phone_that_rings(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await talking(handle)
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, CONSULT])
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 16))
        await guest_answers(handle)
        await reaches(handle, CallStage.CONNECTED)
        await over(handle)
    assert steps.finished().disposition is Disposition.ANSWERED


async def test_somebody_outside_who_was_given_the_call_hangs_up(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await talking(handle)
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, OUTSIDE])
        await guest_answers(handle)
        await reaches(handle, CallStage.CONNECTED)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(2, 16))
        await handle.result()
    assert steps.finished().ended_by is Party.AGENT


async def test_an_agent_who_was_cut_off_is_rung_again_and_again_and_hangs_up(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await talking(handle)
        await handle.signal(CallWorkflow.leg_ended, LOST)
        await reaches(handle, CallStage.RETURNING)
        await handle.signal(CallWorkflow.agent_back)
        await handle.execute_update(CallWorkflow.rejoin, BY_AGENT)
        await handle.execute_update(CallWorkflow.hang_up, BY_AGENT)
        await handle.result()
    assert steps.finished().ended_by is Party.AGENT


async def test_agent_and_guest_are_cut_off_one_after_the_other(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await consulting(handle)
        await handle.signal(CallWorkflow.leg_ended, LOST)
        await reaches(handle, CallStage.RETURNING)
        await handle.signal(CallWorkflow.leg_ended, GUEST_LOST)
        await asks(steps, third_party.DropGuest)
        await over(handle)


async def test_a_caller_in_line_hears_announcements_and_agents_do_not_answer(client: Client) -> None:
    talkative = replace(QUEUE, ring_seconds=1, announcements=Announcements(1))
    steps = FakeSteps(admitted=ivr.Admitted(talkative, (offer(1),)))
    async with call(client, steps) as handle:
        await reaches(handle, CallStage.WAITING)
        await late(handle)
        await asks(steps, ivr.Announce)
        await over(handle)
    assert steps.asked_for(offering.Requeue)


async def test_who_dials_thinks_better_of_it_before_picking_up(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(offers=(offer(1),)))
    async with call(client, steps, dialled_by=AGENT) as handle:
        await handle.execute_update(CallWorkflow.hang_up, BY_AGENT)
        await handle.result()
    assert steps.asked_for(customer_leg.Dial) == []


async def test_who_dials_thinks_better_of_it_while_it_rings(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(offers=(offer(1),)))
    async with call(client, steps, dialled_by=AGENT) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await reaches(handle, CallStage.DIALLING)
        await late(handle)
        await handle.execute_update(CallWorkflow.hang_up, BY_AGENT)
        await handle.result()
    assert {dial.number for dial in steps.asked_for(customer_leg.Dial)} == {CALLER}


@pytest.mark.parametrize("stays", [True, False])
async def test_a_phone_is_picked_up_when_the_caller_is_leaving(client: Client, *, stays: bool) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(QUEUE, exit=Exit(Occasion.NO_AGENTS, ExitAction.VOICEMAIL)))
    async with call(client, steps) as handle:
        await reaches(handle, CallStage.LEAVING)
        await late(handle)
        if stays:
            await handle.signal(CallWorkflow.message_played, 1)
            await reaches(handle, CallStage.VOICEMAIL)
            await late(handle)
        await over(handle)
    assert len(steps.asked_for(offering.ReleaseLeg)) == (2 if stays else 1)


@real_time
async def test_nobody_comes_back_in_time(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await talking(handle)
        outside = replace(OUTSIDE, purpose=Purpose.CONSULT)
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, outside])
        await handle.signal(CallWorkflow.leg_ended, LOST)
        await reaches(handle, CallStage.RETURNING)
        await handle.signal(CallWorkflow.leg_rings, updates.LegRings(2))
        await _within_two_minutes(handle, CallStage.WAITING)
        await over(handle)


@real_time
async def test_a_guest_of_a_conference_does_not_come_back_in_time(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await consulting(handle)
        await handle.execute_update(CallWorkflow.conference, BY_AGENT)
        await handle.signal(CallWorkflow.leg_ended, GUEST_LOST)
        await _within_two_minutes(handle, CallStage.CONNECTED)
        await over(handle)


async def _within_two_minutes(handle: Handle, stage: CallStage) -> None:
    async with asyncio.timeout(110):
        while (await handle.query(CallWorkflow.get_view)).stage != stage:  # noqa: ASYNC110 - it is in another process
            await asyncio.sleep(0.2)
