"""What agents ask of a call is done to what they have seen, to what is theirs, and never to anything else."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from temporalio.client import Client

from domain.calls.call import CallStage, Party
from tests.support.fake_steps import LONG_WRAP_UP, FakeSteps, offer, offers
from tests.workflows.running import (
    BOSS,
    BY_AGENT,
    BY_BOSS,
    CONSULT,
    CUSTOMER_LEFT,
    TRANSFER,
    call,
    consulting,
    has_seen,
    over,
    reaches,
    refused,
    talking,
)
from workflows.calls import ending, ivr, talk, third_party, updates
from workflows.calls.workflow import CallWorkflow

STRANGER = updates.Asked(UUID(int=99))
AGENT_ASKS = [
    (CallWorkflow.hang_up, ()),
    (CallWorkflow.hold, (True,)),
    (CallWorkflow.rejoin, ()),
    (CallWorkflow.reach, (updates.Target(CONSULT.purpose, UUID(int=9)),)),
    (CallWorkflow.send_digits, ("1",)),
    (CallWorkflow.pause_recording, (True,)),
    (CallWorkflow.mute, (True,)),
]


async def test_end_consult_that_crosses_with_the_guests_hang_up_leaves_the_customer_alone(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await consulting(handle)
        seen = await has_seen(handle)
        await handle.signal(CallWorkflow.leg_ended, updates.LegEnded(2, 16))
        await reaches(handle, CallStage.CONNECTED)
        assert "with you again" in await refused(handle, CallWorkflow.hang_up, seen)
        assert "Nobody else" in await refused(handle, CallWorkflow.cancel, seen)
        assert not steps.asked_for(ending.Finish)
        await over(handle)


async def test_a_hang_up_that_crosses_with_the_own_hold_ends_the_call(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await talking(handle)
        seen = await has_seen(handle)
        await handle.execute_update(CallWorkflow.hold, args=[BY_AGENT, True])
        await handle.execute_update(CallWorkflow.hang_up, seen)
        await handle.result()
    assert steps.finished().ended_by is Party.AGENT


async def test_a_hang_up_that_crosses_with_the_own_phones_loss_and_return_ends_the_call(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(LONG_WRAP_UP, (offer(1),)))
    async with call(client, steps) as handle:
        await talking(handle)
        seen = await has_seen(handle)
        await handle.execute_update(CallWorkflow.rejoin, BY_AGENT)
        await reaches(handle, CallStage.RETURNING)
        await handle.execute_update(CallWorkflow.hang_up, seen)
        await reaches(handle, CallStage.WRAP_UP)
        # The page numbers the leg that was rung again.
        page = replace(seen, seen=f"{CallStage.WRAP_UP}.2.0")
        await handle.execute_update(CallWorkflow.complete_wrap_up, args=[page, None])
        await handle.result()
    assert steps.finished().ended_by is Party.AGENT


async def test_end_consult_pressed_twice_at_once_ends_the_consultation_only(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await consulting(handle)
        seen = await has_seen(handle)
        asked = (handle.execute_update(CallWorkflow.hang_up, seen) for _ in range(3))
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(result is None for result in results) == 1
        await reaches(handle, CallStage.CONNECTED)
        assert not steps.asked_for(ending.Finish)
        await over(handle)


async def test_a_hang_up_that_was_seen_with_the_customer_ends_the_call(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(LONG_WRAP_UP, (offer(1),)))
    async with call(client, steps) as handle:
        await talking(handle)
        seen = await has_seen(handle)
        await handle.execute_update(CallWorkflow.hang_up, seen)
        assert await refused(handle, CallWorkflow.hang_up, seen) == "The call is over."
        await handle.execute_update(CallWorkflow.complete_wrap_up, args=[await has_seen(handle), None])
        await handle.result()


@pytest.mark.parametrize(("update", "arguments"), AGENT_ASKS)
async def test_who_has_given_the_call_away_can_do_nothing_with_it(
    client: Client, update: object, arguments: tuple[object, ...]
) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await consulting(handle)
        await handle.execute_update(CallWorkflow.hand_over, BY_AGENT)
        await reaches(handle, CallStage.CONNECTED)
        before = len(steps.asked)
        assert "no part in this call" in await refused(handle, update, BY_AGENT, *arguments)
        assert len(steps.asked) == before
        await over(handle)


@pytest.mark.parametrize(("update", "arguments"), AGENT_ASKS)
async def test_nobody_can_do_anything_with_a_call_that_a_number_outside_has(
    client: Client, update: object, arguments: tuple[object, ...]
) -> None:
    async with call(client, FakeSteps()) as handle:
        await talking(handle)
        outside = updates.Target(TRANSFER.purpose, number="+12025550123")
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, outside])
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(2))
        await reaches(handle, CallStage.CONNECTED)
        assert "no part in this call" in await refused(handle, update, BY_AGENT, *arguments)
        await over(handle)


@pytest.mark.parametrize(("update", "arguments"), [asks for asks in AGENT_ASKS if asks[0] is not CallWorkflow.mute])
async def test_a_stranger_can_do_nothing(client: Client, update: object, arguments: tuple[object, ...]) -> None:
    async with call(client, FakeSteps()) as handle:
        await talking(handle)
        assert "no part in this call" in await refused(handle, update, STRANGER, *arguments)
        await over(handle)


async def test_a_guest_who_leaves_while_the_agent_cancels_leaves_the_others_alone(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await consulting(handle)
        seen = updates.Asked(BOSS, (await has_seen(handle)).seen)
        await handle.execute_update(CallWorkflow.cancel, BY_AGENT)
        assert "no part in this call" in await refused(handle, CallWorkflow.hang_up, seen)
        assert not steps.asked_for(ending.Finish)
        await over(handle)


async def test_a_guest_leaves_and_has_no_say_in_the_rest(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await consulting(handle)
        for update in (CallWorkflow.cancel, CallWorkflow.hand_over):
            assert "Only the agent" in await refused(handle, update, BY_BOSS)
        await handle.execute_update(CallWorkflow.hang_up, updates.Asked(BOSS, (await has_seen(handle)).seen))
        await reaches(handle, CallStage.CONNECTED)
        [dropped] = steps.asked_for(third_party.DropGuest)
        assert dropped.outcome == "left"
        await over(handle)


async def test_what_changes_nothing_is_no_success(client: Client) -> None:
    async with call(client, FakeSteps()) as handle:
        await talking(handle)
        assert "not on hold" in await refused(handle, CallWorkflow.hold, BY_AGENT, False)
        assert "Nobody else" in await refused(handle, CallWorkflow.cancel, BY_AGENT)
        assert "no longer ringing" in await refused(handle, CallWorkflow.decline, BY_AGENT)
        assert "not in wrap-up" in await refused(handle, CallWorkflow.extend_wrap_up, BY_AGENT, 30)
        await over(handle)


async def test_what_the_end_of_the_call_overtook_is_refused_with_that_end(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(LONG_WRAP_UP, (offer(1),)))
    async with call(client, steps) as handle:
        await talking(handle)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await reaches(handle, CallStage.WRAP_UP)
        for update, arguments in (
            *AGENT_ASKS,
            (CallWorkflow.hold, (False,)),
            (CallWorkflow.cancel, ()),
            (CallWorkflow.hand_over, ()),
        ):
            assert await refused(handle, update, BY_AGENT, *arguments) == "The customer hung up."
        await handle.execute_update(CallWorkflow.complete_wrap_up, args=[BY_AGENT, None])
        await handle.result()


async def test_keys_that_were_meant_for_the_guest_are_never_heard_by_the_customer(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await consulting(handle)
        seen = await has_seen(handle)
        await handle.execute_update(CallWorkflow.send_digits, args=[seen, "42#"])
        [sent] = steps.asked_for(talk.SendDigits)
        assert [channel.rsplit("-", 1)[1] for channel in sent.channels] == ["a2"]
        await handle.execute_update(CallWorkflow.conference, BY_AGENT)
        await handle.execute_update(CallWorkflow.send_digits, args=[await has_seen(handle), "1"])
        assert len(steps.asked_for(talk.SendDigits)[1].channels) == 2
        assert await refused(handle, CallWorkflow.send_digits, seen, "42#")
        await over(handle)


async def test_an_answer_that_crosses_with_cancel_is_not_undone(client: Client) -> None:
    async with call(client, FakeSteps()) as handle:
        await talking(handle)
        await handle.execute_update(CallWorkflow.reach, args=[BY_AGENT, CONSULT])
        seen = await has_seen(handle)
        await handle.signal(CallWorkflow.leg_answered, updates.LegAnswered(2))
        await reaches(handle, CallStage.CONSULTING)
        assert "changed just now" in await refused(handle, CallWorkflow.cancel, seen)
        await reaches(handle, CallStage.CONSULTING)
        await over(handle)


async def test_of_several_who_are_rung_each_has_seen_the_own_leg(client: Client) -> None:
    steps = FakeSteps(admitted=ivr.Admitted(LONG_WRAP_UP, offers(1, 2)))
    async with call(client, steps) as handle:
        await reaches(handle, CallStage.OFFERED)
        first, second = updates.Asked(UUID(int=1), "offered.1.0"), updates.Asked(UUID(int=2), "offered.1.0")
        await handle.execute_update(CallWorkflow.decline, first)
        assert "changed just now" in await refused(handle, CallWorkflow.decline, second)
        await over(handle)


async def test_a_microphone_is_turned_off_wherever_the_call_is_by_now(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await consulting(handle)
        seen = await has_seen(handle)
        guest_saw = updates.Asked(BOSS, seen.seen)
        await handle.execute_update(CallWorkflow.conference, seen)
        await handle.execute_update(CallWorkflow.mute, args=[seen, True])
        await handle.execute_update(CallWorkflow.mute, args=[guest_saw, True])
        await over(handle)
    assert [(mute.attempt, mute.guest) for mute in steps.asked_for(talk.SetMute)] == [(1, False), (2, True)]
