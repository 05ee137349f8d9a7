from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from db.calls import calls
from db.core.clock import now
from db.core.engine import Database
from db.models import Extension
from db.routing import reconcile
from db.routing.claims import CLAIM_LASTS
from tests.db.sample import RING, arrive, new_agents, new_queue
from tests.support.registrations import set_phones


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


async def phone_is_there(db: Database, user_id: UUID, *, there: bool) -> None:
    """As if nobody had been told."""
    async with db.write() as session:
        await set_phones(session, Extension.user_id == user_id, there=there)


async def matched(db: Database) -> set[tuple[str, UUID]]:
    async with db.write() as session:
        return {(made.call_id, made.user_id) for made in await reconcile.match(session, now())}


async def test_a_call_that_waits_beside_an_agent_is_found_and_matched(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    await phone_is_there(db, agent, there=False)
    call_id = await arrive(db, await new_queue(db, [agent]))
    assert (call_id, agent) not in await matched(db)
    await phone_is_there(db, agent, there=True)
    async with db.read() as session:
        assert await reconcile.has_pairs(session, now())
    assert (call_id, agent) in await matched(db)
    assert (call_id, agent) not in await matched(db)


async def test_a_call_that_does_not_confirm_its_claim_is_remembered_until_it_does(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    await phone_is_there(db, agent, there=False)
    queue = await new_queue(db, [agent])
    call_id = await arrive(db, queue)
    await phone_is_there(db, agent, there=True)
    await matched(db)
    late = now() + reconcile.CONFIRMED_WITHIN + timedelta(seconds=0.5)
    async with db.read() as session:
        assert call_id not in await reconcile.unconfirmed(session, now())
        assert call_id in await reconcile.unconfirmed(session, late)
        # Also when the claim has run out meanwhile.
        assert call_id in await reconcile.unconfirmed(session, late + CLAIM_LASTS)
    async with db.write() as session:
        await calls.search(session, call_id, queue.queue_id, 1, now(), RING)
    async with db.read() as session:
        assert call_id not in await reconcile.unconfirmed(session, late + CLAIM_LASTS)
