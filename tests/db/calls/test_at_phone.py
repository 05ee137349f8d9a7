"""Who may dial on a desk phone, and what the same agent is offered meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from db.accounts import accounts
from db.calls import arrivals, at_phone, calls, cdrs
from db.core.clock import now
from db.core.engine import Database
from db.models import Agent, Call, Extension, Trunk
from db.trunks import trunks
from domain.agents.agent import AgentState, ExtensionKind
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import Disposition, Party
from domain.dialling_rules.dial_limits import USUAL
from domain.dialling_rules.refusal import DialRefusal
from tests.db.sample import new_agents, new_name, new_queue

NUMBER = "+12025550147"
ROUNDS = 12
RING = timedelta(seconds=20)


class _Undone(Exception):
    """Takes a transaction back."""


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=4)
    line = trunks.TrunkLine("at-phone", "127.0.0.9", "127.0.0.9")
    async with opened.write() as session:
        await trunks.add(session, line)
    yield opened
    async with opened.write() as session:
        await trunks.remove(session, line.name, now())
    await opened.close()


async def extension_of(db: Database, user_id: UUID) -> str:
    async with db.read() as session:
        return str(await session.scalar(select(Extension.number).where(Extension.user_id == user_id)))


def dialled(extension: str) -> Arrival:
    return Arrival(ids.dialled_on(f"test-{ids.uuid7()}"), "test", "", "2025550147", "", now(), dialled_on=extension)


async def enter(db: Database, arrival: Arrival, region: str = "US") -> at_phone.Taken:
    assert arrival.dialled_on is not None
    async with db.write() as session:
        return await at_phone.enter(session, arrival, arrival.dialled_on, region, now())


async def end(db: Database, call_id: str) -> None:
    ending = cdrs.Ending(call_id, Disposition.UNANSWERED, Party.AGENT, 16, now())
    async with db.write() as session:
        await cdrs.end(session, ending, timedelta(0))
        await cdrs.complete(session, call_id, now())


async def test_a_repeated_step_finds_the_same_call_and_one_that_is_over_is_not_begun_again(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    arrival = dialled(await extension_of(db, agent))
    taken = await enter(db, arrival)
    assert (taken.user_id, taken.number, taken.refusal) == (agent, NUMBER, None)
    assert await enter(db, arrival) == taken
    # Also when the number could no longer be called, for the customer may have been dialled.
    assert await enter(db, arrival, "GB") == taken
    await end(db, arrival.call_id)
    assert await enter(db, arrival) == at_phone.Taken()
    async with db.read() as session:
        assert await session.scalar(select(Agent.state).where(Agent.user_id == agent)) == AgentState.IDLE
        assert await session.scalar(select(func.count()).where(Call.id == arrival.call_id)) == 0


async def test_an_agent_is_offered_a_queues_call_or_dials_and_never_both(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    queue, extension = await new_queue(db, [agent]), await extension_of(db, agent)

    async def queue_call(call_id: str) -> bool:
        arrival = Arrival(call_id, "test", "100", "555", "Caller", now())
        async with db.write() as session:
            await arrivals.enter(session, arrival, queue, now())
            claims, _ = await calls.search(session, call_id, queue.queue_id, 1, now(), RING, is_new=True)
        return bool(claims)

    async def one_round(number: int) -> bool:
        waiting, arrival = f"raced-{ids.uuid7()}", dialled(extension)
        # By turns, so that either is often the first.
        tries = (queue_call(waiting), enter(db, arrival))
        if number % 2:
            taken, rung = await asyncio.gather(tries[1], tries[0])
        else:
            rung, taken = await asyncio.gather(*tries)
        assert rung is not (taken.user_id is not None), "both or neither got the agent"
        if not rung:
            assert taken.refusal is None
            await end(db, arrival.call_id)
        else:
            assert taken.refusal is DialRefusal.NOT_NOW
        await end(db, waiting)
        return rung

    rung = [await one_round(number) for number in range(ROUNDS)]
    # Each won at times, or nothing was raced for.
    assert {True, False} == set(rung)


async def test_more_calls_than_the_most_a_minute_are_refused(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    extension = await extension_of(db, agent)
    for _ in range(USUAL.a_minute):
        arrival = dialled(extension)
        assert (await enter(db, arrival)).refusal is None
        await end(db, arrival.call_id)
    assert (await enter(db, dialled(extension))).refusal is DialRefusal.NOT_NOW
    assert "in a minute" in await told(db, agent)


async def test_only_a_known_desk_phone_dials(db: Database) -> None:
    assert (await enter(db, dialled("no-such-phone"))).refusal is DialRefusal.NOT_HERE
    request = accounts.AccountRequest(new_name("Web"), kind=ExtensionKind.WEB)
    async with db.write() as session:
        made = await accounts.create(session, request, now())
    assert (await enter(db, dialled(made.extension))).refusal is DialRefusal.NOT_HERE
    assert "dial pad of the page" in await told(db, made.user_id)


async def test_without_a_trunk_nothing_is_dialled(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    arrival = dialled(await extension_of(db, agent))
    with suppress(_Undone):
        async with db.write() as session:
            await session.execute(update(Trunk).values(removed_at=now()))
            taken = await at_phone.enter(session, arrival, str(arrival.dialled_on), "US", now())
            raise _Undone
    assert taken.refusal is DialRefusal.NO_LINE


async def told(db: Database, user_id: UUID) -> str:
    async with db.read() as session:
        return str(await session.scalar(select(Extension.refused).where(Extension.user_id == user_id)))
