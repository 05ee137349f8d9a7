"""A phone is where the newest node that is alive says that it is; what a node says concerns its own rows only."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from db.calls import arrivals, calls, coming_back
from db.core.clock import now
from db.core.engine import Database
from db.desk import desk
from db.models import Event, Extension, Node
from db.nodes import nodes
from db.phones import extensions, registrations
from domain.calls import ids
from domain.calls.arrival import Arrival
from tests.db.sample import RING, arrive, new_agents, new_name, new_queue
from tests.support.registrations import ensure_node, set_phones


@dataclass
class Setting:
    """An agent with a desk phone, and two nodes that are alive."""

    db: Database
    user_id: UUID
    number: str
    one: str
    two: str

    async def tell(self, node: str, *, there: bool, anew: bool = False) -> None:
        async with self.db.write() as session:
            await registrations.put(session, self.number, node, now(), registered=there, anew=anew)

    async def is_there(self) -> bool:
        async with self.db.read() as session:
            return (await desk.phones(session, [self.user_id], now()))[self.user_id].registered

    async def expire(self, node: str) -> None:
        async with self.db.write() as session:
            past = func.clock_timestamp() - timedelta(seconds=1)
            await session.execute(update(Node).where(Node.name == node).values(lease_until=past))

    async def told(self) -> int:
        """How often the agent's page was told of the phone."""
        async with self.db.read() as session:
            query = select(func.count()).where(Event.kind == "phone.changed", Event.user_id == self.user_id)
            return await session.scalar(query) or 0


@pytest.fixture
async def setting(database: str) -> AsyncIterator[Setting]:
    db = Database(database, pool_size=2)
    [agent] = await new_agents(db, 1)
    one, two = new_name("one"), new_name("two")
    async with db.write() as session:
        await set_phones(session, Extension.user_id == agent, there=False)
        for node in (one, two):
            await ensure_node(session, node)
        number = await session.scalar(select(Extension.number).where(Extension.user_id == agent))
    assert number is not None
    yield Setting(db, agent, number, one, two)
    await db.close()


async def test_a_phone_that_one_node_has_lost_is_still_at_the_other(setting: Setting) -> None:
    await setting.tell(setting.one, there=True)
    await setting.tell(setting.two, there=True)
    await setting.tell(setting.one, there=False)
    assert await setting.is_there()
    await setting.tell(setting.two, there=False)
    assert not await setting.is_there()


async def test_a_node_that_does_not_know_a_phone_says_nothing_of_the_others(setting: Setting) -> None:
    await setting.tell(setting.one, there=True)
    await setting.tell(setting.two, there=False)
    assert await setting.is_there()
    async with setting.db.read() as session:
        assert (await registrations.listing(session, setting.one))[setting.number]
        assert not (await registrations.listing(session, setting.two))[setting.number]


async def test_what_is_known_already_is_no_news(setting: Setting) -> None:
    await setting.tell(setting.one, there=True)
    told = await setting.told()
    await setting.tell(setting.one, there=True)
    assert await setting.told() == told
    await setting.tell(setting.one, there=False)
    assert await setting.told() == told + 1


async def test_a_phone_at_a_dead_node_is_not_there_and_its_agent_gets_no_calls(setting: Setting) -> None:
    await setting.tell(setting.one, there=True)
    await setting.expire(setting.one)
    assert not await setting.is_there()
    queue = await new_queue(setting.db, [setting.user_id])
    call_id = await arrive(setting.db, queue)
    async with setting.db.read() as session:
        agent = (await desk.agents(session, [setting.user_id], now()))[setting.user_id]
    assert (agent.state, agent.not_offered) == ("idle", "no_phone")
    async with setting.db.write() as session:
        await registrations.forget_node(session, setting.one, now())
    assert await setting.told() == 2
    assert call_id


async def test_who_dials_calls_at_the_node_of_the_own_phone(setting: Setting) -> None:
    async with setting.db.write() as session:
        for node in (setting.one, setting.two):
            await nodes.connected(session, node, now(), [], now())
    for node in (setting.one, setting.two):
        await setting.tell(node, there=True)
        async with setting.db.read() as session:
            assert await registrations.node_of(session, setting.user_id) == node
    # It has come back to where it was, and that it has left the other is not known yet.
    await setting.tell(setting.one, there=True, anew=True)
    async with setting.db.read() as session:
        assert await registrations.node_of(session, setting.user_id) == setting.one
    await setting.expire(setting.one)
    async with setting.db.read() as session:
        assert await registrations.node_of(session, setting.user_id) == setting.two
    await setting.expire(setting.two)


async def test_an_agent_is_rung_where_the_phone_is(setting: Setting) -> None:
    await setting.tell(setting.one, there=True)
    await setting.tell(setting.two, there=True)
    queue = await new_queue(setting.db, [setting.user_id])
    call_id, moment = str(ids.uuid7()), now()
    async with setting.db.write() as session:
        await arrivals.enter(session, Arrival(call_id, setting.one, "100", "555", "", moment), queue, moment)
        [claim], _ = await calls.search(session, call_id, queue.queue_id, 1, moment, RING, is_new=True)
        assert claim.node == setting.two
        again = await coming_back.ring_again(session, call_id, setting.user_id, 2, now())
    assert again is not None
    assert again.node == setting.two


async def test_a_phone_that_is_taken_away_is_nowhere(setting: Setting) -> None:
    await setting.tell(setting.one, there=True)
    async with setting.db.write() as session:
        await extensions.remove(session, setting.user_id, now())
    async with setting.db.read() as session:
        assert setting.number not in await registrations.listing(session, setting.one)
