"""Presses that cross with what others do, with real phones: what was meant for one is never done to another."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from api.calls.commands import Calls
from api.web.errors import RefusedError
from db.calls import own_calls
from db.core.clock import now
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.call import CallStage, Purpose
from tests.calls.talk import Talk
from tests.phones.audio import tones_in
from tests.support.centre import Centre
from workflows.calls.updates import Asked, Target
from workflows.calls.workflow import CallWorkflow

AFTER = (0.0, 0.02, 0.06, 0.12, 0.2, 0.3)
"""Seconds between what the page has not shown yet and the press: all of them hung the customer up."""


SECOND = 16_000  # bytes
AGENT_HZ, MUTED_SECONDS = 600.0, 4.0


async def seen_by_agent(talk: Talk) -> Asked:
    async with talk.centre.database.read() as session:
        call = (await own_calls.find(session, [talk.agent.user_id], now()))[talk.agent.user_id]
    return Asked(talk.agent.user_id, call.revision)


@pytest.mark.timeout(180)
async def test_end_consult_after_the_colleague_has_gone_never_ends_the_customers_call(talk: Talk) -> None:
    for attempt, after in enumerate(AFTER, 2):
        asked = await talk.consult(leg=str(attempt))
        seen = await seen_by_agent(talk)
        await asked.hang_up()
        await asyncio.sleep(after)  # The very time that is tried.
        with suppress(RefusedError):
            await talk.calls.ask(CallWorkflow.hang_up, talk.call_id, seen)
        await talk.talk("c", "1")
        assert not talk.customer.ended, f"the customer was hung up {after} s after the colleague, in round {attempt}"
        await talk.centre.until_state(talk.boss, AgentState.IDLE)
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_end_consult_pressed_twice_never_ends_the_customers_call(talk: Talk) -> None:
    for leg, after in enumerate((0.0, 0.06, 0.15), 2):
        await talk.consult(leg=str(leg))
        seen = await seen_by_agent(talk)
        await talk.calls.ask(CallWorkflow.hang_up, talk.call_id, seen)
        await asyncio.sleep(after)  # The very time that is tried.
        with pytest.raises(RefusedError):
            await talk.calls.ask(CallWorkflow.hang_up, talk.call_id, seen)
        await talk.talk("c", "1")
        await talk.centre.until_state(talk.boss, AgentState.IDLE)
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_who_gives_the_call_away_cannot_end_it_any_more(talk: Talk) -> None:
    await talk.consult()
    seen = await seen_by_agent(talk)
    await talk.calls.ask(CallWorkflow.hand_over, talk.call_id, seen)
    with pytest.raises(RefusedError, match="no part in this call"):
        await talk.calls.ask(CallWorkflow.hang_up, talk.call_id, seen)
    await talk.talk("c", "2")
    await talk.customer.hang_up()
    await talk.over("customer", talk.boss)


async def test_keys_reach_whoever_hears_the_agent(talk: Talk) -> None:
    asked = await talk.consult()
    await talk.calls.ask(CallWorkflow.send_digits, talk.call_id, talk.by_agent, "12")
    await asked.wait_for_digits("12")
    await talk.calls.ask(CallWorkflow.conference, talk.call_id, talk.by_agent)
    await talk.calls.ask(CallWorkflow.send_digits, talk.call_id, talk.by_agent, "34")
    await asyncio.gather(asked.wait_for_digits("1234"), talk.customer.wait_for_digits("34"))
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


@pytest.mark.parametrize("stage", [CallStage.HELD, CallStage.CONSULTING, CallStage.CONFERENCE])
async def test_an_agent_whose_page_was_loaded_anew_finds_the_call_as_it_was(talk: Talk, stage: CallStage) -> None:
    if stage is CallStage.HELD:
        await talk.calls.ask(CallWorkflow.hold, talk.call_id, talk.by_agent, True)
    else:
        await talk.consult()
    if stage is CallStage.CONFERENCE:
        await talk.calls.ask(CallWorkflow.conference, talk.call_id, talk.by_agent)
    await talk.calls.ask(CallWorkflow.mute, talk.call_id, talk.by_agent, True)
    await talk.calls.ask(CallWorkflow.rejoin, talk.call_id, await seen_by_agent(talk))
    again = await talk.next_of_agent()
    await again.answer()
    await talk.at(stage)
    legs = {CallStage.HELD: ("2",), CallStage.CONSULTING: ("2", "3"), CallStage.CONFERENCE: ("c", "2", "3")}
    await talk.talk(*legs[stage])
    async with talk.centre.database.read() as session:
        call = (await own_calls.find(session, [talk.agent.user_id], now()))[talk.agent.user_id]
    assert (call.muted, call.stage) == (True, stage)
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_a_muted_agent_who_comes_back_is_not_heard(centre: Centre, tmp_path: Path) -> None:
    agent, heard = await centre.add_agent(), tmp_path / "customer.wav"
    number = await centre.add_queue([agent])
    async with centre.desk_phone(tone_hz=AGENT_HZ) as phone, centre.customer(record=heard) as customer:
        await centre.register(phone, agent)
        await centre.arrive(agent)
        dialled = await customer.dial(centre.uri(number))
        await (await phone.next_call()).answer()
        call_id = (await centre.until_stage(number, CallStage.CONNECTED)).id
        calls, asked = Calls(await centre.temporal()), Asked(agent.user_id)
        await calls.ask(CallWorkflow.mute, call_id, asked, True)
        await calls.ask(CallWorkflow.rejoin, call_id, asked)
        await (await phone.next_call()).answer()
        await centre.until(lambda: centre.is_at(call_id, CallStage.CONNECTED))
        await asyncio.sleep(MUTED_SECONDS)  # The agent speaks.
        await dialled.hang_up()
        await centre.until_quiet(number)
    assert tones_in(heard, [AGENT_HZ])[AGENT_HZ].seconds < MUTED_SECONDS / 3


async def test_the_next_agent_begins_unmuted_and_recording(talk: Talk) -> None:
    await talk.calls.ask(CallWorkflow.mute, talk.call_id, talk.by_agent, True)
    await talk.calls.ask(CallWorkflow.pause_recording, talk.call_id, talk.by_agent, True)
    await talk.consult()
    await talk.calls.ask(CallWorkflow.hand_over, talk.call_id, talk.by_agent)
    await talk.talk("c", "2")
    async with talk.centre.database.read() as session:
        call = (await own_calls.find(session, [talk.boss.user_id], now()))[talk.boss.user_id]
    assert (call.muted, call.recording_paused) == (False, False)
    file = talk.centre.settings.recordings / f"{ids.recording(talk.call_id, 1)}.wav"

    async def grows() -> bool:
        return file.stat().st_size > SECOND * 1.5

    await talk.centre.until(grows)
    await talk.customer.hang_up()
    await talk.over("customer", talk.boss)
    [recording] = await talk.centre.recordings(talk.call_id)
    assert recording.seconds is not None
    assert recording.seconds >= 1.5


async def test_the_next_agent_of_the_line_begins_unmuted_and_recording(talk: Talk) -> None:
    centre = talk.centre
    await talk.calls.ask(CallWorkflow.mute, talk.call_id, talk.by_agent, True)
    await talk.calls.ask(CallWorkflow.pause_recording, talk.call_id, talk.by_agent, True)
    ringing = await talk.reach(Purpose.TRANSFER)
    await talk.with_agent.hang_up()
    await ringing.decline(486)
    again = await talk.agent_phone.next_call()
    await again.answer()
    await talk.at(CallStage.CONNECTED)
    await talk.talk("c", "3")
    async with centre.database.read() as session:
        call = (await own_calls.find(session, [talk.agent.user_id], now()))[talk.agent.user_id]
    assert (call.muted, call.recording_paused) == (False, False)
    file = centre.settings.recordings / f"{ids.recording(talk.call_id, 1)}.wav"
    before = file.stat().st_size

    async def grows() -> bool:
        return file.stat().st_size > before + SECOND

    await centre.until(grows)
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)


async def test_everybody_is_told_who_is_in_the_call_and_what_became_of_a_third_party(talk: Talk) -> None:
    await talk.calls.ask(CallWorkflow.reach, talk.call_id, talk.by_agent, Target(Purpose.TRANSFER, talk.boss.user_id))
    await (await talk.boss_phone.next_call()).decline()
    await talk.at(CallStage.CONNECTED)
    async with talk.centre.database.read() as session:
        call = (await own_calls.find(session, [talk.agent.user_id], now()))[talk.agent.user_id]
    assert call.last_guest is not None
    assert (call.last_guest.name, call.last_guest.outcome) == (talk.boss.name, "declined")
    await talk.consult(leg="3")
    await talk.calls.ask(CallWorkflow.conference, talk.call_id, talk.by_agent)
    users = [talk.agent.user_id, talk.boss.user_id]
    async with talk.centre.database.read() as session:
        both = await own_calls.find(session, users, now())
    for user_id in users:
        assert [one.role for one in both[user_id].participants] == ["customer", "agent", "third_party"]
    assert both[users[0]].last_guest is None
    await talk.calls.ask(CallWorkflow.hang_up, talk.call_id, talk.by_agent)
    await talk.over("agent", talk.agent)
