"""The order of a line is said once, in domain.routing.matching. PostgreSQL finds the same one, whatever is in line."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from db.calls import arrivals
from db.core.clock import now
from db.core.engine import Database, ReadSession
from db.models import Queue as QueueRow
from db.models import WaitingCall as WaitingCallRow
from db.routing import candidates, line
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.queues.queue import Queue
from domain.routing import matching
from domain.routing.matching import Rules, WaitingCall
from tests.db.sample import new_agents, new_queue

QUEUES = 3
CALLS = 12
LINES = 15
_MINUTE = 60.0


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


@pytest.mark.parametrize("seed", range(LINES))
async def test_the_database_serves_a_line_in_the_order_of_the_domain(db: Database, seed: int) -> None:
    chance, moment = Random(seed), now()
    [agent] = await new_agents(db, 1)
    queues = [await _queue(db, agent, chance) for _ in range(QUEUES)]
    async with db.read() as session:
        rules = {queue.queue_id: await _rules(session, queue.queue_id) for queue in queues}
    waiting = [await _wait(db, chance.choice(queues), chance, moment) for _ in range(CALLS)]
    order = matching.in_order(waiting, rules, moment)
    async with db.read() as session:
        assert await _served(session, agent, moment) == [call.call_id for call in order]
        for queue_id in rules:
            own = [call for call in waiting if call.queue_id == queue_id]
            listed = sorted(await line.listing(session, [queue_id], moment), key=lambda shown: shown.place_in_line)
            expected = [call.call_id for call in matching.in_order(own, rules, moment)]
            assert [shown.call_id for shown in listed] == expected
    async with db.write() as session:
        await session.execute(delete(WaitingCallRow).where(WaitingCallRow.queue_id.in_(rules)))


async def _served(session: ReadSession, agent: UUID, moment: datetime) -> list[str]:
    """The calls in the order in which an agent is tried with them."""
    found: list[str] = []
    while (first := await candidates.first_for(session, agent, found, moment)).calls:
        found.append(first.calls[0].call_id)
    return found


async def _queue(db: Database, agent: UUID, chance: Random) -> Queue:
    queue = await new_queue(db, [agent])
    weight, aging = chance.choice([0, 0, 1]), chance.choice([None, 30, 120])
    async with db.write() as session:
        await session.execute(
            update(QueueRow).where(QueueRow.id == queue.queue_id).values(weight=weight, aging_seconds=aging)
        )
    return queue


async def _rules(session: ReadSession, queue_id: UUID) -> Rules:
    row = await session.get_one(QueueRow, queue_id)
    return Rules(row.strategy, row.weight, row.aging_seconds, row.skill_widening_seconds)


async def _wait(db: Database, queue: Queue, chance: Random, moment: datetime) -> WaitingCall:
    """A call in line: some came together, some have a place by hand."""
    call_id = str(ids.uuid7())
    entered_at = moment - timedelta(seconds=_MINUTE * chance.randrange(5))
    priority, place = chance.choice([0, 49, 50, 50, 50, 98, 99]), chance.choice([0, 0, 0, 1, 2, -1])
    async with db.write() as session:
        arrival = Arrival(call_id, "test", "100", "555", "Caller", entered_at)
        await arrivals.enter(session, arrival, queue, entered_at)
        values = {"priority": priority, "place": place}
        await session.execute(update(WaitingCallRow).where(WaitingCallRow.call_id == call_id).values(**values))
    return WaitingCall(call_id, queue.queue_id, place, entered_at, priority=priority)
