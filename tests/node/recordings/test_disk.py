from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from db.core.clock import now
from db.core.engine import Database
from db.nodes import nodes
from domain.calls import ids
from everline.node.recordings.disk import Disk

FAR_TOO_MUCH = 1 << 62


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


async def low(db: Database) -> list[str]:
    async with db.read() as session:
        return [disk.node for disk in await nodes.low_disks(session)]


@pytest.mark.parametrize(("least", "enough"), [(0, True), (FAR_TOO_MUCH, False)])
async def test_little_room_for_recordings_is_told(db: Database, tmp_path: Path, least: int, enough: bool) -> None:
    name = f"disk {ids.uuid7()}"
    async with db.write() as session:
        await nodes.connected(session, name, now(), [], now())
    with capture_logs() as logs:
        assert await Disk(tmp_path, db, name, least).look() is enough
    assert [entry["log_level"] for entry in logs] == ([] if enough else ["error"])
    assert (name in await low(db)) is not enough
    await Disk(tmp_path, db, name, 0).look()
    assert name not in await low(db)
