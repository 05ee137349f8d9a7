"""No call can freeze by a failing step, a bug or a cancelled workflow: everybody is let go, and one record is made."""

import asyncio
from collections import deque
from datetime import timedelta
from uuid import UUID

import pytest
from temporalio.client import Client, WorkflowFailureError
from temporalio.common import RetryPolicy

from domain.calls.arrival import Arrival
from domain.calls.call import CallStage, Disposition, Party
from domain.inbound.menu import Menu
from tests.support.fake_steps import LONG_WRAP_UP, QUEUE, FakeSteps, offer
from tests.workflows.running import BY_AGENT, CONSULT, CUSTOMER_LEFT, call, consulting, reaches, refused, talking
from workflows.calls import ending, ivr, offering, talk, third_party, updates
from workflows.calls.workflow import CallWorkflow
from workflows.core import timeouts

FOR_EVER = 1_000


@pytest.fixture(autouse=True)
def _quick_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    again = timedelta(milliseconds=1)
    few = RetryPolicy(initial_interval=again, maximum_interval=again, maximum_attempts=3)
    once = timeouts.RETRY[timeouts.Effort.ONCE]
    tries = {timeouts.Effort.NEEDED: few, timeouts.Effort.OPTIONAL: few, timeouts.Effort.ONCE: once}
    monkeypatch.setattr(timeouts, "RETRY", tries)


def failed(steps: FakeSteps) -> ending.Finish:
    finish = steps.finished()
    assert (finish.disposition, finish.ended_by, finish.cause) == (Disposition.FAILED, Party.SYSTEM, 41)
    assert finish.wrap_up_seconds == 0
    return finish


@pytest.mark.parametrize(
    ("update", "arguments", "kind"),
    [
        (CallWorkflow.hold, (True,), talk.Hold),
        (CallWorkflow.reach, (CONSULT,), third_party.Reach),
        (CallWorkflow.mute, (True,), talk.SetMute),
        (CallWorkflow.pause_recording, (True,), talk.PauseRecording),
        (CallWorkflow.send_digits, ("1",), talk.SendDigits),
    ],
)
async def test_what_cannot_be_done_is_refused_and_the_talk_goes_on(
    client: Client, update: object, arguments: tuple[object, ...], kind: type
) -> None:
    steps = FakeSteps(failing={kind: FOR_EVER})
    async with call(client, steps, sandboxed=False) as handle:
        await talking(handle)
        assert "did not work" in await refused(handle, update, BY_AGENT, *arguments)
        await reaches(handle, CallStage.CONNECTED)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert (steps.finished().disposition, steps.finished().ended_by) == (Disposition.ANSWERED, Party.CUSTOMER)


async def test_keys_are_pressed_once_even_if_that_fails(client: Client) -> None:
    steps = FakeSteps(failing={talk.SendDigits: 1})
    async with call(client, steps, sandboxed=False) as handle:
        await talking(handle)
        await refused(handle, CallWorkflow.send_digits, BY_AGENT, "4711")
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert len(steps.asked_for(talk.SendDigits)) == 1


async def test_a_guest_who_cannot_be_let_go_costs_no_customer(client: Client) -> None:
    steps = FakeSteps(failing={talk.Resume: FOR_EVER})
    async with call(client, steps, sandboxed=False) as handle:
        await consulting(handle)
        assert "back in line" in await refused(handle, CallWorkflow.cancel, BY_AGENT)
        await reaches(handle, CallStage.WAITING)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()


async def test_what_was_done_to_ring_somebody_is_undone_when_it_fails(client: Client) -> None:
    steps = FakeSteps(failing={third_party.Reach: FOR_EVER})
    async with call(client, steps, sandboxed=False) as handle:
        await talking(handle)
        await refused(handle, CallWorkflow.reach, BY_AGENT, CONSULT)
        assert [drop.guest.attempt for drop in steps.asked_for(third_party.DropGuest)] == [2]
        assert len(steps.asked_for(talk.Resume)) == 1
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()


async def test_a_customer_who_cannot_be_connected_goes_back_to_the_line_once_and_then_the_call_fails(
    client: Client,
) -> None:
    again = ivr.Admitted(LONG_WRAP_UP, (offer(2),))
    steps = FakeSteps(failing={offering.Connect: FOR_EVER}, entered=deque([again]))
    async with call(client, steps, sandboxed=False) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await reaches(handle, CallStage.OFFERED)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(2))
        await handle.result()
    assert len(steps.asked_for(ivr.EnterQueue)) == 1
    assert failed(steps).offers == (offer(2),)


async def test_a_customer_whom_no_guest_gives_back_goes_to_the_line_and_the_agent_is_free(client: Client) -> None:
    steps = FakeSteps(failing={talk.Resume: FOR_EVER})
    async with call(client, steps, sandboxed=False) as handle:
        await consulting(handle)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(2, 16))
        await reaches(handle, CallStage.WAITING)
        assert [gone.agent for gone in steps.asked_for(talk.LetGo)] == [offer(1)]
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()


async def test_a_call_that_cannot_be_let_in_fails(client: Client) -> None:
    steps = FakeSteps(failing={Arrival: FOR_EVER})
    async with call(client, steps, sandboxed=False) as handle:
        await handle.result()
    failed(steps)


async def test_a_bug_in_a_step_freezes_no_call(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: object) -> str:
        raise KeyError(1)

    monkeypatch.setattr(talk, "music", bug)
    steps = FakeSteps()
    async with call(client, steps, sandboxed=False) as handle:
        await talking(handle)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 41, lost=True))
        await reaches(handle, CallStage.WAITING)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()


async def test_a_file_that_cannot_be_stored_keeps_neither_agent_nor_call(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(LONG_WRAP_UP, (offer(1),)), failing={ending.Store: FOR_EVER})
    async with call(client, steps, sandboxed=False) as handle:
        await talking(handle)
        await handle.execute_update(CallWorkflow.hang_up, BY_AGENT)
        await handle.execute_update(CallWorkflow.complete_wrap_up, args=[BY_AGENT, None])
        await handle.result()
    assert len(steps.asked_for(ending.Complete)) == 1


async def test_a_wrap_up_that_cannot_be_completed_ends_all_the_same(client: Client) -> None:
    steps = FakeSteps(failing={ending.Complete: FOR_EVER})
    async with call(client, steps, sandboxed=False) as handle:
        await talking(handle)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert steps.asked_for(ending.Finish)[-1].wrap_up_seconds == 0


@pytest.mark.parametrize("at", [CallStage.OFFERED, CallStage.CONNECTED, CallStage.CONSULTING])
async def test_a_cancelled_call_lets_everybody_go(client: Client, at: CallStage) -> None:
    steps = FakeSteps()
    async with call(client, steps, sandboxed=False) as handle:
        if at is CallStage.CONNECTED:
            await talking(handle)
        elif at is CallStage.CONSULTING:
            await consulting(handle)
        await reaches(handle, at)
        await handle.cancel()
        with pytest.raises(WorkflowFailureError):
            await handle.result()
    finish = failed(steps)
    assert finish.offers == (offer(1),)
    assert (finish.guest is not None) == (at is CallStage.CONSULTING)


async def test_a_repeated_answer_after_the_agent_was_cut_off_freezes_nothing(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps, sandboxed=False) as handle:
        await talking(handle)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 41, lost=True))
        await reaches(handle, CallStage.RETURNING)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(2))
        await reaches(handle, CallStage.CONNECTED)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()


async def test_a_flood_of_keys_does_not_keep_a_call_from_its_end(client: Client) -> None:
    menu, came_in = Menu(UUID(int=10), "Front", ("hello",), 1_000, 5, (("1", QUEUE.queue_id),)), asyncio.Event()
    steps = FakeSteps(admitted=ivr.Admitted(menu=menu), waiting={Arrival: came_in})
    async with call(client, steps, sandboxed=False) as handle:
        # Each of these keys would repeat the menu's prompt.
        for _ in range(300):
            await handle.signal(CallWorkflow.digit_pressed, updates.DigitPressed("5"))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        came_in.set()
        await handle.result()
    assert steps.finished().ended_by is Party.CUSTOMER
    # They come in a few batches, of which the call keeps so many each; and a step may be repeated.
    assert len({said.count for said in steps.asked_for(ivr.Speak)}) < 150
