"""What a call does with the caller alone: menus, the ways out of a queue, callbacks."""

import asyncio
from collections import deque
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from temporalio.client import Client

from domain.calls.call import CallStage, Disposition, Party
from domain.inbound.menu import Menu
from domain.queues.exits import Exit, ExitAction, Occasion
from domain.queues.queue import CallbackRule
from tests.support.fake_steps import QUEUE, FakeSteps, offer
from tests.workflows.running import CALLER, CUSTOMER_LEFT, Handle, call, reaches
from workflows.calls import callbacks, customer_leg, ending, ivr, leaving, offering, updates
from workflows.calls.workflow import CallWorkflow
from workflows.core import timeouts

SALES, SUPPORT = UUID(int=11), UUID(int=12)
MENU = Menu(UUID(int=10), "Front", ("hello",), 2, 1, (("1", SALES), ("2", SUPPORT)))
WITH_CALLBACK = replace(QUEUE, callback_key="5")


async def press(handle: Handle, *digits: str) -> None:
    for digit in digits:
        await handle.signal(CallWorkflow.digit_pressed, updates.DigitPressed(digit))


async def test_a_key_of_the_menu_leads_to_its_queue(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(menu=MENU))
    async with call(client, steps) as handle:
        await press(handle, "7", "2")
        await reaches(handle, CallStage.WAITING)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert [say.sounds for say in steps.asked_for(ivr.Speak)] == [("hello",), ("pbx-invalid", "hello")]
    assert [enter.queue_id for enter in steps.asked_for(ivr.EnterQueue)] == [SUPPORT]
    assert steps.finished().disposition is Disposition.ABANDONED


async def test_who_never_chooses_is_hung_up_after_the_last_repeat(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(menu=MENU))
    async with call(client, steps) as handle:
        for count in (1, 2):
            # The patience counts from the end of the prompt.
            await handle.signal(CallWorkflow.message_played, count)
            while len(steps.asked_for(ivr.Speak)) < 2:
                await reaches(handle, CallStage.ASKING)
        await handle.result()
    assert len(steps.asked_for(ivr.Speak)) == 2
    assert (steps.finished().disposition, steps.finished().exit) == (Disposition.UNANSWERED, "menu")


async def test_a_caller_who_leaves_the_menu_was_in_no_queue(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(menu=MENU))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert (steps.finished().disposition, steps.finished().ended_by) == (Disposition.UNANSWERED, Party.CUSTOMER)


async def test_a_closed_queue_says_so_and_hangs_up(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(QUEUE, exit=Exit(Occasion.CLOSED, ExitAction.HANG_UP)))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.message_played, 1)
        await handle.result()
    [leave] = steps.asked_for(leaving.Leave)
    assert leave.sounds == ("ss-noservice",)
    assert (steps.finished().disposition, steps.finished().exit) == (Disposition.UNANSWERED, "closed")


async def test_a_call_that_waits_too_long_overflows_to_the_other_queue(client: Client) -> None:
    full = replace(QUEUE, max_wait_seconds=1, exits=(Exit(Occasion.MAX_WAIT, ExitAction.QUEUE, SALES),))
    steps = FakeSteps(admitted=ivr.Admitted(full))
    steps.entered.append(ivr.Admitted(replace(QUEUE, queue_id=SALES), (offer(1),)))
    async with call(client, steps) as handle:
        await reaches(handle, CallStage.LEAVING)
        await handle.signal(CallWorkflow.message_played, 1)
        await reaches(handle, CallStage.OFFERED)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert [enter.queue_id for enter in steps.asked_for(ivr.EnterQueue)] == [SALES]
    assert (steps.finished().disposition, steps.finished().exit) == (Disposition.ANSWERED, None)


async def test_queues_that_overflow_into_each_other_do_not_do_so_for_ever(client: Client) -> None:
    around = ivr.Admitted(QUEUE, exit=Exit(Occasion.FULL, ExitAction.QUEUE, QUEUE.queue_id))
    steps = FakeSteps(admitted=around, entered=deque([around] * 20))
    async with call(client, steps) as handle:
        for count in range(1, 10):
            await handle.signal(CallWorkflow.message_played, count)
        await handle.result()
    # The first queue, and five after it.
    assert {leave.count for leave in steps.asked_for(leaving.Leave)} == set(range(1, 7))
    assert (steps.finished().disposition, steps.finished().exit) == (Disposition.UNANSWERED, "full")


@pytest.mark.parametrize("by_hanging_up", [True, False])
async def test_a_caller_leaves_a_message(client: Client, *, by_hanging_up: bool) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(QUEUE, exit=Exit(Occasion.NO_AGENTS, ExitAction.VOICEMAIL)))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.message_played, 1)
        await reaches(handle, CallStage.VOICEMAIL)
        if by_hanging_up:
            await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        else:
            await handle.signal(CallWorkflow.voicemail_recorded)
        await handle.result()
    assert ([store.voicemail for store in steps.asked_for(ending.Store)], steps.finished().exit) == (
        [True],
        "voicemail",
    )


async def test_a_caller_in_line_asks_to_be_called_back(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(WITH_CALLBACK))
    async with call(client, steps) as handle:
        await press(handle, "3", "5", "1")
        await handle.signal(CallWorkflow.message_played, 2)
        await handle.result()
    [wish] = steps.asked_for(callbacks.RequestCallback)
    assert (wish.order.number, wish.order.queue_id) == (CALLER, QUEUE.queue_id)
    assert [say.aside for say in steps.asked_for(ivr.Speak)] == [True]
    assert (steps.finished().disposition, steps.finished().exit) == (Disposition.UNANSWERED, "callback")


async def test_another_number_is_entered_and_confirmed(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(WITH_CALLBACK))
    async with call(client, steps) as handle:
        await press(handle, "5", "2", *"19005550147", "#", *"2025550199", "#", "1")
        await handle.signal(CallWorkflow.message_played, 5)
        await handle.result()
    # The first is a premium number, which nobody is called back at.
    [wish] = steps.asked_for(callbacks.RequestCallback)
    assert wish.order.number == "+12025550199"


async def test_a_caller_who_would_rather_wait_keeps_the_place(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(WITH_CALLBACK))
    async with call(client, steps) as handle:
        await press(handle, "5", "*")
        await reaches(handle, CallStage.WAITING)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert [enter.queue_id for enter in steps.asked_for(ivr.EnterQueue)] == [QUEUE.queue_id]
    assert steps.finished().disposition is Disposition.ABANDONED


async def test_an_agent_found_at_that_moment_goes_first(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(WITH_CALLBACK), said=deque([ivr.Spoken(spoken=False)]))
    steps.found.append(offering.Found((offer(1),)))
    async with call(client, steps) as handle:
        await press(handle, "5")
        await handle.signal(CallWorkflow.agent_claimed)
        await reaches(handle, CallStage.OFFERED)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()


async def test_a_callback_rings_the_agent_and_then_calls_the_customer(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps, call_back_for=QUEUE.queue_id) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await reaches(handle, CallStage.DIALLING)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(0, 1))
        await reaches(handle, CallStage.CONNECTED)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(0, 16, 1))
        await handle.result()
    [dial] = steps.asked_for(customer_leg.Dial)
    assert (dial.dial, dial.number) == (1, CALLER)
    assert steps.finished().disposition is Disposition.ANSWERED


@pytest.mark.parametrize(("cause", "disposition"), [(17, Disposition.BUSY), (19, Disposition.UNANSWERED)])
async def test_a_customer_who_is_not_reached_is_tried_again_by_rule(
    client: Client, cause: int, disposition: Disposition
) -> None:
    rule = CallbackRule(attempts=2, busy_seconds=1, no_answer_seconds=1)
    steps = FakeSteps(admitted=ivr.Admitted(replace(QUEUE, callbacks=rule), (offer(1),)))
    steps.found.append(offering.Found((offer(2),)))
    async with call(client, steps, call_back_for=QUEUE.queue_id) as handle:
        for attempt in (1, 2):
            await reaches(handle, CallStage.OFFERED)
            await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(attempt))
            await reaches(handle, CallStage.DIALLING)
            # Once more, and of an earlier try: neither counts.
            await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(0, cause, attempt - 1))
            await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(0, cause, attempt))
            await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(0, cause, attempt))
        await handle.result()
    assert [dial.dial for dial in steps.asked_for(customer_leg.Dial)] == [1, 2]
    assert len(steps.asked_for(customer_leg.RetryLater)) == 1
    assert steps.finished().disposition is disposition


async def test_the_callback_key_works_while_a_phone_rings(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(WITH_CALLBACK, (offer(1),)))
    async with call(client, steps) as handle:
        await reaches(handle, CallStage.OFFERED)
        await press(handle, "5")
        await reaches(handle, CallStage.ASKING)
        # Too late: the caller has chosen something else.
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await press(handle, "1")
        await handle.signal(CallWorkflow.message_played, 2)
        await handle.result()
    [say] = steps.asked_for(ivr.Speak)
    assert (say.aside, say.ringing) == (True, (offer(1),))
    assert [leg.attempt for leg in steps.asked_for(offering.ReleaseLeg)] == [1]
    assert steps.finished().exit == "callback"


async def test_the_longest_wait_ends_while_a_phone_rings(client: Client) -> None:
    impatient = replace(QUEUE, max_wait_seconds=1)
    steps = FakeSteps(admitted=ivr.Admitted(impatient, (offer(1),)))
    async with call(client, steps) as handle:
        await reaches(handle, CallStage.LEAVING)
        await handle.signal(CallWorkflow.message_played, 1)
        await handle.result()
    [leave] = steps.asked_for(leaving.Leave)
    assert leave.ringing == (offer(1),)
    assert (steps.finished().exit, steps.finished().offers) == ("max_wait", ())


async def test_a_caller_in_line_leaves_a_queue_that_has_nobody_left(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(QUEUE))
    steps.found.append(offering.Found(exit=Exit(Occasion.NO_AGENTS, ExitAction.VOICEMAIL)))
    async with call(client, steps) as handle:
        await reaches(handle, CallStage.WAITING)
        await handle.signal(CallWorkflow.agent_claimed)
        await handle.signal(CallWorkflow.message_played, 1)
        await reaches(handle, CallStage.VOICEMAIL)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert steps.finished().exit == "voicemail"


async def test_a_callback_that_nobody_wants_any_more_ends_and_rings_nobody(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(QUEUE))
    steps.found.append(offering.Found(withdrawn=True))
    async with call(client, steps, call_back_for=QUEUE.queue_id) as handle:
        await handle.signal(CallWorkflow.agent_claimed)
        await handle.result()
    assert (steps.finished().disposition, steps.finished().exit) == (Disposition.UNANSWERED, "served")


async def test_a_phone_picked_up_so_late_that_its_agent_is_anothers_is_let_go(client: Client) -> None:
    steps = FakeSteps(connected=deque([offering.Connected(connected=False, agent_taken=True)]))
    steps.found.append(offering.Found((offer(2),)))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        while not steps.asked_for(offering.Requeue):
            await reaches(handle, CallStage.OFFERED)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(2))
        await reaches(handle, CallStage.CONNECTED)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    [requeue] = steps.asked_for(offering.Requeue)
    assert (requeue.missed, requeue.no_answer) == ((offer(1),), False)
    assert steps.finished().offers == (offer(2),)


async def test_a_call_declined_on_the_desk_phone_is_declined_and_not_let_ring(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await reaches(handle, CallStage.OFFERED)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 21, declined=True))
        await reaches(handle, CallStage.WAITING)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert [requeue.no_answer for requeue in steps.asked_for(offering.Requeue)] == [False]


async def test_a_callback_looks_for_agents_at_a_pace_of_its_own(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeouts, "SEARCH_AGAIN", timedelta(minutes=10))
    monkeypatch.setattr(timeouts, "SEARCH_AGAIN_FOR_CALLBACK", timedelta(milliseconds=100))
    steps = FakeSteps(admitted=ivr.Admitted(QUEUE))
    steps.found.append(offering.Found(withdrawn=True))
    async with call(client, steps, call_back_for=QUEUE.queue_id, sandboxed=False) as handle, asyncio.timeout(20):
        await handle.result()
    assert len(steps.asked_for(offering.Search)) == 1
