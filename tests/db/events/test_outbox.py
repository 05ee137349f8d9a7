"""Readers of the event log miss nothing, get nothing twice, and wait for nobody."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import pytest
from sqlalchemy import text

from db.core.engine import Database
from db.core.notices import Notice, publish
from db.events import outbox
from db.events.outbox import Cursor
from domain.calls import ids
from domain.events.notice import NoticeKind

_TAKE_AN_ID = text("SELECT pg_current_xact_id()")


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=5)
    yield opened
    await opened.close()


async def tell(db: Database, about: UUID) -> None:
    async with db.write() as session:
        publish(session, Notice(NoticeKind.SKILL_CHANGED, about))


async def read(db: Database, cursor: Cursor) -> tuple[Sequence[UUID | None], Cursor]:
    """Whom the new events are about, and how far the reader is then."""
    async with db.read() as session:
        found = await outbox.read_after(session, cursor, 1000)
        return [event.user_id for event in found], await outbox.horizon(session)


async def now(db: Database) -> Cursor:
    async with db.read() as session:
        return await outbox.horizon(session)


async def test_a_transaction_that_stays_open_holds_no_event_back(db: Database) -> None:
    early, late = ids.uuid7(), ids.uuid7()
    cursor = await now(db)
    async with db.write() as long:
        await long.execute(_TAKE_AN_ID)
        await tell(db, early)
        seen, cursor = await read(db, cursor)
        assert early in seen
        publish(long, Notice(NoticeKind.SKILL_CHANGED, late))
    seen, cursor = await read(db, cursor)
    assert late in seen
    assert early not in seen
    seen, _ = await read(db, cursor)
    assert not {early, late} & set(seen)


async def test_whatever_commits_when_each_event_is_read_once(db: Database) -> None:
    cursor = await now(db)
    wanted: list[UUID] = []
    seen: list[UUID | None] = []
    for _ in range(12):
        begun, go = asyncio.Barrier(4), asyncio.Event()

        async def held(about: UUID, begun: asyncio.Barrier = begun, go: asyncio.Event = go) -> None:
            async with db.write() as session:
                await session.execute(_TAKE_AN_ID)
                await begun.wait()
                await go.wait()
                publish(session, Notice(NoticeKind.SKILL_CHANGED, about))

        late, quick = [ids.uuid7() for _ in range(3)], ids.uuid7()
        wanted += [*late, quick]
        writing = asyncio.gather(*map(held, late))
        await begun.wait()
        await tell(db, quick)
        # Read while three transactions are open, while they commit in any order, and afterwards.
        for step in (go.set, None, None):
            found, cursor = await read(db, cursor)
            seen += found
            if step is not None:
                step()
        await writing
    found, _ = await read(db, cursor)
    seen += found
    assert sorted(about for about in seen if about in wanted) == sorted(wanted)


@pytest.mark.parametrize("cursor", [Cursor(5, 9, frozenset({5, 7})), Cursor(9, 9)])
def test_a_cursor_is_read_as_it_was_written(cursor: Cursor) -> None:
    assert Cursor.parse(str(cursor)) == cursor


def test_a_cursor_knows_what_it_has_seen() -> None:
    cursor = Cursor(5, 9, frozenset({5, 7}))
    assert [transaction for transaction in range(3, 11) if cursor.has_seen(transaction)] == [3, 4, 6, 8]
