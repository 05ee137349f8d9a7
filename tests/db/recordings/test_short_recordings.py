"""A recording that is shorter than its talk is flagged: what was paused is not missing."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.calls import calls, cdrs, control
from db.core.clock import now
from db.core.engine import Database
from db.models import Recording
from db.recordings import recordings
from domain.calls.call import Disposition, Party, RecordingState
from tests.db.sample import arrive, new_agents, new_queue

TALK, PAUSE = 60.0, 20.0


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("seconds", "pauses", "state"),
    [
        (TALK - 1, 0, RecordingState.STORED),
        (TALK - 5, 0, RecordingState.SHORT),
        (TALK - PAUSE, 0, RecordingState.SHORT),
        (TALK - PAUSE, 1, RecordingState.STORED),
        (TALK - 2 * PAUSE, 1, RecordingState.SHORT),
        (TALK - 2 * PAUSE, 2, RecordingState.STORED),
        (0.0, 0, RecordingState.FAILED),
    ],
)
async def test_what_is_missing_of_a_talk_is_told(
    db: Database, seconds: float, pauses: int, state: RecordingState
) -> None:
    [agent] = await new_agents(db, 1)
    call_id = await arrive(db, await new_queue(db, [agent]))
    begun = now()
    async with db.write() as session:
        await calls.connect(session, call_id, agent, begun, recorded=True)
    for number in range(pauses):
        # The second one lasts to the end.
        at = begun + timedelta(seconds=PAUSE * (2 * number))
        async with db.write() as session:
            await control.pause_recording(session, call_id, at, paused=True)
            if number == 0:
                await control.pause_recording(session, call_id, at + timedelta(seconds=PAUSE), paused=False)
    ended = begun + timedelta(seconds=TALK)
    stored = recordings.StoredRecording(f"{call_id}-r1", "test", seconds, playable=seconds > 0)
    async with db.write() as session:
        ending = cdrs.Ending(call_id, Disposition.ANSWERED, Party.CUSTOMER, 16, ended)
        await cdrs.end(session, ending, timedelta(0))
        await recordings.store(session, call_id, stored, ended)
    async with db.read() as session:
        assert await session.scalar(select(Recording.status).where(Recording.call_id == call_id)) == state
