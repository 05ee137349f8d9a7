"""Recordings are kept as long as the settings say, and no longer."""

import os
import time
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
from domain.records.retention import Retention
from everline.node.recordings.retention import OldFiles, Removed
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


async def left_as_message(db: Database, name: str, days: float = 0) -> None:
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
                left_at=now() - timedelta(days=days),
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
    retention = OldFiles(node, db, tmp_path, Retention(recordings=90))
    assert await retention.look(only_count=True) == Removed(recordings=1)
    assert files(tmp_path) == {old, young, message, elsewhere}
    assert await retention.look() == Removed(recordings=1)
    assert files(tmp_path) == {young, message, elsewhere}
    assert [await status(db, name) for name in (old, young, message)] == ["removed", "stored", "stored"]
    async with db.read() as session:
        noted = select(AuditEntry.facts).where(AuditEntry.action == "recordings.removed", AuditEntry.subject == node)
        assert list(await session.scalars(noted)) == [{"count": 1, "last": old}]
    assert await retention.look() == Removed()


async def test_old_messages_go_with_their_files_heard_or_not(db: Database, tmp_path: Path) -> None:
    node = new_name("node").replace(" ", "_")
    names = [await recorded(db, tmp_path, node, days) for days in (91, 89)]
    for name, days in zip(names, (91, 89), strict=True):
        await left_as_message(db, name, days)
    retention = OldFiles(node, db, tmp_path, Retention(voicemails=90))
    assert await retention.look() == Removed(voicemails=1)
    assert files(tmp_path) == {names[1]}
    assert [await status(db, name) for name in names] == ["removed", "stored"]
    async with db.read() as session:
        assert (
            list(await session.scalars(select(Voicemail.recording).where(Voicemail.recording.in_(names)))) == names[1:]
        )


async def test_a_file_that_no_row_names_goes_when_it_is_as_old_as_what_is_removed(db: Database, tmp_path: Path) -> None:
    node = new_name("node").replace(" ", "_")
    kept = await recorded(db, tmp_path, node, 1)
    for name, days in (("old-r1", 91), ("young-r1", 89), ("old-v1", 91), (kept, 91)):
        (tmp_path / f"{name}.wav").write_bytes(b"RIFF")
        then = time.time() - days * 86_400
        os.utime(tmp_path / f"{name}.wav", (then, then))
    assert await OldFiles(node, db, tmp_path, Retention(recordings=90)).look() == Removed(unnamed=1)
    assert files(tmp_path) == {"young-r1", "old-v1", kept}


async def test_a_file_that_was_left_by_a_round_that_was_broken_off_goes(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = new_name("node").replace(" ", "_")
    name = await recorded(db, tmp_path, node, 91)
    then = time.time() - 91 * 86_400
    os.utime(tmp_path / f"{name}.wav", (then, then))
    retention = OldFiles(node, db, tmp_path, Retention(recordings=90))
    with monkeypatch.context() as broken:
        broken.setattr("everline.node.recordings.retention.asyncio.to_thread", _die)
        with pytest.raises(InterruptedError):
            await retention.look()
    # The row does not promise the file any more.
    assert (await status(db, name), files(tmp_path)) == ("removed", {name})
    assert await retention.look() == Removed(unnamed=1)
    assert files(tmp_path) == set()


async def _die(*_: object) -> None:
    raise InterruptedError


async def test_without_the_setting_everything_is_kept(db: Database, tmp_path: Path) -> None:
    node = new_name("node").replace(" ", "_")
    name = await recorded(db, tmp_path, node, 4000)
    await OldFiles(node, db, tmp_path, Retention()).keep()
    assert await status(db, name) == "stored"
