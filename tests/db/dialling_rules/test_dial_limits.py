import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from db.calls import manual, third_parties
from db.core.clock import now
from db.core.engine import Database
from db.dialling_rules import dial_limits
from db.dialling_rules.dial_limits import KEPT, SetLimits
from db.models import Call, OutsideDial, Participant
from db.routing import claims
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import CallRole, CallStage, Purpose
from domain.dialling_rules.dial_limits import USUAL, DialLimits
from tests.db.sample import new_agents

RING = timedelta(seconds=20)
AT_ONCE = 16


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=AT_ONCE)
    yield opened
    await opened.close()


async def limit(db: Database, user_id: UUID | None, a_minute: int | None = None, at_once: int | None = None) -> None:
    async with db.write() as session:
        await dial_limits.put(session, user_id, SetLimits(a_minute, at_once), None, now())


async def let_through(db: Database, agent: UUID) -> str | None:
    async with db.write() as session:
        return await manual.let_through(session, agent, str(ids.uuid7()), now())


async def talks(db: Database, agent: UUID) -> str:
    """A call of the agent's, which the agent has not dialled."""
    call_id, moment = f"limits-{ids.uuid7()}", now()
    async with db.write() as session:
        session.add(
            Call(
                id=call_id,
                node="test",
                type="inbound",
                stage=CallStage.CONNECTED,
                customer_number="+12025550147",
                customer_name="",
                our_number="5000",
                arrived_at=moment,
                answered_at=moment,
            )
        )
        session.add(Participant(call_id=call_id, role=CallRole.AGENT, user_id=agent, arrived_at=moment, since=moment))
    return call_id


async def consult(db: Database, call_id: str, number: str = "+12025550148") -> str | None:
    async with db.write() as session:
        wanted = third_parties.Wanted(call_id, 2, Purpose.CONSULT, None, number, "US")
        return (await third_parties.reach(session, wanted, now(), RING)).refusal


async def dialled(db: Database, agent: UUID) -> int:
    async with db.read() as session:
        wanted = select(func.count()).select_from(OutsideDial).where(OutsideDial.user_id == agent)
        return await session.scalar(wanted) or 0


async def test_requests_of_one_user_that_come_together_let_one_call_through(db: Database) -> None:
    (agent,) = await new_agents(db, 1)
    refusals = await asyncio.gather(*(let_through(db, agent) for _ in range(AT_ONCE)))
    assert refusals.count(None) == 1
    assert {refusal for refusal in refusals if refusal} == {"You are not free to call now."}


async def test_consultations_that_come_together_stay_below_the_calls_of_a_minute(db: Database) -> None:
    (agent,) = await new_agents(db, 1)
    await limit(db, agent, a_minute=5, at_once=50)
    calls = [await talks(db, agent) for _ in range(AT_ONCE)]
    refusals = await asyncio.gather(*(consult(db, call_id) for call_id in calls))
    assert refusals.count(None) == 5
    assert await dialled(db, agent) == 5
    assert all(refusal is None or "More than 5 calls in a minute" in refusal for refusal in refusals)


async def test_consultations_that_come_together_stay_below_the_calls_at_once(db: Database) -> None:
    (agent,) = await new_agents(db, 1)
    await limit(db, agent, a_minute=60, at_once=3)
    calls = [await talks(db, agent) for _ in range(AT_ONCE)]
    refusals = await asyncio.gather(*(consult(db, call_id) for call_id in calls))
    assert refusals.count(None) == 3
    assert all(refusal is None or "You have 3 calls" in refusal for refusal in refusals)


async def test_a_step_that_is_repeated_counts_once(db: Database) -> None:
    (agent,) = await new_agents(db, 1)
    await limit(db, agent, a_minute=1)
    call_id = await talks(db, agent)
    assert [await consult(db, call_id), await consult(db, call_id)] == [None, None]
    assert await dialled(db, agent) == 1


async def test_a_call_by_hand_that_was_let_through_is_begun_though_the_limit_is_reached(db: Database) -> None:
    (agent,) = await new_agents(db, 1)
    await limit(db, agent, a_minute=1)
    call_id = str(ids.uuid7())
    arrival = Arrival(call_id, "test", "", "+12025550147", "", now(), dialled_by=agent)
    async with db.write() as session:
        assert await manual.let_through(session, agent, call_id, now()) is None
    async with db.write() as session:
        assert (await manual.enter(session, arrival, now(), RING)).refusal is None
    assert await dialled(db, agent) == 1


async def test_a_call_that_is_begun_without_having_been_let_through_meets_the_limits_too(db: Database) -> None:
    (agent,) = await new_agents(db, 1)
    await limit(db, agent, a_minute=0)
    arrival = Arrival(str(ids.uuid7()), "test", "", "+12025550147", "", now(), dialled_by=agent)
    async with db.write() as session:
        assert (await manual.enter(session, arrival, now(), RING)).refusal is not None
    assert await let_through(db, agent) == "You may not call numbers outside. An administrator can allow it."


async def test_a_number_that_may_not_be_called_is_refused_before_it_counts(db: Database) -> None:
    (agent,) = await new_agents(db, 1)
    refusal = await consult(db, await talks(db, agent), "+442079460123")
    assert refusal is not None
    assert "not among the destinations" in refusal
    assert await dialled(db, agent) == 0


async def test_a_user_has_the_own_limits_then_everybodys_then_the_usual_ones(db: Database) -> None:
    (agent,) = await new_agents(db, 1)
    try:
        await limit(db, None, a_minute=7)
        await limit(db, agent, at_once=9)
        async with db.read() as session:
            assert await dial_limits.in_force(session, agent) == DialLimits(7, 9)
            assert await dial_limits.in_force(session, None) == DialLimits(7, USUAL.at_once)
    finally:
        await limit(db, None)
    await limit(db, agent)
    async with db.read() as session:
        assert await dial_limits.in_force(session, agent) == USUAL


async def test_what_was_dialled_more_than_a_day_ago_is_forgotten(db: Database) -> None:
    (agent,) = await new_agents(db, 1)
    async with db.write() as session:
        await claims.lock(session)
        assert await dial_limits.take(session, agent, str(ids.uuid7()), 0, now() - KEPT - timedelta(hours=1)) is None
        await dial_limits.prune(session, now())
    assert await dialled(db, agent) == 0
