"""A node that was dead comes back, with the recordings that counted as failed because nobody could look at them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select

from db.calls import calls, cdrs
from db.core.clock import now
from db.core.engine import Database
from db.models import Recording
from db.recordings import recordings
from domain.calls import ids
from domain.calls.call import Disposition, Party
from everline.node.recordings.found import FoundRecordings
from telephony.asterisk import Asterisk
from telephony.errors import RecordingMissing
from telephony.model import Recording as File
from tests.db.sample import arrive, new_agents, new_name, new_queue

TALK = 60.0


class Disk:
    """An Asterisk that has these files, so many seconds long."""

    def __init__(self) -> None:
        self.files: dict[str, float] = {}

    async def stop_recording(self, name: str) -> File:
        if name not in self.files:
            raise RecordingMissing(name)
        return File(name, Path(name), self.files[name])


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


async def lost_recording(db: Database, node: str) -> str:
    """The recording of a talk of a minute, which ended with its node."""
    [agent] = await new_agents(db, 1)
    call_id = await arrive(db, await new_queue(db, [agent]))
    begun = now()
    ended = begun + timedelta(seconds=TALK)
    name = ids.recording(call_id, 1)
    async with db.write() as session:
        await calls.connect(session, call_id, agent, begun, recorded=True)
        await cdrs.end(session, cdrs.Ending(call_id, Disposition.ANSWERED, Party.SYSTEM, 38, ended), timedelta(0))
        await recordings.store(session, call_id, recordings.StoredRecording(name, node, 0.0, playable=False), ended)
    return name


async def state(db: Database, name: str) -> tuple[str, float]:
    async with db.read() as session:
        found = (await session.scalars(select(Recording).where(Recording.name == name))).one()
        return str(found.status), found.seconds


@pytest.mark.parametrize(("seconds", "status"), [(TALK - 1, "stored"), (TALK - 10, "short")])
async def test_a_file_that_is_there_after_all_is_listed(db: Database, seconds: float, status: str) -> None:
    node, disk = new_name("node"), Disk()
    name, still_lost, elsewhere = [await lost_recording(db, at) for at in (node, node, new_name("node"))]
    disk.files = {name: seconds, elsewhere: seconds}
    await FoundRecordings(node, db, cast("Asterisk", disk)).look()
    assert await state(db, name) == (status, seconds)
    assert await state(db, still_lost) == ("failed", 0.0)
    assert await state(db, elsewhere) == ("failed", 0.0)
