"""Recordings are kept as long as the settings say, and no longer."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from db.core.clock import now
from db.core.engine import Database
from db.models import AuditEntry, Recording, Voicemail
from db.queues import queues
from domain.calls import ids
from everline.node.recordings.retention import Retention
from tests.db.sample import new_name


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


async def recorded(db: Database, folder: Path, node: str, days: float) -> str:
    """A recording of so many days ago, with its file."""
    name = f"{ids.uuid7()}-r1"
    (folder / f"{name}.wav").write_bytes(b"RIFF")
    async with db.write() as session:
        session.add(
            Recording(
                id=ids.uuid7(),
                call_id=name,
                name=name,
                node=node,
                status="stored",
                seconds=3.0,
                stored_at=now() - timedelta(days=days),
            )
        )
    return name


def files(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir()}


async def left_as_message(db: Database, name: str) -> None:
    async with db.write() as session:
        queue_id = await queues.add(session, queues.NewQueue(new_name("Queue")), now())
        session.add(
            Voicemail(
                id=ids.uuid7(),
                call_id=name,
                queue_id=queue_id,
                customer_number="555",
                customer_name="Caller",
                recording=name,
                seconds=3.0,
                left_at=now(),
            )
        )


async def status(db: Database, name: str) -> str | None:
    async with db.read() as session:
        return await session.scalar(select(Recording.status).where(Recording.name == name))


async def test_old_files_go_and_their_rows_say_so(db: Database, tmp_path: Path) -> None:
    node = new_name("node").replace(" ", "_")
    old, young, message = [await recorded(db, tmp_path, node, days) for days in (91, 89, 200)]
    elsewhere = await recorded(db, tmp_path, f"{node}_b", 200)
    await left_as_message(db, message)
    retention = Retention(node, db, tmp_path, 90)
    assert await retention.look() == 1
    assert files(tmp_path) == {young, message, elsewhere}
    assert [await status(db, name) for name in (old, young, message)] == ["removed", "stored", "stored"]
    async with db.read() as session:
        noted = select(AuditEntry.facts).where(AuditEntry.action == "recordings.removed", AuditEntry.subject == node)
        assert list(await session.scalars(noted)) == [{"count": 1, "last": old}]
    assert await retention.look() == 0


async def test_without_the_setting_everything_is_kept(db: Database, tmp_path: Path) -> None:
    node = new_name("node").replace(" ", "_")
    name = await recorded(db, tmp_path, node, 4000)
    await Retention(node, db, tmp_path, 0).keep()
    assert await status(db, name) == "stored"
