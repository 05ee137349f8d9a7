"""Green means reachable: who gets no calls of queues is not counted as free, and the desk and the floor say why."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from db.agents import attendance, colleagues, pauses
from db.core.clock import now
from db.core.engine import Database
from db.desk import desk, floor
from db.models import Extension
from db.phones import extensions
from db.queues import admission
from db.routing import claims
from db.routing.availability import AWAY_FOR_A_MOMENT, PORTAL_SILENCE
from domain.agents.agent import AgentState, ExtensionKind, NotOffered
from tests.db.sample import arrive, new_agents, new_queue
from tests.support.registrations import put_phone, set_phones


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


async def new_web_agent(db: Database) -> UUID:
    """An agent at a browser whose page and phone are there."""
    [agent] = await new_agents(db, 1)
    async with db.write() as session:
        await session.execute(update(Extension).where(Extension.user_id == agent).values(kind=ExtensionKind.WEB))
        await attendance.seen(session, [agent], now())
    return agent


async def told(db: Database, agent: UUID) -> NotOffered | None:
    """What desk and floor say of it, which is the same."""
    async with db.read() as session:
        opening = await desk.opening(session, agent, now())
        [row] = await floor.listing(session, now(), [agent])
    assert opening is not None
    assert opening.agent.not_offered == row.not_offered
    return row.not_offered


async def test_an_agent_without_a_microphone_gets_no_calls_until_there_is_one(db: Database) -> None:
    agent, [asker] = await new_web_agent(db), await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    assert await told(db, agent) is None
    async with db.write() as session:
        assert await attendance.tell_microphone(session, agent, usable=False, now=now()) == []
    call = await arrive(db, queue)
    async with db.write() as session:
        await claims.lock(session)
        assert await claims.match(session, [queue.queue_id], now()) == []
        [found] = [one for one in await colleagues.listing(session, asker, now()) if one.user_id == agent]
    assert not found.available
    assert await told(db, agent) is NotOffered.NO_MICROPHONE
    async with db.write() as session:
        [match] = await attendance.tell_microphone(session, agent, usable=True, now=now())
    assert (match.call_id, match.user_id) == (call, agent)


async def test_a_queue_has_somebody_there_only_with_a_phone_and_a_microphone_but_for_a_moment(db: Database) -> None:
    agent = await new_web_agent(db)
    queue = (await new_queue(db, [agent])).queue_id
    later = now() + AWAY_FOR_A_MOMENT + timedelta(seconds=1)

    async def is_there(at: datetime) -> bool:
        # The page goes on telling that it is there.
        async with db.write() as session:
            await attendance.seen(session, [agent], at)
        async with db.read() as session:
            return await admission.is_anybody_there(session, queue, at)

    assert await is_there(later)
    async with db.write() as session:
        await attendance.tell_microphone(session, agent, usable=False, now=now())
    assert await is_there(now())
    assert not await is_there(later)
    async with db.write() as session:
        await attendance.tell_microphone(session, agent, usable=True, now=now())
        number = await session.scalar(select(Extension.number).where(Extension.user_id == agent))
        assert number is not None
        await put_phone(session, number, now(), there=False)
    assert await is_there(now())
    assert not await is_there(later)
    async with db.write() as session:
        await put_phone(session, number, now())
        await pauses.pause(session, agent, queue, None, now())
    assert await is_there(later)
    async with db.read() as reading:
        silent = later + PORTAL_SILENCE + AWAY_FOR_A_MOMENT
        assert not await admission.is_anybody_there(reading, queue, silent)


async def test_a_new_log_in_has_a_microphone_until_its_page_says_otherwise(db: Database) -> None:
    agent = await new_web_agent(db)
    await new_queue(db, [agent])
    async with db.write() as session:
        await attendance.tell_microphone(session, agent, usable=False, now=now())
    assert await told(db, agent) is NotOffered.NO_MICROPHONE
    async with db.write() as session:
        await extensions.renew_web_digest(session, agent)
    assert await told(db, agent) is None


async def test_without_a_queue_that_is_not_paused_an_agent_is_not_free(db: Database) -> None:
    agent = await new_web_agent(db)
    assert await told(db, agent) is NotOffered.NO_QUEUE
    queue, other = [(await new_queue(db, [agent])).queue_id for _ in range(2)]
    async with db.write() as session:
        await pauses.pause(session, agent, queue, None, now())
    assert await told(db, agent) is None
    async with db.write() as session:
        [row] = await floor.listing(session, now(), [agent])
        assert (row.serves, [one.queue_id for one in row.pauses]) == ((other,), [queue])
        await pauses.pause(session, agent, other, None, now())
    assert await told(db, agent) is NotOffered.PAUSED_EVERYWHERE


async def test_who_is_gone_is_not_free_and_who_is_busy_is_told_nothing(db: Database) -> None:
    agent = await new_web_agent(db)
    await new_queue(db, [agent])
    async with db.write() as session:
        await set_phones(session, Extension.user_id == agent, there=False)
    assert await told(db, agent) is NotOffered.NO_PHONE
    async with db.write() as session:
        await attendance.change(session, agent, AgentState.PAUSED, now(), None)
    assert await told(db, agent) is None
