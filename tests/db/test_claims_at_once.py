"""Two hundred calls and fifty agents claimed from sixteen connections at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from db import calls, cdrs, door
from db.clock import now
from db.engine import Database
from db.models import Agent, Cdr, WaitingCall
from domain import ids
from domain.agent import AgentState
from domain.arrival import Arrival
from domain.call import Disposition, Party
from domain.queue import Queue
from domain.routing import Match
from tests.db.sample import new_agents, new_queue

CALLS, AGENTS, CONNECTIONS = 200, 50, 16
RING = timedelta(seconds=20)


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=CONNECTIONS)
    yield opened
    await opened.close()


async def test_no_agent_is_claimed_twice_and_no_pair_is_left(db: Database) -> None:
    agents = await new_agents(db, AGENTS)
    queues = [await new_queue(db, agents[::2]), await new_queue(db, agents[1::2]), await new_queue(db, agents)]
    talking: Counter[UUID] = Counter()

    async def talk(match: Match) -> list[Match]:
        talking[match.user_id] += 1
        assert talking[match.user_id] == 1, "an agent talks on two calls"
        async with db.write() as session:
            await calls.connect(session, match.call_id, match.user_id, now(), recorded=False)
        ending = cdrs.Ending(match.call_id, Disposition.ANSWERED, Party.CUSTOMER, 16, now())
        talking[match.user_id] -= 1
        async with db.write() as session:
            await cdrs.end(session, ending, None, timedelta(0))
            return await cdrs.complete(session, match.call_id, now())

    async def serve(matches: list[Match]) -> None:
        for match in matches:
            await serve(await talk(match))

    async def arrive(queue: Queue) -> None:
        arrival = Arrival(f"at-once-{ids.uuid7()}", "test", "100", "555", "Caller", now())
        async with db.write() as session:
            await door.enter(session, arrival, queue, now())
            _, matches = await calls.search(session, arrival.call_id, queue.queue_id, 1, now(), RING, is_new=True)
        await serve(list(matches))

    await asyncio.gather(*(arrive(queues[number % 3]) for number in range(CALLS)))
    async with db.read() as session:
        states = Counter(await session.scalars(select(Agent.state).where(Agent.user_id.in_(agents))))
        of_queues = [queue.queue_id for queue in queues]
        left = await session.scalar(
            select(func.count()).select_from(WaitingCall).where(WaitingCall.queue_id.in_(of_queues))
        )
        served = await session.scalar(select(func.count()).select_from(Cdr).where(Cdr.queue_id.in_(of_queues)))
    assert (left, served, states) == (0, CALLS, {AgentState.IDLE: AGENTS})
