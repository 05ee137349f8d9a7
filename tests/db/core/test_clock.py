"""A process on a machine whose clock is wrong counts by the database's clock, and days are those of the centre."""

import ast
import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from db.core import clock, clock_skew
from db.core.engine import TODAY, Database, ReadSession
from db.routing import claims
from everline.terminal import reading
from tests.db.sample import RING, arrive, new_agents, new_queue

CLOSE = timedelta(seconds=0.3)
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()
    clock.set_ahead(timedelta(0))


def wrong_by(monkeypatch: pytest.MonkeyPatch, difference: timedelta) -> None:
    monkeypatch.setattr(clock._Machine, "now", staticmethod(lambda: datetime.now(UTC) + difference))


@pytest.mark.parametrize("seconds", [-40, 0, 0.05, 3, 40])
async def test_the_present_is_the_databases(db: Database, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    wrong_by(monkeypatch, timedelta(seconds=seconds))
    await clock_skew.measure(db)
    assert abs(clock.now() - datetime.now(UTC)) < CLOSE
    assert abs(clock.by_database(datetime.now(UTC) + timedelta(seconds=seconds)) - datetime.now(UTC)) < CLOSE


async def test_a_claim_does_not_run_out_early_where_the_clock_is_ahead(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    await arrive(db, queue)
    await arrive(db, queue)
    wrong_by(monkeypatch, RING + timedelta(seconds=5))
    await clock_skew.measure(db)
    async with db.write() as session:
        await claims.lock(session)
        assert not await claims.match(session, [queue.queue_id], clock.now())


def test_every_process_that_opens_the_database_names_the_centres_time_zone() -> None:
    for layer in ("everline", "api", "activities"):
        for path in (ROOT / layer).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Database":
                    named = {keyword.arg for keyword in node.keywords}
                    assert "time_zone" in named, f"{path}:{node.lineno} would count days of UTC"


@pytest.mark.parametrize(("zone", "hour"), [("Pacific/Auckland", 11), ("America/Los_Angeles", 3)])
async def test_commands_count_the_days_of_the_centre(
    database: str, monkeypatch: pytest.MonkeyPatch, zone: str, hour: int, tmp_path: Path
) -> None:
    monkeypatch.setenv("EVERLINE_DATABASE_URL", database)
    monkeypatch.setenv("EVERLINE_HOME", str(tmp_path))
    monkeypatch.setenv("EVERLINE_TIME_ZONE", zone)
    moment = datetime(2026, 11, 28, hour, 30, tzinfo=UTC)

    async def day(session: ReadSession) -> date:
        found: date = (await session.execute(text(f"SELECT {TODAY}"), {"now": moment})).scalar_one()
        return found

    told = await asyncio.to_thread(reading, day)
    assert told == moment.astimezone(ZoneInfo(zone)).date()


async def test_commands_count_by_the_databases_clock(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EVERLINE_DATABASE_URL", database)
    monkeypatch.setenv("EVERLINE_HOME", str(tmp_path))
    wrong_by(monkeypatch, timedelta(seconds=40))

    async def present(_: ReadSession) -> datetime:
        return clock.now()

    try:
        assert abs(await asyncio.to_thread(reading, present) - datetime.now(UTC)) < timedelta(seconds=5)
    finally:
        clock.set_ahead(timedelta(0))
