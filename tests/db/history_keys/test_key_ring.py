"""The keys by which what Temporal keeps is encrypted: one a day, shared by all processes, and destroyed in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, text
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment

from activities.maintenance.housekeeping import Housekeeping
from db.core.clock import now
from db.core.engine import Database
from db.core.errors import (
    HistoryKeyDestroyedError,
    HistoryKeysNotReachableError,
    HistoryKeyUnknownError,
    WrongHistorySecretError,
)
from db.history_keys import history_keys, key_ring
from db.history_keys.history_keys import LONGEST_CALL
from db.history_keys.key_ring import KeyRing
from db.history_keys.key_wrapping import Wrapping
from db.models import AuditEntry, Call, HistoryKey
from everline.stack import Stack
from tests.db.sample import arrive, new_agents, new_queue
from tests.support.stack import stack_settings, temporary_home
from workflows.core.data_converter import encrypting

SECRET = "a secret of this machine"
NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)
RETENTION = timedelta(days=3)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
async def database() -> AsyncIterator[str]:
    """Of its own: calls of other tests would keep keys."""
    with temporary_home() as home:
        async with Stack(stack_settings(home), parts=["postgres"]) as stack:
            yield stack.settings.database


@asynccontextmanager
async def away(keys: KeyRing) -> AsyncIterator[None]:
    """The database does not answer for as long as the block."""
    there, keys._database = keys._database, Database("postgresql://nobody@127.0.0.1:1/nothing", pool_size=1)
    try:
        yield
    finally:
        keys._database = there


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=6)
    async with opened.write() as session:
        await session.execute(delete(HistoryKey))
    yield opened
    await opened.close()


def ring(db: Database, day: int = 0, secret: str = SECRET) -> KeyRing:
    return KeyRing(db, secret, lambda: NOON + day * DAY)


async def test_all_processes_that_begin_a_day_at_once_use_one_key(db: Database) -> None:
    rings = [ring(db) for _ in range(6)]
    await asyncio.gather(*(one.refresh() for one in rings))
    assert len({(await one.for_writing()).id for one in rings}) == 1
    async with db.read() as session:
        days = list(await session.scalars(select(HistoryKey.day).order_by(HistoryKey.day)))
    assert days == [NOON.date(), (NOON + DAY).date()]


async def test_what_was_written_yesterday_is_read_today_and_what_is_written_takes_todays_key(db: Database) -> None:
    yesterday, today = ring(db), ring(db, day=1)
    await yesterday.refresh()
    written = await encrypting(yesterday).encode(["+4930123456"])
    await today.refresh()
    assert await encrypting(today).decode(written) == ["+4930123456"]
    assert (await today.for_writing()).day == (NOON + DAY).date()
    assert (await today.for_writing()).id != (await yesterday.for_writing()).id


async def test_midnight_needs_no_database(db: Database) -> None:
    moment = [NOON]
    keys = KeyRing(db, SECRET, lambda: moment[0])
    await keys.refresh()
    before = await keys.for_writing()
    async with away(keys):
        moment[0] += DAY
        assert (await keys.for_writing()).day == (NOON + DAY).date()
        # It is away for days: calls go on, by the latest key there is.
        moment[0] += DAY
        assert (await keys.for_writing()).day == (NOON + DAY).date()
        assert (await keys.by_id(before.id)).id == before.id


async def test_a_key_that_another_process_has_made_is_looked_up(db: Database) -> None:
    old = ring(db)
    await old.refresh()
    new = ring(db, day=5)
    await new.refresh()
    made = await new.for_writing()
    assert (await old.by_id(made.id)).day == (NOON + 5 * DAY).date()


async def test_a_key_that_is_not_here_is_waited_for_while_the_database_isaway(db: Database) -> None:
    keys, other = ring(db), ring(db, day=5)
    await other.refresh()
    wanted = (await other.for_writing()).id
    async with away(keys):
        looking = asyncio.create_task(keys.by_id(wanted))
        await asyncio.sleep(0)
        assert not looking.done()
    assert (await looking).id == wanted


async def test_without_any_key_it_says_that_the_database_does_not_answer(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_ring, "_PATIENCE", 0.0)
    keys = ring(db)
    async with away(keys):
        with pytest.raises(HistoryKeysNotReachableError, match="database"):
            await keys.for_writing()
        with pytest.raises(HistoryKeysNotReachableError, match="database"):
            await keys.by_id(b"01a2219d34657dfd8f66e240309ac608")


async def test_a_stolen_copy_of_the_database_opens_nothing(db: Database) -> None:
    keys = ring(db)
    await keys.refresh()
    key = await keys.for_writing()
    async with db.read() as session:
        stored = str((await session.execute(text("SELECT * FROM history_keys"))).all())
    assert SECRET not in stored
    thief = ring(db, secret="another")
    with pytest.raises(WrongHistorySecretError, match=r"secrets/history"):
        await thief.by_id(key.id)


async def test_where_the_secret_was_lost_new_calls_go_on_with_new_keys(db: Database) -> None:
    lost, new = ring(db), ring(db, secret="another")
    await lost.refresh()
    await new.refresh()
    assert (await new.for_writing()).id != (await lost.for_writing()).id


async def test_a_key_that_was_destroyed_is_told_in_plain_words(db: Database) -> None:
    keys = ring(db)
    await keys.refresh()
    written = await encrypting(keys).encode(["+4930123456"])
    later = NOON + RETENTION + LONGEST_CALL + DAY
    async with db.write() as session:
        assert await history_keys.destroy_old(session, RETENTION, later) == [NOON.date()]
    with pytest.raises(HistoryKeyDestroyedError, match=r"written on 2031-05-01 .*destroyed on 2031-05-19"):
        await encrypting(ring(db)).decode(written)
    # A process that had it forgets it.
    await keys.refresh()
    with pytest.raises(HistoryKeyDestroyedError):
        await encrypting(keys).decode(written)


async def test_a_key_is_kept_as_long_as_histories_and_the_longest_call(db: Database) -> None:
    await ring(db).refresh()
    async with db.write() as session:
        end_of_day = NOON.replace(hour=0) + DAY
        soon = end_of_day + RETENTION + LONGEST_CALL - timedelta(seconds=1)
        assert not await history_keys.destroy_old(session, RETENTION, soon)
        assert await history_keys.destroy_old(session, RETENTION, soon + timedelta(seconds=1)) == [NOON.date()]


async def test_a_call_that_lives_longer_keeps_its_keys(db: Database) -> None:
    queue = await new_queue(db, await new_agents(db, 1))
    call_id = await arrive(db, queue)
    async with db.write() as session:
        oldest = await session.scalar(select(func.min(Call.arrived_at)))
        assert oldest is not None
        wrapping = Wrapping(SECRET)
        for day in (oldest.astimezone(UTC).date() - DAY, oldest.astimezone(UTC).date()):
            await history_keys.ensure(session, day, wrapping, now())
        days = await history_keys.destroy_old(session, RETENTION, NOON)
        assert days == [oldest.astimezone(UTC).date() - DAY]
        await session.execute(delete(Call).where(Call.id == call_id))


async def test_housekeeping_destroys_what_is_older_than_what_temporal_keeps(db: Database) -> None:
    days_ago = [LONGEST_CALL + RETENTION + 2 * DAY, LONGEST_CALL + RETENTION - DAY]
    async with db.write() as session:
        for ago in days_ago:
            await history_keys.ensure(session, (now() - ago).date(), Wrapping(SECRET), now())

    async def silent() -> timedelta:
        raise RPCError("not now", RPCStatusCode.UNAVAILABLE, b"")

    async def known() -> timedelta:
        return RETENTION

    await ActivityEnvironment().run(Housekeeping(db, silent).tidy)
    assert await _left(db) == 2
    await ActivityEnvironment().run(Housekeeping(db, known).tidy)
    assert await _left(db) == 1
    async with db.read() as reader:
        query = select(AuditEntry.subject).where(AuditEntry.action == "history_keys.destroyed")
        noted = list(await reader.scalars(query))
    assert str((now() - days_ago[0]).date()) in noted


async def _left(db: Database) -> int:
    async with db.read() as session:
        return len(await history_keys.usable(session))


async def test_a_reader_that_fails_in_an_unknown_way_is_taken_up_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_ring, "_WAIT", 0.001)
    keys, failures = ring(db), [RuntimeError("a fault of ours"), RuntimeError("another")]
    refresh = keys.refresh

    async def failing() -> None:
        if failures:
            raise failures.pop()
        await refresh()

    monkeypatch.setattr(keys, "refresh", failing)
    following = asyncio.create_task(keys.follow())
    async with asyncio.timeout(5):
        await keys.ready()
    following.cancel()
    assert (await keys.for_writing()).day == NOON.date()


async def test_an_id_that_no_key_has_is_told(db: Database) -> None:
    for unknown in (b"01a2219d34657dfd8f66e240309ac608", b"rubbish"):
        with pytest.raises(HistoryKeyUnknownError):
            await ring(db).by_id(unknown)
