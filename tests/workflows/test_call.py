"""A call's decisions about its agents."""

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError

from domain.calls.call import CallStage, Disposition, Party
from tests.support.fake_steps import LONG_WRAP_UP, QUEUE, FakeSteps, offer, offers
from tests.workflows.running import BY_AGENT, CUSTOMER_LEFT, asks, call, reaches
from workflows.calls import ending, ivr, offering, probing, updates
from workflows.calls.workflow import CallWorkflow


async def test_a_talk_that_the_customer_ends(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    finish = steps.finished()
    assert (finish.disposition, finish.ended_by, finish.talked) == (Disposition.ANSWERED, Party.CUSTOMER, True)
    assert steps.asked_for(ending.Store)
    assert steps.asked_for(ending.Complete)


async def test_a_recording_that_the_end_has_listed_is_not_asked_for_again(client: Client) -> None:
    steps = FakeSteps(stored=True)
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert steps.finished().recorded
    assert not steps.asked_for(ending.Store)


async def test_repeated_and_late_events_change_nothing(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        for _ in range(3):
            await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        for _ in range(3):
            await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 16))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert len([asked for asked in steps.asked if isinstance(asked, offering.Connect)]) == 1
    assert steps.finished().ended_by is Party.AGENT


async def test_a_phone_picked_up_after_its_turn_is_hung_up(client: Client) -> None:
    steps = FakeSteps(found=deque([offering.Found((offer(2),))]))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 21))
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(2))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert [asked.attempt for asked in steps.asked if isinstance(asked, offering.ReleaseLeg)] == [1]
    assert steps.finished().offers == (offer(2),)


async def test_a_customer_found_gone_by_a_connection_is_abandoned_without_any_event(client: Client) -> None:
    steps = FakeSteps(connected=deque([offering.Connected(connected=False, customer_gone=True)]))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await handle.result()
    assert steps.finished().disposition is Disposition.ABANDONED


async def test_a_customer_found_gone_by_a_search_is_abandoned_without_any_event(client: Client) -> None:
    steps = FakeSteps(found=deque([offering.Found(customer_gone=True)]))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 19))
        await handle.result()
    assert steps.finished().disposition is Disposition.ABANDONED


async def test_whose_phone_could_not_be_rung_is_tried_again_soon(client: Client) -> None:
    nobody, one = offering.Found(in_vain=True), offering.Found((offer(2),))
    steps = FakeSteps(admitted=ivr.Admitted(QUEUE), found=deque([nobody, one]))
    async with call(client, steps) as handle:
        await reaches(handle, CallStage.WAITING)
        await handle.signal(CallWorkflow.agent_claimed)
        await reaches(handle, CallStage.OFFERED)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert [search.forgive for search in steps.asked_for(offering.Search)] == [False, True]


async def test_a_customer_found_gone_left_when_the_event_says(client: Client) -> None:
    steps = FakeSteps(found=deque([offering.Found(customer_gone=True)]))
    left_at = datetime.now(UTC) - timedelta(seconds=9)
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 19))
        await reaches(handle, CallStage.WAITING)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(0, 16, at=left_at))
        await handle.result()
    assert steps.finished().ended_at == left_at


async def test_a_customer_found_gone_long_after_a_reconnection_has_just_left(client: Client) -> None:
    steps = FakeSteps(legs=probing.Legs(True, False, (1,), ()), found=deque([offering.Found(customer_gone=True)]))
    began = datetime.now(UTC)
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.reconnected, updates.Reconnected(began - timedelta(seconds=30)))
        await asks(steps, probing.Probe)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 19))
        await handle.result()
    assert steps.finished().ended_at >= began


async def test_a_customer_of_whose_end_nothing_is_told_had_left_before_the_process_began_that_asks(
    client: Client,
) -> None:
    steps = FakeSteps(legs=probing.Legs(False, False, (1,), (1,)))
    began = datetime.now(UTC) - timedelta(seconds=4)
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await reaches(handle, CallStage.CONNECTED)
        await handle.signal(CallWorkflow.reconnected, updates.Reconnected(listening_since=began))
        await handle.result()
    assert steps.finished().ended_at == began


async def test_a_customer_found_gone_has_not_left_later_than_that(client: Client) -> None:
    steps = FakeSteps(found=deque([offering.Found(customer_gone=True)]))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 19))
        await reaches(handle, CallStage.WAITING)
        found_at = datetime.now(UTC)
        await handle.result()
    assert steps.finished().ended_at <= found_at


async def test_after_a_reconnection_a_call_looks_for_its_legs_itself(client: Client) -> None:
    steps = FakeSteps(legs=probing.Legs(False, False, (1,), (1,)))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await handle.signal(CallWorkflow.reconnected)
        await handle.result()
    assert steps.finished().ended_by is Party.CUSTOMER


async def test_an_update_that_comes_too_late_is_refused_with_a_reason(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await reaches(handle, CallStage.OFFERED)
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await handle.execute_update(CallWorkflow.hang_up, BY_AGENT)
        assert "not connected" in str(refused.value.cause)
        await handle.execute_update(CallWorkflow.decline, BY_AGENT)
        with pytest.raises(WorkflowUpdateFailedError):
            await handle.execute_update(CallWorkflow.decline, BY_AGENT)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()


async def test_an_agent_who_is_ready_early_ends_the_wrap_up(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(LONG_WRAP_UP, (offer(1),)))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await reaches(handle, CallStage.CONNECTED)
        await handle.execute_update(CallWorkflow.mute, args=[BY_AGENT, True])
        await handle.execute_update(CallWorkflow.hang_up, BY_AGENT)
        await handle.execute_update(CallWorkflow.complete_wrap_up, args=[BY_AGENT, None])
        await handle.result()
    assert steps.finished().ended_by is Party.AGENT


async def test_of_two_phones_picked_up_at_once_the_first_gets_the_call(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(QUEUE, offers(1, 2, 3)))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(2))
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(3))
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 26))
        await reaches(handle, CallStage.CONNECTED)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    [connect] = steps.asked_for(offering.Connect)
    assert (connect.offer, connect.others) == (offers(2)[0], offers(1, 3))
    assert [released.attempt for released in steps.asked_for(offering.ReleaseLeg)] == [3]
    assert steps.finished().offers == offers(2)


async def test_while_one_of_several_phones_rings_on_no_other_agent_is_looked_for(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(QUEUE, offers(1, 2)))
    async with call(client, steps) as handle:
        await reaches(handle, CallStage.OFFERED)
        await handle.execute_update(CallWorkflow.decline, updates.Asked(UUID(int=1)))
        assert (await handle.query(CallWorkflow.get_view)).stage == CallStage.OFFERED
        with pytest.raises(WorkflowUpdateFailedError):
            await handle.execute_update(CallWorkflow.decline, updates.Asked(UUID(int=1)))
        await handle.execute_update(CallWorkflow.decline, updates.Asked(UUID(int=2)))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    first, second = steps.asked_for(offering.Requeue)
    assert (first.missed, first.still_ringing, first.no_answer) == (offers(1), True, False)
    assert (second.missed, second.still_ringing, second.no_answer) == (offers(2), False, False)


async def test_a_phone_that_nobody_picks_up_counts_as_no_answer(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 19))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await handle.result()
    assert [requeue.no_answer for requeue in steps.asked_for(offering.Requeue)] == [True]


async def test_a_queue_that_wants_a_code_gets_one(client: Client) -> None:
    queue = replace(LONG_WRAP_UP, wrap_up_code_required=True)
    steps = FakeSteps(admitted=ivr.Admitted(queue, (offer(1),)))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await reaches(handle, CallStage.WRAP_UP)
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await handle.execute_update(CallWorkflow.complete_wrap_up, args=[BY_AGENT, updates.WrapUp()])
        assert "wrap-up code" in str(refused.value.cause)
        await handle.execute_update(CallWorkflow.complete_wrap_up, args=[BY_AGENT, updates.WrapUp("Sold")])
        await handle.result()
    assert [complete.code for complete in steps.asked_for(ending.Complete)] == ["Sold"]


async def test_an_agent_may_have_more_time_to_wrap_up(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(LONG_WRAP_UP, (offer(1),)))
    async with call(client, steps) as handle:
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await reaches(handle, CallStage.WRAP_UP)
        for seconds in (-30, 0):
            with pytest.raises(WorkflowUpdateFailedError):
                await handle.execute_update(CallWorkflow.extend_wrap_up, args=[BY_AGENT, seconds])
        # The call gives no more than its longest overtime, however often it is asked.
        await handle.execute_update(CallWorkflow.extend_wrap_up, args=[BY_AGENT, 30])
        await handle.execute_update(CallWorkflow.complete_wrap_up, args=[BY_AGENT, None])
        await handle.result()
    [extended] = steps.asked_for(ending.ExtendWrapUp)
    assert 0 < (extended.until - steps.finished().ended_at).total_seconds() <= 630
