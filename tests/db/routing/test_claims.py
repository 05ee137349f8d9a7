import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from db.accounts import accounts
from db.agents import attendance
from db.calls import arrivals, calls, cdrs
from db.core.clock import now
from db.core.engine import Database
from db.models import Agent, Cdr, Extension, QueueMember, WaitingCall
from db.models import Queue as QueueRow
from db.queues import memberships, queues
from db.recordings import recordings
from db.routing import candidates, claims
from db.routing.availability import PORTAL_SILENCE
from domain.agents.agent import AgentState, ExtensionKind
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import Disposition, Party
from domain.queues.queue import Queue, Strategy
from domain.routing.matching import Match
from tests.db.sample import new_agents, new_queue

AGENTS = 12
CALLS = 40
RING = timedelta(seconds=20)


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=16)
    yield opened
    await opened.close()


async def arrive(db: Database, queue: Queue) -> tuple[str, list[Match]]:
    """A call comes in and looks for an agent."""
    call_id = str(ids.uuid7())
    arrival = Arrival(call_id, "test", "100", "555", "Caller", now())
    async with db.write() as session:
        await arrivals.enter(session, arrival, queue, now())
        _, matches = await calls.search(session, call_id, queue.queue_id, 1, now(), RING)
        return call_id, list(matches)


async def free_one(db: Database, call_id: str, user_id: UUID) -> list[Match]:
    """The call is answered, ends, and its agent takes the next one."""
    async with db.write() as session:
        await calls.connect(session, call_id, user_id, now(), recorded=False)
    ending = cdrs.Ending(call_id, Disposition.ANSWERED, Party.CUSTOMER, 16, now())
    async with db.write() as session:
        await cdrs.end(session, ending, timedelta(0))
        return await cdrs.complete(session, call_id, now())


async def test_many_calls_at_once_never_share_an_agent(db: Database) -> None:
    agents = await new_agents(db, AGENTS)
    queue = await new_queue(db, agents)
    arrived = await asyncio.gather(*(arrive(db, queue) for _ in range(CALLS)))
    matches = [match for _, found in arrived for match in found]
    assert Counter(match.user_id for match in matches).most_common(1)[0][1] == 1
    assert len(matches) == len({match.call_id for match in matches}) == AGENTS


async def test_arrivals_and_freed_agents_at_once_leave_no_pair_unmatched(db: Database) -> None:
    agents = await new_agents(db, AGENTS)
    queue = await new_queue(db, agents)
    served: list[str] = []

    async def serve(matches: Sequence[Match]) -> None:
        for match in matches:
            served.append(match.call_id)
            await serve(await free_one(db, match.call_id, match.user_id))

    async def one() -> None:
        _, matches = await arrive(db, queue)
        await serve(matches)

    await asyncio.gather(*(one() for _ in range(CALLS)))
    assert len(served) == len(set(served)) == CALLS
    async with db.read() as session:
        states = await session.scalars(select(Agent.state).where(Agent.user_id.in_(agents)))
        assert set(states) == {AgentState.IDLE}


async def test_an_agent_of_two_queues_gets_one_call(db: Database) -> None:
    agents = await new_agents(db, 1)
    first, second = await new_queue(db, agents), await new_queue(db, agents)
    found = await asyncio.gather(arrive(db, first), arrive(db, second))
    assert sum(len(matches) for _, matches in found) == 1


async def test_a_claim_nobody_confirms_runs_out(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    first, _ = await arrive(db, queue)
    later = now() + RING + timedelta(seconds=1)
    async with db.write() as session:
        await claims.lock(session)
        await session.execute(update(WaitingCall).where(WaitingCall.call_id == first).values(offered_to=[]))
        assert [match.user_id for match in await claims.match(session, [queue.queue_id], later)] == [agent]


async def test_a_call_that_ends_lets_go_of_an_agent_claimed_for_it_and_not_yet_rung(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [])
    call_id, _ = await arrive(db, queue)
    async with db.write() as session:
        await memberships.add(session, queue.queue_id, agent)
        assert [match.call_id for match in await claims.match_agents(session, [agent], now())] == [call_id]
    ending = cdrs.Ending(call_id, Disposition.ABANDONED, Party.CUSTOMER, 16, now())
    async with db.write() as session:
        await cdrs.end(session, ending, timedelta(0))
        await cdrs.complete(session, call_id, now())
    async with db.read() as session:
        assert await session.scalar(select(Agent.state).where(Agent.user_id == agent)) == AgentState.IDLE


@pytest.mark.parametrize("state", [AgentState.ON_CALL, AgentState.WRAP_UP])
async def test_an_agent_whose_call_is_gone_is_not_stuck(db: Database, state: AgentState) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    async with db.write() as session:
        stuck = {"state": state, "call_id": "gone", "until": None}
        await session.execute(update(Agent).where(Agent.user_id == agent).values(**stuck))
    _, matches = await arrive(db, queue)
    assert [match.user_id for match in matches] == [agent]


async def test_a_silent_page_makes_a_web_agent_unreachable(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    async with db.write() as session:
        await session.execute(update(Extension).where(Extension.user_id == agent).values(kind=ExtensionKind.WEB))
        silent = now() - PORTAL_SILENCE - timedelta(seconds=1)
        await session.execute(update(Agent).where(Agent.user_id == agent).values(portal_seen_at=silent))
    _, matches = await arrive(db, queue)
    assert matches == []
    async with db.write() as session:
        assert [match.user_id for match in await attendance.returned(session, agent, now())] == [agent]


async def test_every_step_of_a_call_may_be_repeated(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    call_id, _ = await arrive(db, queue)
    arrival = Arrival(call_id, "test", "100", "555", "Caller", now())
    ending = cdrs.Ending(call_id, Disposition.ANSWERED, Party.AGENT, 16, now())
    for _ in range(2):
        async with db.write() as session:
            await arrivals.enter(session, arrival, queue, now())
            claim, matches = await calls.search(session, call_id, queue.queue_id, 1, now(), RING)
            assert ([held.user_id for held in claim], [held.attempt for held in claim], matches) == ([agent], [1], [])
    for _ in range(2):
        async with db.write() as session:
            await calls.connect(session, call_id, agent, now(), recorded=True)
    stored = recordings.StoredRecording(f"{call_id}-r1", "test", 3.0, playable=True)
    for _ in range(2):
        async with db.write() as session:
            await cdrs.end(session, ending, timedelta(seconds=5))
            await recordings.store(session, call_id, stored, now())
    for _ in range(2):
        async with db.write() as session:
            await cdrs.complete(session, call_id, now())
    async with db.read() as session:
        assert len(list(await session.scalars(select(Cdr).where(Cdr.call_id == call_id)))) == 1
        assert await session.scalar(select(Agent.state).where(Agent.user_id == agent)) == AgentState.IDLE


async def test_accounts_need_distinct_extensions(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    async with db.read() as session:
        number = await session.scalar(select(Extension.number).where(Extension.user_id == agent))
    with pytest.raises(Exception, match="Choose another"):
        async with db.write() as session:
            await accounts.create(session, accounts.AccountRequest("Somebody else", extension=number), now())


async def test_a_queue_without_members_matches_nobody(db: Database) -> None:
    queue = await new_queue(db, [])
    _, matches = await arrive(db, queue)
    assert matches == []
    async with db.read() as session:
        assert any(found.queue_id == queue.queue_id for found in await queues.listing(session))


async def test_the_calls_of_a_day_are_those_of_the_centres_day(database: str) -> None:
    # At ten in the evening in New York the day in UTC is the next one already.
    evening = datetime(2026, 11, 27, 3, tzinfo=UTC)
    there = Database(database, pool_size=2, time_zone="America/New_York")
    agents = await new_agents(there, 2)
    queue = await new_queue(there, agents)
    async with there.write() as session:
        rules = update(QueueRow).where(QueueRow.id == queue.queue_id)
        await session.execute(rules.values(strategy=Strategy.FEWEST_CALLS))
        members = update(QueueMember).where(QueueMember.queue_id == queue.queue_id)
        await session.execute(members.values(answered=5, answered_on=date(2026, 11, 27)))
        busy = members.where(QueueMember.user_id == agents[0])
        await session.execute(busy.values(answered=3, answered_on=date(2026, 11, 26)))
    call_id = str(ids.uuid7())
    async with there.write() as session:
        await arrivals.enter(session, Arrival(call_id, "test", "100", "555", "Caller", evening), queue, evening)
        line = await candidates.of_queues(session, [queue.queue_id], evening)
        # Only the first by the queue's strategy is looked at: who has taken no call today.
        assert [found.user_id for found in line.candidates] == [agents[1]]
    await there.close()
