"""What is past is divided into months, which are made beforehand; a question about a time looks into few of them."""

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects import postgresql

from db.core import partitions
from db.core.clock import now
from db.core.engine import Database
from db.models import AgentChange, Cdr, QueueVisit, Recording
from db.recordings import recordings
from domain.calls import ids

_years = itertools.count(2101)


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


@pytest.fixture
def year() -> int:
    """A year in which no other test has rows."""
    return next(_years)


def cdr(arrived_at: datetime, call_id: str | None = None) -> dict[str, Any]:
    return {
        "call_id": call_id or f"month-{ids.uuid7()}",
        "type": "inbound",
        "direction": "inbound",
        "disposition": "answered",
        "customer_number": "555",
        "customer_name": "",
        "our_number": "100",
        "arrived_at": arrived_at,
        "ended_at": arrived_at + timedelta(minutes=2),
        "wait_seconds": 5.0,
        "talk_seconds": 100.0,
        "ended_by": "customer",
        "cause": 16,
    }


async def parts_of(db: Database, statement: Any) -> set[str]:
    """The partitions of records that a statement looks into."""
    compiled = statement.compile(dialect=db.engine.dialect, compile_kwargs={"literal_binds": True})
    async with db.read() as session:
        plan = "\n".join(await session.scalars(text(f"EXPLAIN {str(compiled).replace(':', chr(92) + ':')}")))
    return {part for part in await partition_names(db, "cdrs") if f" {part} " in plan or f" {part}\n" in plan}


async def partition_names(db: Database, table: str) -> set[str]:
    async with db.read() as session:
        return {part.name for part in await partitions.listing(session, table)} | {f"{table}_default"}


async def test_the_months_to_come_are_there_for_each_table(db: Database) -> None:
    await partitions.keep_ahead(db, now())
    wanted = {partitions.month(now(), ahead) for ahead in range(partitions.AHEAD + 1)}
    for table in partitions.time_columns():
        async with db.read() as session:
            assert wanted <= {part.begins for part in await partitions.listing(session, table)}


async def test_another_round_makes_nothing(db: Database) -> None:
    await partitions.keep_ahead(db, now())
    before = {table: await partition_names(db, table) for table in partitions.time_columns()}
    assert await partitions.keep_ahead(db, now()) == {}
    assert {table: await partition_names(db, table) for table in partitions.time_columns()} == before


async def test_a_year_ends_as_any_month(db: Database, year: int) -> None:
    async with db.write() as session:
        await partitions.make(session, "cdrs", datetime(year, 12, 1, tzinfo=UTC))
    async with db.read() as session:
        [made] = [part for part in await partitions.listing(session, "cdrs") if part.name == f"cdrs_{year}_12"]
    assert (made.begins, made.ends) == (datetime(year, 12, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))


async def test_a_record_of_a_month_that_is_not_there_is_kept_and_gets_its_month(db: Database, year: int) -> None:
    moment = datetime(year, 5, 3, 12, tzinfo=UTC)
    async with db.write() as session:
        await session.execute(insert(Cdr).values([cdr(moment, f"stray-{year}"), cdr(moment + timedelta(days=40))]))
    strays = await partitions.keep_ahead(db, now())
    assert strays["cdrs"] >= 2
    assert {f"cdrs_{year}_05", f"cdrs_{year}_06"} <= await partition_names(db, "cdrs")
    async with db.read() as session:
        place = select(text("tableoid::regclass::text")).where(Cdr.call_id == f"stray-{year}").select_from(Cdr)
        assert await session.scalar(place) == f"cdrs_{year}_05"
        assert await session.scalar(text("SELECT count(*) FROM cdrs_default")) == 0


async def test_a_question_about_a_day_looks_into_one_month(db: Database) -> None:
    await partitions.keep_ahead(db, now())
    begins = partitions.month(now(), 1) + timedelta(days=9)
    day = select(Cdr).where(Cdr.arrived_at >= begins, Cdr.arrived_at < begins + timedelta(days=1))
    assert await parts_of(db, day) == {f"cdrs_{begins:%Y_%m}"}
    eve = partitions.month(now(), 2) - timedelta(hours=3)
    night = select(Cdr).where(Cdr.arrived_at >= eve, Cdr.arrived_at < eve + timedelta(days=1))
    assert await parts_of(db, night) == {f"cdrs_{eve:%Y_%m}", f"cdrs_{partitions.month(now(), 2):%Y_%m}"}


async def test_a_call_has_one_record_however_often_it_is_written(db: Database) -> None:
    record = cdr(now())
    for _ in range(2):
        async with db.write() as session:
            await session.execute(
                postgresql.insert(Cdr).values(**record).on_conflict_do_nothing(),
            )
    async with db.read() as session:
        assert await session.scalar(select(func.count()).where(Cdr.call_id == record["call_id"])) == 1


async def test_a_recording_is_listed_once_however_often_it_is_stored(db: Database) -> None:
    record = cdr(now())
    stored = recordings.StoredRecording(f"{record['call_id']}-r1", "test", 100.0, playable=True)
    async with db.write() as session:
        await session.execute(insert(Cdr).values(**record))
        for _ in range(2):
            await recordings.store(session, record["call_id"], stored, record["ended_at"])
    async with db.read() as session:
        assert await session.scalar(select(func.count()).where(Recording.call_id == record["call_id"])) == 1


def test_what_is_past_and_grows_without_end_is_divided() -> None:
    assert dict(partitions.time_columns()) == {
        Cdr.__tablename__: "arrived_at",
        QueueVisit.__tablename__: "entered_at",
        AgentChange.__tablename__: "at",
        Recording.__tablename__: "stored_at",
    }


async def test_there_is_room_for_the_locks_of_lists_after_years(db: Database) -> None:
    """The list of recent calls locks 1,135 partitions and indexes after five years; two portals ask for twenty."""
    async with db.read() as session:
        room = int(await session.scalar(text("SHOW max_locks_per_transaction")) or 0)
        connections = int(await session.scalar(text("SHOW max_connections")) or 0)
    assert room * connections > 20 * 1135
