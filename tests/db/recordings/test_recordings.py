"""Which recordings are listed, and as what."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.core.clock import now
from db.core.engine import Database
from db.models import Cdr, Recording
from db.recordings import recordings
from domain.calls import ids


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("talked", "playable", "listed"),
    [
        # The customer hung up as the agent answered: nothing was said, so nothing is lost.
        (0.0, False, []),
        (0.4, False, []),
        (4.6, False, ["failed"]),
        (0.4, True, ["stored"]),
        (4.6, True, ["stored"]),
    ],
)
async def test_a_missing_recording_is_told_only_of_a_talk(
    db: Database, talked: float, playable: bool, listed: list[str]
) -> None:
    call_id, ended_at = str(ids.uuid7()), now()
    cdr = Cdr(
        call_id=call_id,
        type="inbound",
        disposition="answered",
        customer_number="555",
        customer_name="Caller",
        our_number="100",
        arrived_at=ended_at - timedelta(seconds=talked + 5),
        ended_at=ended_at,
        wait_seconds=5.0,
        talk_seconds=talked,
        ended_by="customer",
        cause=16,
    )
    found = recordings.StoredRecording(f"{call_id}-r1", "node1", talked if playable else 0.0, playable=playable)
    async with db.write() as session:
        session.add(cdr)
        await session.flush()
        # A step that is repeated after a crash may tell another time.
        for later in (0, 3):
            await recordings.store(session, call_id, found, ended_at + timedelta(seconds=later))
    async with db.read() as session:
        rows = await session.scalars(select(Recording.status).where(Recording.call_id == call_id))
        assert list(rows) == listed
