"""What becomes of a call that never begins: a clear answer to its carrier, and a record."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest

from db.clock import now
from db.engine import Database
from db.models import Cdr
from domain import ids
from domain.arrival import Arrival
from everline.node.door import Door
from everline.node.intake import Intake
from telephony.asterisk import Asterisk
from telephony.causes import HangupCause


class NotedAsterisk:
    """Notes who is hung up on, and why."""

    def __init__(self) -> None:
        self.hung_up: list[tuple[str, int | None]] = []

    async def hang_up(self, channel_id: str, cause: int | None = None) -> bool:
        self.hung_up.append((channel_id, cause))
        return True


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=4)
    yield opened
    await opened.close()


def arrival() -> Arrival:
    return Arrival(str(ids.uuid7()), "test", "5000", "+4930123", "Zoë", now())


async def record(db: Database, call_id: str) -> Cdr | None:
    async with db.read() as session:
        return await session.get(Cdr, call_id)


async def test_a_call_that_is_refused_may_be_tried_another_way_and_has_a_record(db: Database) -> None:
    asterisk, intake = NotedAsterisk(), Intake(at_once=1, patience=0)
    door = Door(intake, cast("Asterisk", asterisk), db)
    inside, waiting, refused = arrival(), arrival(), arrival()
    assert await door.lets_in(inside)
    second, third = (asyncio.create_task(door.lets_in(call)) for call in (waiting, arrival()))
    await asyncio.sleep(0.01)
    intake.admitted(inside.call_id)
    assert await second
    assert not await door.lets_in(refused)
    assert asterisk.hung_up == [(refused.call_id, HangupCause.CONGESTION)]
    found = await record(db, refused.call_id)
    assert found is not None
    assert (found.disposition, found.ended_by, found.cause) == ("failed", "system", HangupCause.CONGESTION)
    assert (found.caller_number, found.caller_name, found.dialled) == ("+4930123", "Zoë", "5000")
    assert found.completed_at is not None
    assert await record(db, waiting.call_id) is None
    third.cancel()


async def test_a_caller_who_hangs_up_at_the_door_has_a_record(db: Database) -> None:
    asterisk, intake = NotedAsterisk(), Intake(at_once=1)
    door = Door(intake, cast("Asterisk", asterisk), db)
    assert await door.lets_in(arrival())
    caller = arrival()
    waiting = asyncio.create_task(door.lets_in(caller))
    await asyncio.sleep(0.01)
    door.left(caller.call_id)
    assert not await waiting
    assert asterisk.hung_up == []
    found = await record(db, caller.call_id)
    assert found is not None
    assert (found.disposition, found.ended_by, found.queue_id) == ("abandoned", "customer", None)
    assert found.ended_at >= found.arrived_at
