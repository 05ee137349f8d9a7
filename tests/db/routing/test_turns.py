"""Turns that are easily lost: among calls ordered by hand, and among agents who become free together."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from db.calls import calls, cdrs, participants, third_parties
from db.core.clock import now
from db.core.engine import Database
from db.models import Agent
from db.models import Queue as QueueRow
from db.queues import memberships
from db.queues.memberships import Membership
from db.routing import line
from domain.calls.call import Disposition, Party, Purpose
from domain.queues.line import Move
from domain.queues.queue import Queue, Strategy
from domain.routing.matching import Match
from tests.db.sample import RING, arrive, new_agents, new_queue


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=4)
    yield opened
    await opened.close()


@pytest.mark.parametrize("move", [Move.TOP, Move.UP])
async def test_a_call_that_is_moved_again_keeps_its_place(db: Database, move: Move) -> None:
    queue = await new_queue(db, [])
    first, second = [await arrive(db, queue) for _ in range(2)]
    for _ in range(2):
        async with db.write() as session:
            await line.move(session, second, queue.queue_id, move, None, now())
    async with db.read() as session:
        assert [await line.place_of(session, call_id, now()) for call_id in (second, first)] == [1, 2]


@pytest.mark.parametrize("how", ["hung up", "missed", "answered"])
async def test_agents_who_become_free_together_serve_the_oldest_call_first(db: Database, how: str) -> None:
    # Whichever of the two agents is let go first.
    for turn in (1, -1):
        able, other, third = (await new_agents(db, 3))[::turn]
        ringing_for_all = await new_queue(db, [able, other, third])
        async with db.write() as session:
            rules = update(QueueRow).where(QueueRow.id == ringing_for_all.queue_id)
            await session.execute(rules.values(strategy=Strategy.RING_ALL))
        ringing = await arrive(db, ringing_for_all)
        older = await arrive(db, await new_queue(db, [able]))
        # This queue would rather have the agent whom the older call needs.
        preferring = await new_queue(db, [able])
        async with db.write() as session:
            await memberships.put(session, preferring.queue_id, other, Membership(penalty=1), None, now())
        younger = await arrive(db, preferring)
        matches = await let_go(db, ringing, ringing_for_all, how, [other, able], third)
        assert {(made.call_id, made.user_id) for made in matches} == {(older, able), (younger, other)}


async def let_go(  # noqa: PLR0917 - each is a different fact of the step
    db: Database, call_id: str, queue: Queue, how: str, users: Sequence[UUID], third: UUID
) -> Sequence[Match]:
    async with db.write() as session:
        match how:
            case "hung up":
                ending = cdrs.Ending(call_id, Disposition.ABANDONED, Party.CUSTOMER, 16, now())
                await cdrs.end(session, ending, timedelta(0))
                return await cdrs.complete(session, call_id, now())
            case "missed":
                return await calls.missed(session, call_id, users, queue.queue_id, now(), no_answer=True, limit=None)
            case _:
                return await calls.connect(session, call_id, third, now(), recorded=False, others=True) or []


@pytest.mark.parametrize("answers", [False, True])
async def test_who_is_brought_in_keeps_the_turn_unless_there_was_a_talk(db: Database, *, answers: bool) -> None:
    agent, colleague = await new_agents(db, 2)
    call_id = await arrive(db, await new_queue(db, [agent]))
    async with db.write() as session:
        await calls.connect(session, call_id, agent, now(), recorded=False)
    before = await turn_of(db, colleague)
    wanted = third_parties.Wanted(call_id, 2, Purpose.CONSULT, colleague, None, "DE")
    async with db.write() as session:
        await third_parties.reach(session, wanted, now(), RING)
    if answers:
        async with db.write() as session:
            await participants.take_part(session, call_id, colleague, now())
    async with db.write() as session:
        await third_parties.drop_guest(session, call_id, colleague, now(), missed=not answers)
    assert (await turn_of(db, colleague) > before) is answers


async def turn_of(db: Database, user_id: UUID) -> datetime:
    """Since when an agent waits for a call."""
    async with db.read() as session:
        return await session.scalar(select(Agent.idle_since).where(Agent.user_id == user_id)) or now()
