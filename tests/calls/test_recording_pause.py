"""Row X8: what is said while the recording is paused is nowhere on disk, and what is said after it is."""

import asyncio
from pathlib import Path

import pytest

from api.calls.commands import Calls
from api.web.errors import RefusedError
from domain.agents.agent import Role
from domain.calls import ids
from domain.calls.call import CallStage, Purpose
from tests.calls.talk import Talk
from tests.phones.audio import tones_in
from tests.support.centre import Centre
from workflows.calls.updates import Asked, Target
from workflows.calls.workflow import CallWorkflow

SECRET_HZ, CUSTOMER_HZ = 600.0, 900.0
HEARD_SECONDS = 1.0
SECRET_SECONDS = 2.5
"""Sound takes its own time: there is no event to wait for."""

SECOND = 16_000
"""Bytes of a recording."""


async def _grown(centre: Centre, file: Path, seconds: float) -> None:
    """Waits until so much more has been recorded."""
    start = _size(file)

    async def so() -> bool:
        return _size(file) >= start + seconds * SECOND

    await centre.until(so)


def _size(file: Path) -> int:
    return file.stat().st_size


async def test_who_speaks_only_during_the_pause_has_no_sample_on_disk(centre: Centre, tmp_path: Path) -> None:
    agent, boss = await centre.add_agent(), await centre.add_agent(role=Role.SUPERVISOR)
    number = await centre.add_queue([agent])
    heard = tmp_path / "customer.wav"
    async with (
        centre.desk_phone() as phone,
        centre.desk_phone(tone_hz=SECRET_HZ) as boss_phone,
        centre.customer(tone_hz=CUSTOMER_HZ, record=heard) as customer,
    ):
        await centre.register(phone, agent)
        await centre.register(boss_phone, boss)
        await centre.arrive(agent, boss)
        dialled = await customer.dial(centre.uri(number))
        await (await phone.next_call()).answer()
        call = await centre.until_stage(number, CallStage.CONNECTED)
        file = centre.settings.recordings / f"{ids.recording(call.id, 1)}.wav"
        calls = Calls(await centre.temporal())
        await calls.ask(CallWorkflow.pause_recording, call.id, Asked(agent.user_id), True)
        await calls.ask(CallWorkflow.reach, call.id, Asked(agent.user_id), Target(Purpose.CONSULT, boss.user_id))
        asked = await boss_phone.next_call()
        await asked.answer()
        await centre.until(lambda: centre.is_at(call.id, CallStage.CONSULTING))
        await calls.ask(CallWorkflow.conference, call.id, Asked(agent.user_id))
        await centre.until(lambda: centre.is_at(call.id, CallStage.CONFERENCE))
        await asyncio.sleep(SECRET_SECONDS)
        await asked.hang_up()
        await centre.until(lambda: centre.is_at(call.id, CallStage.CONNECTED))
        await calls.ask(CallWorkflow.pause_recording, call.id, Asked(agent.user_id), False)
        await _grown(centre, file, 2 * HEARD_SECONDS)
        await dialled.hang_up()
        await centre.cdr_of(call.id)
    assert tones_in(heard, [SECRET_HZ])[SECRET_HZ].seconds > HEARD_SECONDS
    kept = tones_in(file, [SECRET_HZ, CUSTOMER_HZ])
    assert kept[SECRET_HZ].seconds == 0
    assert kept[CUSTOMER_HZ].seconds > HEARD_SECONDS


async def test_a_pause_that_cannot_be_made_is_refused(talk: Talk) -> None:
    # The disk was full, say, and nothing is recorded any more.
    async with talk.centre.asterisk() as asterisk:
        await asterisk.stop_recording(ids.recording(talk.call_id, 1))
    with pytest.raises(RefusedError, match="not being recorded"):
        await talk.calls.ask(CallWorkflow.pause_recording, talk.call_id, talk.by_agent, True)
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)
