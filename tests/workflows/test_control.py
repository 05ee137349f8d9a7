"""Third parties, and agents who are cut off and come back: the customer stays whose the customer is."""

import asyncio
from collections import deque
from datetime import timedelta

import pytest
from temporalio.client import Client

from domain.calls.call import CallStage, GuestOutcome
from tests.support.fake_steps import AGENT, FakeSteps
from tests.workflows.running import (
    BOSS,
    BY_AGENT,
    BY_BOSS,
    CONSULT,
    TRANSFER,
    Handle,
    asks,
    call,
    consulting,
    has_seen,
    over,
    reaches,
    refused,
    talking,
)
from workflows.calls import agent_return, ending, guest_return, probing, talk, third_party, updates
from workflows.calls.workflow import CallWorkflow
from workflows.core import timeouts

LOST = updates.LegEnded(1, 41, lost=True)


async def prepared(handle: Handle, stage: CallStage) -> None:
    """A talk that has come to a stage by the agent's doing."""
    if stage in {CallStage.CONSULTING, CallStage.CONFERENCE}:
        await consulting(handle)
    else:
        await talking(handle)
    if stage is CallStage.CONFERENCE:
        await handle.execute_update(CallWorkflow.conference, BY_AGENT)
    elif stage is CallStage.HELD:
        await handle.execute_update(CallWorkflow.hold, args=[BY_AGENT, True])
    elif stage is CallStage.REACHING:
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, CONSULT])
    await reaches(handle, stage)


WITH_AGENT = [
    CallStage.CONNECTED,
    CallStage.HELD,
    CallStage.REACHING,
    CallStage.CONSULTING,
    CallStage.CONFERENCE,
]


@pytest.mark.parametrize("stage", WITH_AGENT)
@pytest.mark.parametrize("reloaded", [True, False])
async def test_an_agent_who_was_cut_off_comes_back_to_the_call_as_it_was(
    client: Client, stage: CallStage, *, reloaded: bool
) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await prepared(handle, stage)
        if reloaded:
            await handle.execute_update(CallWorkflow.rejoin, await has_seen(handle))
        else:
            await handle.signal(CallWorkflow.leg_ended, LOST)
        await reaches(handle, CallStage.RETURNING)
        [hold] = [hold for hold in steps.asked_for(talk.Hold) if hold.returning_to]
        [again] = steps.asked_for(agent_return.RingAgain)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(again.attempt))
        await reaches(handle, stage)
        [rejoined] = steps.asked_for(agent_return.Rejoin)
        assert (hold.returning_to, rejoined.stage, rejoined.agent.attempt) == (stage, stage, again.attempt)
        assert not steps.asked_for(third_party.HandOver)
        assert not steps.asked_for(talk.LetGo)
        await over(handle)


@pytest.mark.parametrize("stage", WITH_AGENT)
async def test_an_agent_who_does_not_come_back_in_time_leaves_the_customer_to_whoever_is_there(
    client: Client, stage: CallStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeouts, "RETURN", timedelta(milliseconds=100))
    steps = FakeSteps()
    async with call(client, steps, sandboxed=False) as handle:
        await prepared(handle, stage)
        await handle.signal(CallWorkflow.leg_ended, LOST)
        if stage in {CallStage.CONNECTED, CallStage.HELD}:
            await reaches(handle, CallStage.WAITING)
        elif stage is CallStage.REACHING:
            async with asyncio.timeout(20):
                while not steps.asked_for(talk.LetGo):  # noqa: ASYNC110 - the step is in another task
                    await asyncio.sleep(0.01)
            await reaches(handle, CallStage.REACHING)
            assert [gone.rings_on for gone in steps.asked_for(talk.LetGo)] == [True]
        else:
            await reaches(handle, CallStage.CONNECTED)
            assert (await handle.query(CallWorkflow.get_view)).user_id == BOSS
        await over(handle)


GUEST_LOST = updates.LegEnded(2, 41, lost=True)
BACK_AT = {CallStage.CONSULTING: CallStage.REACHING, CallStage.CONFERENCE: CallStage.CONFERENCE}


@pytest.mark.parametrize("stage", BACK_AT)
@pytest.mark.parametrize("reloaded", [True, False])
async def test_a_guest_who_was_cut_off_comes_back_to_the_call_as_it_was(
    client: Client, stage: CallStage, *, reloaded: bool
) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await prepared(handle, stage)
        if reloaded:
            await handle.execute_update(CallWorkflow.rejoin, BY_BOSS)
        else:
            await handle.signal(CallWorkflow.leg_ended, GUEST_LOST)
        await asks(steps, guest_return.RingGuest)
        await reaches(handle, BACK_AT[stage])
        # The phone was not there yet: it is rung when it is.
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(3, 20))
        await handle.signal(CallWorkflow.agent_back)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(4))
        await reaches(handle, stage)
        async with asyncio.timeout(20):
            while not steps.asked_for(third_party.Join)[-1].again:  # noqa: ASYNC110 - the step is in another task
                await asyncio.sleep(0.01)
        again = steps.asked_for(guest_return.RingGuest)
        assert [(ring.before, ring.guest.attempt, ring.stage) for ring in again] == [
            (2, 3, BACK_AT[stage]),
            (3, 4, BACK_AT[stage]),
        ]
        assert not steps.asked_for(third_party.DropGuest)
        await over(handle)


async def test_a_guest_whose_page_is_loaded_anew_while_it_rings_is_rung_again_and_answers_itself(
    client: Client,
) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await prepared(handle, CallStage.REACHING)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(2, 1, moved=True))
        await asks(steps, guest_return.RingGuest)
        # The phone was not there yet: it is rung when it is.
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(3, 20))
        await handle.signal(CallWorkflow.agent_back)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(4))
        await reaches(handle, CallStage.CONSULTING)
        again = steps.asked_for(guest_return.RingGuest)
        assert [(ring.before, ring.guest.attempt, ring.at_once) for ring in again] == [(2, 3, False), (3, 4, False)]
        assert not steps.asked_for(third_party.DropGuest)
        # Who has talked by then is rung as one who has.
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(4, 41, lost=True))
        await reaches(handle, CallStage.REACHING)
        assert steps.asked_for(guest_return.RingGuest)[-1].at_once
        await over(handle)


@pytest.mark.parametrize("stage", BACK_AT)
async def test_a_guest_who_does_not_come_back_in_time_leaves_the_customer_to_the_agent(
    client: Client, stage: CallStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeouts, "RETURN", timedelta(milliseconds=100))
    steps = FakeSteps()
    async with call(client, steps, sandboxed=False) as handle:
        await prepared(handle, stage)
        await handle.signal(CallWorkflow.leg_ended, GUEST_LOST)
        await reaches(handle, CallStage.CONNECTED)
        assert [(gone.outcome, gone.missed) for gone in steps.asked_for(third_party.DropGuest)] == [
            (GuestOutcome.LEFT, False)
        ]
        assert (await handle.query(CallWorkflow.get_view)).user_id == AGENT
        await over(handle)


async def test_a_conference_is_not_left_to_a_guest_who_was_cut_off(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await prepared(handle, CallStage.CONFERENCE)
        await handle.signal(CallWorkflow.leg_ended, GUEST_LOST)
        await asks(steps, guest_return.RingGuest)
        assert "cut off" in await refused(handle, CallWorkflow.hand_over, BY_AGENT)
        # A desk phone that hangs up leaves all the same: then the customer waits for the guest.
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 16))
        await reaches(handle, CallStage.REACHING)
        assert [gone.rings_on for gone in steps.asked_for(talk.LetGo)] == [True]
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(3))
        await reaches(handle, CallStage.CONNECTED)
        assert (await handle.query(CallWorkflow.get_view)).user_id == BOSS
        await over(handle)


async def test_a_guest_who_answers_while_the_agent_is_away_waits_for_the_agent(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await prepared(handle, CallStage.REACHING)
        await handle.signal(CallWorkflow.leg_ended, LOST)
        await reaches(handle, CallStage.RETURNING)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(2))
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(3))
        await reaches(handle, CallStage.CONSULTING)
        assert [join.returning for join in steps.asked_for(third_party.Join)] == [True]
        await over(handle)


async def test_a_transfer_that_is_answered_while_the_agent_is_away_is_done(client: Client) -> None:
    async with call(client, FakeSteps()) as handle:
        await talking(handle)
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, TRANSFER])
        await handle.signal(CallWorkflow.leg_ended, LOST)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(2))
        await reaches(handle, CallStage.CONNECTED)
        assert (await handle.query(CallWorkflow.get_view)).user_id == BOSS
        await over(handle)


@pytest.mark.parametrize("stage", [CallStage.REACHING, CallStage.CONSULTING, CallStage.CONFERENCE])
async def test_a_guest_who_leaves_while_the_agent_is_away_leaves_the_customer_to_the_agent(
    client: Client, stage: CallStage
) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await prepared(handle, stage)
        await handle.signal(CallWorkflow.leg_ended, LOST)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(2, 16))
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(3))
        await reaches(handle, CallStage.CONNECTED)
        assert (await handle.query(CallWorkflow.get_view)).user_id != BOSS
        await over(handle)


async def test_the_time_to_answer_ends_no_consultation_of_an_agent_who_comes_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeouts, "REACH", timedelta(milliseconds=300))
    monkeypatch.setattr(timeouts, "RING_MARGIN", timedelta(milliseconds=300))
    monkeypatch.setattr(timeouts, "RETURN", timedelta(seconds=2))
    steps = FakeSteps()
    async with call(client, steps, sandboxed=False) as handle:
        await prepared(handle, CallStage.CONSULTING)
        await handle.signal(CallWorkflow.leg_ended, LOST)
        # Until the time to return is over, and not when the time to answer would have been.
        await reaches(handle, CallStage.CONNECTED)
        assert not steps.asked_for(third_party.DropGuest)
        await over(handle)


async def test_a_desk_phone_that_hangs_up_in_a_consultation_gives_the_customer_away(client: Client) -> None:
    async with call(client, FakeSteps()) as handle:
        await consulting(handle)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(1, 16))
        await reaches(handle, CallStage.CONNECTED)
        assert (await handle.query(CallWorkflow.get_view)).user_id == BOSS
        await over(handle)


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        (17, GuestOutcome.BUSY),
        (19, GuestOutcome.NO_ANSWER),
        (21, GuestOutcome.DECLINED),
        (34, GuestOutcome.NOT_REACHED),
        (1, GuestOutcome.NOT_REACHED),
    ],
)
async def test_what_became_of_a_third_party_is_told(client: Client, cause: int, outcome: GuestOutcome) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await prepared(handle, CallStage.REACHING)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(2, cause))
        await reaches(handle, CallStage.CONNECTED)
        await over(handle)
    [dropped] = steps.asked_for(third_party.DropGuest)
    assert (dropped.outcome, dropped.missed) == (outcome, True)


async def test_who_lets_the_third_party_go_is_told_so(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await prepared(handle, CallStage.REACHING)
        await handle.execute_update(CallWorkflow.cancel, await has_seen(handle))
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, CONSULT])
        await handle.execute_update(CallWorkflow.decline, BY_BOSS)
        await reaches(handle, CallStage.CONNECTED)
        await over(handle)
    dropped = [(drop.outcome, drop.missed) for drop in steps.asked_for(third_party.DropGuest)]
    assert dropped == [(GuestOutcome.CANCELLED, False), (GuestOutcome.DECLINED, True)]


async def test_a_customer_is_not_given_to_a_guest_who_has_just_left(client: Client) -> None:
    steps = FakeSteps(handed_over=deque([third_party.HandedOver(guest_gone=True)]))
    async with call(client, steps) as handle:
        await consulting(handle)
        assert "just left" in await refused(handle, CallWorkflow.hand_over, BY_AGENT)
        await reaches(handle, CallStage.CONNECTED)
        assert (await handle.query(CallWorkflow.get_view)).user_id == BY_AGENT.by
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(2, 16))
        await handle.execute_update(CallWorkflow.hold, args=[BY_AGENT, True])
        await over(handle)


async def test_an_agent_whose_phone_is_gone_after_a_reconnection_has_not_hung_up(client: Client) -> None:
    steps = FakeSteps(legs=probing.Legs(True, True, (), ()))
    async with call(client, steps) as handle:
        await talking(handle)
        await handle.signal(CallWorkflow.reconnected)
        await reaches(handle, CallStage.RETURNING)
        assert not steps.asked_for(ending.Finish)
        await over(handle)
