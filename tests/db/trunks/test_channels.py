"""The channels of trunks: what is on the line is counted, and no two nodes take the last one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from db.calls import arrivals
from db.core.clock import now
from db.core.engine import Database
from db.models import Call
from db.trunks import channels, trunks
from db.trunks.channels import Channel
from db.trunks.trunks import TrunkLine
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import CallStage

TRUNK = "two-at-once"
Enter = Callable[..., Awaitable[str]]


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=8)
    async with opened.write() as session:
        await trunks.add(session, TrunkLine(TRUNK, "192.0.2.9", "192.0.2.9", max_channels=2))
    yield opened
    async with opened.write() as session:
        await trunks.remove(session, TRUNK, now())
    await opened.close()


@pytest.fixture
async def enter(db: Database) -> AsyncIterator[Enter]:
    made: list[str] = []

    async def enter(trunk: str = "") -> str:
        made.append(str(ids.uuid7()))
        arrival = Arrival(made[-1], "test", "100", "+12025550147", "", now() - timedelta(seconds=1), trunk=trunk)
        async with db.write() as session:
            await arrivals.enter(session, arrival, None, now())
        return made[-1]

    yield enter
    async with db.write() as session:
        await session.execute(delete(Call).where(Call.id.in_(made)))


async def takes(db: Database, call_id: str, *, is_guest: bool = False) -> bool:
    async with db.write() as session:
        return await channels.take(session, Channel(TRUNK, call_id, is_guest))


async def test_customers_third_parties_and_callers_count_and_wrap_up_does_not(db: Database, enter: Enter) -> None:
    first, second, third = await enter(TRUNK), await enter(), await enter()
    assert await takes(db, second)
    assert await takes(db, second), "the same leg is taken once"
    assert not await takes(db, second, is_guest=True)
    assert not await takes(db, third)
    async with db.write() as session:
        await session.execute(update(Call).where(Call.id == first).values(stage=CallStage.WRAP_UP))
    assert await takes(db, third, is_guest=True)


async def test_the_last_channel_is_taken_once_whoever_asks_at_the_same_time(db: Database, enter: Enter) -> None:
    calls = [await enter() for _ in range(6)]
    taken = await asyncio.gather(*(takes(db, call_id) for call_id in calls))
    assert sorted(taken) == [False] * 4 + [True] * 2


@pytest.mark.parametrize("limits_inbound", [False, True])
async def test_who_calls_us_is_refused_only_where_the_limit_is_for_them_too(
    db: Database, enter: Enter, limits_inbound: bool
) -> None:
    async with db.write() as session:
        line = TrunkLine(TRUNK, "192.0.2.9", "192.0.2.9", max_channels=1, limits_inbound=limits_inbound)
        await trunks.put(session, line)
    await enter(TRUNK)
    async with db.write() as session:
        assert await channels.lets_in(session, Channel(TRUNK, "another")) is not limits_inbound
