"""One process that stands still, or one large queue, does not stop the centre."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.exc import DBAPIError

from db.calls import calls, cdrs
from db.core.clock import now
from db.core.engine import Database
from db.models import Queue as QueueRow
from db.queues import queue_removal
from db.routing import claims
from domain.calls import ids
from domain.calls.call import Disposition, Party
from domain.queues.queue import Queue, Strategy
from tests.db.sample import arrive, new_agents, new_queue

MANY = 200
MOST_STATEMENTS = 12


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=4)
    yield opened
    await opened.close()


async def test_a_process_that_stops_with_the_routing_lock_stops_nobody_for_long(db: Database) -> None:
    async def stand_still() -> None:
        async with db.write() as held:
            await claims.lock(held)
            # It says nothing any more, as when it was stopped or its network is gone.
            async with db.write() as session:
                await claims.lock(session)

    async with asyncio.timeout(15):
        with pytest.raises(DBAPIError):
            await stand_still()


async def test_nobody_waits_for_the_routing_lock_for_ever(database: str, db: Database) -> None:
    hasty = Database(database, pool_size=1, lock_seconds=1.0)
    async with db.write() as held:
        await claims.lock(held)
        with pytest.raises(DBAPIError, match="lock timeout"):
            await _take_lock(hasty)
    await hasty.close()


async def _take_lock(db: Database) -> None:
    async with db.write() as session:
        await claims.lock(session)


async def test_an_error_of_the_database_shows_no_values(db: Database) -> None:
    async with db.write() as session:
        with pytest.raises(DBAPIError) as failed:
            await session.execute(text("SELECT nothing FROM agents WHERE name = :number"), {"number": "+4915112345678"})
        await session.rollback()
    assert "+4915112345678" not in str(failed.value)


class Counter:
    """Counts the statements that a database is asked."""

    def __init__(self, db: Database) -> None:
        self.statements = 0
        event.listen(db.engine.sync_engine, "before_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        self.statements += 1


_COPIES = """
    INSERT INTO users (id, agent_id, name, role, password_hash, created_at)
    SELECT made.id, 'x' || made.id, 'Copy ' || made.id, role, password_hash, created_at
    FROM users, unnest(CAST(:made AS uuid[])) AS made(id) WHERE users.id = :one;
    INSERT INTO extensions (id, number, user_id, kind, digest, revision)
    SELECT made.id, 'x' || made.id, made.id, kind, digest, revision
    FROM extensions, unnest(CAST(:made AS uuid[])) AS made(id) WHERE user_id = :one;
    INSERT INTO registrations (extension_id, node, since)
    SELECT made.id, node, since
    FROM unnest(CAST(:made AS uuid[])) AS made(id), registrations JOIN extensions ON extensions.id = extension_id
    WHERE user_id = :one;
    INSERT INTO agents (user_id, state, since, idle_since)
    SELECT made.id, state, since, idle_since
    FROM agents, unnest(CAST(:made AS uuid[])) AS made(id) WHERE user_id = :one;
    INSERT INTO queue_members (queue_id, user_id)
    SELECT :queue, made.id FROM unnest(CAST(:made AS uuid[])) AS made(id)
"""


async def ring_all(db: Database) -> tuple[str, Queue, list[UUID]]:
    """A call that rings at many."""
    [one] = await new_agents(db, 1)
    queue = await new_queue(db, [one])
    made = [ids.uuid7() for _ in range(MANY - 1)]
    async with db.write() as session:
        for statement in _COPIES.split(";"):
            await session.execute(text(statement), {"made": made, "one": one, "queue": queue.queue_id})
        rules = update(QueueRow).where(QueueRow.id == queue.queue_id)
        await session.execute(rules.values(strategy=Strategy.RING_ALL))
    return await arrive(db, queue), queue, [one, *made]


@pytest.mark.parametrize("how", ["answered", "missed", "given up"])
async def test_two_hundred_phones_that_stop_ringing_are_a_few_statements(db: Database, how: str) -> None:
    call_id, queue, agents = await ring_all(db)
    counter = Counter(db)
    async with db.write() as session:
        match how:
            case "answered":
                await calls.connect(session, call_id, agents[0], now(), recorded=False, others=True)
            case "missed":
                await calls.missed(session, call_id, agents, queue.queue_id, now(), no_answer=True, limit=3)
            case _:
                ending = cdrs.Ending(call_id, Disposition.ABANDONED, Party.CUSTOMER, 16, now())
                await cdrs.end(session, ending, timedelta(0))
                await cdrs.complete(session, call_id, now())
    assert counter.statements <= MOST_STATEMENTS


async def test_removing_a_queue_looks_through_no_history(db: Database) -> None:
    queue = await new_queue(db, [])
    async with db.write() as session:
        hangs = await session.scalars(
            text("""
                SELECT conrelid::regclass::text FROM pg_constraint
                WHERE contype = 'f' AND confrelid = 'queues'::regclass AND NOT EXISTS (
                    SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1])
            """)
        )
        # What refers to queues without an index is short by nature.
        assert set(hangs) <= {"calls", "menus", "menu_options", "queue_exits", "wrap_up_codes"}
        await queue_removal.remove(session, queue.queue_id, None, now())
