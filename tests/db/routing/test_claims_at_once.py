"""Two hundred calls and fifty agents claimed from sixteen connections at once, watched from a seventeenth."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from db.agents import attendance
from db.calls import arrivals, calls, cdrs
from db.core.clock import now
from db.core.engine import Database, WriteSession
from db.models import Agent, Cdr, WaitingCall
from db.routing import claims as routing
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import Disposition, Party
from domain.queues.queue import Queue
from domain.routing.matching import Match
from tests.db.sample import new_agents, new_queue

CALLS, AGENTS, CONNECTIONS = 200, 50, 16
RING = timedelta(seconds=20)
# In words of its own: a call in line, and beside it an idle agent of its queue.
_WAITS_FOR_LOCK = text("""
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())
""")
_PAIRS = text("""
    SELECT waiting_calls.call_id, agents.user_id
    FROM waiting_calls JOIN queue_members USING (queue_id) JOIN agents USING (user_id)
    WHERE agents.state = 'idle' AND cardinality(waiting_calls.offered_to) = 0 AND agents.user_id = ANY(:agents)
""")


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=CONNECTIONS + 1)
    yield opened
    await opened.close()


@dataclass
class Rush:
    """Calls that come, find an agent, are talked on and end, all at once; some callers do not wait."""

    db: Database
    agents: Sequence[UUID]
    connections: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS))
    talking: Counter[UUID] = field(default_factory=Counter)
    pairs: set[tuple[str, UUID]] = field(default_factory=set)
    """Whoever was seen waiting beside an idle agent, in any state that the database ever showed."""
    looks: int = 0

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watch.cancel()
            await asyncio.wait([watch])
        if not watch.cancelled():
            watch.result()

    async def _watch(self) -> None:
        while True:
            async with self.db.read() as session:
                found = await session.execute(_PAIRS, {"agents": list(self.agents)})
                self.pairs |= {(call_id, user_id) for call_id, user_id in found}
            self.looks += 1

    async def arrive(self, queue: Queue, *, patient: bool = True) -> None:
        arrival = Arrival(f"at-once-{ids.uuid7()}", "test", "100", "555", "Caller", now())
        async with self.connections, self.db.write() as session:
            await arrivals.enter(session, arrival, queue, now())
            claims, matches = await calls.search(session, arrival.call_id, queue.queue_id, 1, now(), RING, is_new=True)
        if not patient and not claims:
            await self.serve(await self._end(arrival.call_id, Disposition.ABANDONED))
        await self.serve(matches)

    async def serve(self, matches: Sequence[Match]) -> None:
        for match in matches:
            await self.serve(await self.talk(match))

    async def talk(self, match: Match) -> list[Match]:
        self.talking[match.user_id] += 1
        assert self.talking[match.user_id] == 1, "an agent talks on two calls"
        async with self.connections, self.db.write() as session:
            await calls.connect(session, match.call_id, match.user_id, now(), recorded=False)
        self.talking[match.user_id] -= 1
        return await self._end(match.call_id, Disposition.ANSWERED)

    async def _end(self, call_id: str, disposition: Disposition) -> list[Match]:
        ending = cdrs.Ending(call_id, disposition, Party.CUSTOMER, 16, now())
        async with self.connections, self.db.write() as session:
            await cdrs.end(session, ending, timedelta(0))
            return await cdrs.complete(session, call_id, now())


async def _queues(db: Database, agents: Sequence[UUID]) -> Sequence[Queue]:
    return [await new_queue(db, agents[::2]), await new_queue(db, agents[1::2]), await new_queue(db, agents)]


async def _left(db: Database, queues: Sequence[Queue]) -> tuple[int | None, int | None]:
    of_queues = [queue.queue_id for queue in queues]
    async with db.read() as session:
        waiting = select(func.count()).select_from(WaitingCall).where(WaitingCall.queue_id.in_(of_queues))
        ended = select(func.count()).select_from(Cdr).where(Cdr.queue_id.in_(of_queues))
        return await session.scalar(waiting), await session.scalar(ended)


async def _states(db: Database, agents: Sequence[UUID]) -> Counter[str]:
    async with db.read() as session:
        return Counter(await session.scalars(select(Agent.state).where(Agent.user_id.in_(agents))))


async def test_no_agent_is_claimed_twice_and_no_call_is_ever_seen_beside_an_idle_agent(db: Database) -> None:
    agents = await new_agents(db, AGENTS)
    queues = await _queues(db, agents)
    rush = Rush(db, agents)
    async with rush.watched():
        await asyncio.gather(*(rush.arrive(queues[number % 3]) for number in range(CALLS)))
    assert await _left(db, queues) == (0, CALLS)
    assert await _states(db, agents) == {AgentState.IDLE: AGENTS}
    assert rush.looks > 20
    assert rush.pairs == set()


async def test_callers_who_hang_up_while_agents_are_claimed_block_nobody(db: Database) -> None:
    agents = await new_agents(db, 3)
    queues = await _queues(db, agents)
    rush = Rush(db, agents)
    async with rush.watched():
        arrivals = (rush.arrive(queues[number % 3], patient=number % 2 == 0) for number in range(CALLS))
        await asyncio.gather(*arrivals)
    assert await _left(db, queues) == (0, CALLS)
    assert await _states(db, agents) == {AgentState.IDLE: 3}
    assert rush.pairs == set()


async def _hang_up(session: WriteSession, call_id: str) -> None:
    await cdrs.end(session, cdrs.Ending(call_id, Disposition.ABANDONED, Party.CUSTOMER, 16, now()), timedelta(0))
    await cdrs.complete(session, call_id, now())


async def _look_again(session: WriteSession, call_id: str) -> None:
    await calls.forgive(session, call_id)
    await routing.lock(session)


@pytest.mark.parametrize(("act", "left"), [(_hang_up, (0, 1)), (_look_again, (1, 0))])
async def test_what_a_call_does_in_the_middle_of_a_claim_for_it_waits(
    db: Database, act: Callable[[WriteSession, str], Awaitable[None]], left: tuple[int, int]
) -> None:
    (agent,) = await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    async with db.write() as session:
        await attendance.change(session, agent, AgentState.PAUSED, now(), "Break")
    arrival = Arrival(f"in-the-middle-{ids.uuid7()}", "test", "100", "555", "Caller", now())
    async with db.write() as session:
        await arrivals.enter(session, arrival, queue, now())

    async def meanwhile() -> None:
        async with db.write() as session:
            await act(session, arrival.call_id)

    async with db.write() as claiming:
        await routing.lock(claiming)
        acting = asyncio.create_task(meanwhile())
        async with asyncio.timeout(10), db.read() as looking:
            while not await looking.scalar(_WAITS_FOR_LOCK):  # noqa: ASYNC110  # Locks tell nobody.
                await asyncio.sleep(0.02)
        matches = await attendance.change(claiming, agent, AgentState.IDLE, now(), None)
    await acting
    assert [match.call_id for match in matches] == [arrival.call_id]
    assert await _left(db, [queue]) == left
