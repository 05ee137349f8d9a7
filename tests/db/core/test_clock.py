"""A process on a machine whose clock is wrong counts by the database's clock."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from db.core import clock, clock_skew
from db.core.engine import Database
from db.routing import claims
from tests.db.sample import RING, arrive, new_agents, new_queue

CLOSE = timedelta(seconds=0.3)


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
