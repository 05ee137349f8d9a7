"""The pool of connections to PostgreSQL."""

import traceback
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.core.engine import AnySession, Database
from db.core.notices import Notice, publish
from domain.events.notice import NoticeKind

NUMBER = "Cleo+4930123456"
_PID = text("SELECT pg_backend_pid()")


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=3)
    yield opened
    await opened.close()


async def _pid(session: AnySession) -> int:
    return int((await session.execute(_PID)).scalar_one())


async def _fill(db: Database) -> set[int]:
    """Has the pool open all its connections. Returns their processes in PostgreSQL."""
    async with db.read() as one, db.write() as two, db.read() as three:
        return {await _pid(session) for session in (one, two, three)}


async def test_connections_that_postgresql_ended_are_never_handed_out(db: Database, database: str) -> None:
    before = await _fill(db)
    other = Database(database, pool_size=1)
    async with other.write() as session:
        for pid in before:
            await session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    await other.close()
    assert (await _fill(db)).isdisjoint(before)


async def test_a_connection_is_used_again_while_it_lives(db: Database) -> None:
    assert await _fill(db) == await _fill(db)


async def test_who_reads_sees_one_moment(db: Database) -> None:
    async with db.read() as reader:
        before = await _events(reader)
        async with db.write() as writer:
            publish(writer, Notice(NoticeKind.SKILL_CHANGED))
        assert await _events(reader) == before
    async with db.read() as reader:
        assert await _events(reader) > before


async def test_who_reads_can_change_nothing_and_who_writes_after_it_can(db: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with db.read() as reader:
            await reader.execute(text("DELETE FROM events"))
    for _ in range(3):
        async with db.write() as writer:
            assert (await writer.execute(text("SHOW transaction_read_only"))).scalar_one() == "off"
            assert (await writer.execute(text("SHOW transaction_isolation"))).scalar_one() == "read committed"


async def _events(session: AnySession) -> int:
    return int((await session.execute(text("SELECT count(*) FROM events"))).scalar_one())


async def test_an_error_does_not_tell_what_was_to_be_written(db: Database) -> None:
    async with db.write() as session:
        await session.execute(text("CREATE TEMPORARY TABLE strict (number text CHECK (number = ''), at int)"))
        for statement, words in (
            ("INSERT INTO strict VALUES (:number, 1)", "violates check constraint"),
            ("INSERT INTO strict VALUES ('', CAST(CAST(:number AS text) AS int))", "InvalidTextRepresentation"),
        ):
            with pytest.raises(DBAPIError, match=words) as error:
                async with session.begin_nested():
                    await session.execute(text(statement), {"number": NUMBER})
            assert NUMBER not in "".join(traceback.format_exception(error.value))
