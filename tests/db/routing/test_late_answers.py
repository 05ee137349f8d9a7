"""An agent who picks up when the claim has run out: taken again while free, and never given two calls."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from db.calls import calls, third_parties
from db.core.clock import now
from db.core.engine import Database
from db.models import Agent, Call, WaitingCall
from db.routing import claims
from domain.agents.agent import AgentState
from domain.calls.call import Purpose
from tests.db.sample import RING, arrive, new_agents, new_queue

LATE = RING + timedelta(seconds=1)
ROUNDS = 20


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=4)
    yield opened
    await opened.close()


async def test_an_agent_who_has_become_another_calls_is_not_connected(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    first, second = await arrive(db, queue), await arrive(db, queue)
    later = now() + LATE
    async with db.write() as session:
        await claims.lock(session)
        [match] = await claims.match(session, [queue.queue_id], later)
        assert (match.call_id, match.user_id) == (second, agent)
    async with db.write() as session:
        assert not await calls.is_held(session, first, agent, later)
        assert not await calls.hold(session, first, agent, 1, later)
        assert await calls.connect(session, first, agent, later, recorded=False) is None
    async with db.read() as session:
        assert (await session.get_one(Call, first)).answered_at is None
        assert (await session.get_one(Agent, agent)).call_id == second
        assert await session.get(WaitingCall, first) is not None


@pytest.mark.parametrize("tidied", [True, False])
async def test_an_agent_whom_nobody_else_has_is_taken_again(db: Database, *, tidied: bool) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    call_id = await arrive(db, queue)
    later = now() + LATE
    if tidied:
        free = {"state": AgentState.IDLE, "call_id": None, "attempt": None, "until": None}
        async with db.write() as session:
            await session.execute(update(Agent).where(Agent.user_id == agent).values(**free))
    async with db.write() as session:
        assert not await calls.is_held(session, call_id, agent, later)
        assert await calls.hold(session, call_id, agent, 1, later)
    async with db.write() as session:
        assert await calls.is_held(session, call_id, agent, later)
        assert await calls.connect(session, call_id, agent, later, recorded=False) == []
    async with db.read() as session:
        assert await session.scalar(select(Agent.state).where(Agent.user_id == agent)) == AgentState.ON_CALL


async def test_who_talks_is_not_claimed_by_a_search_that_saw_the_claim_run_out(db: Database) -> None:
    for _ in range(ROUNDS):
        [agent] = await new_agents(db, 1)
        queue = await new_queue(db, [agent])
        first, second = await arrive(db, queue), await arrive(db, queue)
        later = now() + LATE

        async def answer(call_id: str = first, user_id: object = agent) -> bool:
            async with db.write() as session:
                return await calls.connect(session, call_id, user_id, later, recorded=False) is not None  # type: ignore[arg-type]  # noqa: B023

        async def match(queue_id: object = queue.queue_id) -> bool:
            async with db.write() as session:
                await claims.lock(session)
                return bool(await claims.match(session, [queue_id], later))  # type: ignore[list-item]  # noqa: B023

        answered, claimed = await asyncio.gather(answer(), match())
        assert answered is not claimed
        async with db.read() as session:
            row = await session.get_one(Agent, agent)
        assert row.call_id == (first if answered else second)


async def test_a_guest_who_has_become_another_calls_is_not_taken(db: Database) -> None:
    agent, boss = await new_agents(db, 2)
    queue, other = await new_queue(db, [agent]), await new_queue(db, [boss])
    call_id = await arrive(db, queue)
    async with db.write() as session:
        await calls.connect(session, call_id, agent, now(), recorded=False)
        wanted = third_parties.Wanted(call_id, 2, Purpose.TRANSFER, boss, None, "US")
        assert (await third_parties.reach(session, wanted, now(), RING)).refusal is None
    later = now() + LATE
    waiting = await arrive(db, other)
    async with db.write() as session:
        await claims.lock(session)
        assert [match.call_id for match in await claims.match(session, [other.queue_id], later)] == [waiting]
    async with db.write() as session:
        assert not await calls.is_held(session, call_id, boss, later)
        assert not await calls.hold(session, call_id, boss, 2, later)
