"""What is past goes after its days, by whole months, and never the row of a file that is there."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, insert, select, text

from db.core import partitions
from db.core.engine import Database
from db.models import AgentChange, AuditEntry, Callback, CallQuality, Cdr, Participant, QueueVisit, Recording, Voicemail
from db.records import retention
from domain.calls import ids
from domain.records.retention import Kept, Retention

# The shared database has nothing of those times but what these tests write.
NOW = datetime(1950, 6, 15, 12, tzinfo=UTC)
KEPT = Retention(records=90)
OLDEST_MONTH = datetime(1950, 3, 1, tzinfo=UTC)


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


def cdr(call_id: str, at: datetime) -> dict[str, Any]:
    return {
        "call_id": call_id,
        "type": "inbound",
        "direction": "inbound",
        "disposition": "answered",
        "customer_number": "555",
        "customer_name": "",
        "our_number": "100",
        "arrived_at": at,
        "ended_at": at,
        "wait_seconds": 0.0,
        "talk_seconds": 0.0,
        "ended_by": "customer",
        "cause": 16,
    }


async def make_month(db: Database, at: datetime) -> None:
    for table in partitions.time_columns():
        async with db.write() as session:
            await partitions.make(session, table, partitions.month(at))


async def call(db: Database, at: datetime, *, file: str = "removed", is_over: bool = True) -> str:
    """A call of then with all rows that a call leaves."""
    call_id = f"old-{ids.uuid7()}"
    agent = {"call_id": call_id, "role": "agent", "user_id": uuid4(), "arrived_at": at, "since": at}
    stay = {"queue_id": uuid4(), "entered_at": at, "left_at": at, "outcome": "answered", "wait_seconds": 1.0}
    sound = {"user_id": uuid4(), "jitter_ms": 1.0, "loss": 0.0, "samples": 1, "reported_at": at}
    recording = {"name": f"{call_id}-r1", "node": "n1", "status": file, "seconds": 1.0, "stored_at": at}
    asked = {"asked_in_call_id": call_id, "queue_id": uuid4(), "number": "555", "name": "", "asked_at": at}
    await make_month(db, at)
    async with db.write() as session:
        await session.execute(insert(Cdr).values(**cdr(call_id, at)))
        await session.execute(insert(Participant).values(**agent, until=at if is_over else None))
        await session.execute(insert(QueueVisit).values(call_id=call_id, **stay))
        await session.execute(insert(CallQuality).values(call_id=call_id, **sound))
        await session.execute(insert(Recording).values(id=ids.uuid7(), call_id=call_id, **recording))
        await session.execute(insert(Callback).values(call_id=f"{call_id}-cb", state="done", closed_at=at, **asked))
    return call_id


async def left_of(db: Database, call_id: str) -> Mapping[str, int]:
    """The rows that a call has."""
    counts = {}
    async with db.read() as session:
        for model in (Cdr, Participant, QueueVisit, CallQuality, Recording):
            counts[model.__tablename__] = (
                await session.scalar(select(func.count()).where(model.call_id == call_id)) or 0
            )
    return {table: count for table, count in counts.items() if count}


async def test_whole_months_go_and_younger_ones_stay(db: Database) -> None:
    old, young = await call(db, OLDEST_MONTH - timedelta(hours=1)), await call(db, OLDEST_MONTH + timedelta(hours=1))
    async with db.read() as session:
        due = await retention.due(session, KEPT, NOW)
    assert await retention.remove(db, KEPT, NOW) == due
    assert due["cdrs"] >= 1
    assert await left_of(db, old) == {}
    assert set(await left_of(db, young)) == {"cdrs", "participants", "queue_visits", "call_quality", "recordings"}
    async with db.read() as session:
        assert await session.scalar(text("SELECT to_regclass('cdrs_1950_02')::text")) is None
        noted = select(AuditEntry.facts).where(AuditEntry.action == "retention.removed").order_by(AuditEntry.id.desc())
        assert await session.scalar(noted.limit(1)) == due


async def test_another_round_removes_nothing(db: Database) -> None:
    await call(db, OLDEST_MONTH - timedelta(days=40))
    assert await retention.remove(db, KEPT, NOW)
    assert await retention.remove(db, KEPT, NOW) == {}


async def test_a_row_of_a_file_that_is_there_stays(db: Database) -> None:
    at = datetime(1949, 8, 3, tzinfo=UTC)
    call_id = await call(db, at, file="stored")
    await retention.remove(db, KEPT, NOW)
    assert await left_of(db, call_id) == {"recordings": 1}
    async with db.write() as session:
        await session.execute(text("UPDATE recordings SET status = 'removed' WHERE call_id = :id"), {"id": call_id})
    await retention.remove(db, KEPT, NOW)
    assert await left_of(db, call_id) == {}


async def test_a_message_that_is_kept_keeps_no_month(db: Database) -> None:
    at = datetime(1949, 7, 3, tzinfo=UTC)
    call_id = await call(db, at, file="stored")
    message = {"queue_id": uuid4(), "customer_number": "", "customer_name": "", "seconds": 1.0, "left_at": at}
    async with db.write() as session:
        await session.execute(
            insert(Voicemail).values(id=ids.uuid7(), call_id=call_id, recording=f"{call_id}-r1", **message)
        )
    await retention.remove(db, KEPT, NOW)
    assert await left_of(db, call_id) == {}
    async with db.read() as session:
        assert await session.scalar(select(func.count()).where(Voicemail.call_id == call_id)) == 1
    async with db.write() as session:
        await session.execute(delete(Voicemail).where(Voicemail.call_id == call_id))


async def test_who_is_in_a_call_that_goes_on_stays(db: Database) -> None:
    call_id = await call(db, OLDEST_MONTH - timedelta(days=2), is_over=False)
    await retention.remove(db, KEPT, NOW)
    assert await left_of(db, call_id) == {"participants": 1}


async def test_without_days_everything_is_kept(db: Database) -> None:
    call_id = await call(db, OLDEST_MONTH - timedelta(days=400))
    assert await retention.remove(db, Retention(agent_history=90), NOW) == {}
    assert "cdrs" in await left_of(db, call_id)


async def test_the_history_of_agents_has_days_of_its_own(db: Database) -> None:
    user_id, at = uuid4(), datetime(1949, 1, 9, tzinfo=UTC)
    await make_month(db, at)
    async with db.write() as session:
        await session.execute(insert(AgentChange).values(user_id=user_id, state="idle", at=at))
    await retention.remove(db, KEPT, NOW)
    wanted = select(func.count()).where(AgentChange.user_id == user_id)
    async with db.read() as session:
        assert await session.scalar(wanted) == 1
    assert await retention.remove(db, Retention(agent_history=90), NOW) == {"agent_changes": 1}
    async with db.read() as session:
        assert await session.scalar(wanted) == 0


async def test_what_a_table_held_when_it_was_divided_goes_row_by_row_and_at_last_at_once(db: Database) -> None:
    async with db.write() as session:
        await session.execute(
            text("CREATE TABLE cdrs_before PARTITION OF cdrs FOR VALUES FROM (MINVALUE) TO ('1890-01-01 00:00+00')")
        )
        await session.execute(
            insert(Cdr).values([cdr(f"before-{year}", datetime(year, 1, 1, tzinfo=UTC)) for year in (1870, 1871, 1889)])
        )
    assert await retention.remove(db, KEPT, datetime(1880, 1, 1, tzinfo=UTC)) == {"cdrs": 2}
    assert await left_of(db, "before-1889") == {"cdrs": 1}
    assert await retention.remove(db, KEPT, datetime(1891, 1, 1, tzinfo=UTC)) == {"cdrs": 1}
    async with db.read() as session:
        assert await session.scalar(text("SELECT to_regclass('cdrs_before')::text")) is None


async def test_a_round_that_was_broken_off_after_a_month_was_taken_out_is_finished(db: Database) -> None:
    await call(db, datetime(1948, 4, 4, tzinfo=UTC))
    async with db.write() as session:
        await session.execute(text("ALTER TABLE cdrs DETACH PARTITION cdrs_1948_04"))
    await retention.remove(db, KEPT, NOW)
    async with db.read() as session:
        assert await session.scalar(text("SELECT to_regclass('cdrs_1948_04')::text")) is None


@pytest.mark.parametrize(
    ("records", "recordings", "days"), [(0, 0, 0), (0, 30, 30), (90, 0, 90), (90, 30, 30), (90, 400, 90)]
)
def test_a_recording_goes_with_its_record_at_the_latest(records: int, recordings: int, days: int) -> None:
    assert Retention(records=records, recordings=recordings).days(Kept.RECORDINGS) == days
