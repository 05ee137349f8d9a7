"""A recording that is cut short, or cannot be made, is told to whoever talks and to whoever looks at the call later."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest

from db.calls import own_calls
from db.core.clock import now
from db.records import recent_calls
from db.records.recent_calls import CallFilter
from domain.calls.call import CallStage, RecordingState
from tests.support.centre import Centre

TALK_SECONDS, STILL_SECONDS = 2.0, 5.0


@pytest.fixture
async def no_room(centre: Centre) -> AsyncIterator[None]:
    """Asterisk cannot write recordings, as on a disk that is full."""
    folder = centre.settings.recordings
    away = folder.with_name("recordings-away")
    folder.rename(away)
    folder.write_bytes(b"")
    yield
    folder.unlink()
    away.rename(folder)


async def test_a_recording_that_misses_some_of_its_talk_is_listed_as_short(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await (await phone.next_call()).answer()
        call_id = (await centre.until_stage(number, CallStage.CONNECTED)).id
        await asyncio.sleep(TALK_SECONDS)  # The talk itself takes time.
        asterisk = centre.stack.process("asterisk")
        os.kill(asterisk, signal.SIGSTOP)
        try:
            await asyncio.sleep(STILL_SECONDS)  # For so long nothing is recorded.
        finally:
            os.kill(asterisk, signal.SIGCONT)
        await asyncio.sleep(TALK_SECONDS)
        await call.hang_up()
        await centre.cdr_of(call_id)
        await centre.until(lambda: _is_listed(centre, call_id, RecordingState.SHORT))


async def _is_listed(centre: Centre, call_id: str, state: RecordingState) -> bool:
    async with centre.database.read() as session:
        found = (await recent_calls.listing(session, CallFilter(), 100)).items
    return [call.recording for call in found if call.call_id == call_id] == [state]


@pytest.mark.usefixtures("no_room")
async def test_a_talk_goes_on_that_cannot_be_recorded_and_its_agent_is_told(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await (await phone.next_call()).answer()
        call_id = (await centre.until_stage(number, CallStage.CONNECTED)).id

        async def told() -> bool:
            async with centre.database.read() as session:
                shown = (await own_calls.find(session, [agent.user_id], now()))[agent.user_id]
            return shown.recording_failed

        await centre.until(told)
        await asyncio.sleep(TALK_SECONDS)
        await call.hang_up()
        await centre.cdr_of(call_id)
        await centre.until(lambda: _is_listed(centre, call_id, RecordingState.FAILED))
