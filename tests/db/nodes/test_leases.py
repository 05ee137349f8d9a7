"""Nodes hold their names by leases: one whose lease has expired is dead, and nobody waits for it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, update

from db.core.clock import now
from db.core.engine import Database
from db.models import Node
from db.nodes import leases, nodes, revisions
from db.nodes.leases import Renewal
from tests.db.sample import new_name

HERE, ELSEWHERE = "one:/srv/everline", "two:/srv/everline"


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


async def renew(db: Database, node: str, holder: str = HERE) -> Renewal:
    async with db.write() as session:
        return await leases.renew(session, node, holder)


async def expire(db: Database, node: str) -> None:
    async with db.write() as session:
        past = func.clock_timestamp() - timedelta(seconds=1)
        await session.execute(update(Node).where(Node.name == node).values(lease_until=past))


async def is_alive(db: Database, node: str) -> bool:
    async with db.read() as session:
        return {lease.name: lease.is_alive for lease in await leases.listing(session)}[node]


async def connect(db: Database, node: str, revision: int) -> None:
    async with db.write() as session:
        await nodes.connected(session, node, now(), [], now())
        await nodes.provisioned(session, node, revision)


async def test_a_node_is_alive_until_its_lease_expires(db: Database) -> None:
    node = new_name("node")
    assert await renew(db, node) == Renewal(held=True, was_alive=False, holder=None)
    assert await is_alive(db, node)
    assert await renew(db, node) == Renewal(held=True, was_alive=True, holder=HERE)
    await expire(db, node)
    assert not await is_alive(db, node)
    assert await renew(db, node) == Renewal(held=True, was_alive=False, holder=HERE)


async def test_two_machines_cannot_both_be_the_same_node(db: Database) -> None:
    node = new_name("node")
    await renew(db, node)
    assert await renew(db, node, ELSEWHERE) == Renewal(held=False, was_alive=True, holder=HERE)
    await expire(db, node)
    assert (await renew(db, node, ELSEWHERE)).held
    assert not (await renew(db, node)).held


async def test_a_node_that_stopped_in_an_orderly_way_may_go_on_elsewhere_at_once(db: Database) -> None:
    node = new_name("node")
    await renew(db, node)
    async with db.write() as session:
        await nodes.disconnected(session, node, now())
    assert await is_alive(db, node)
    assert (await renew(db, node, ELSEWHERE)).held
    assert not (await renew(db, node)).held
    await expire(db, node)


async def test_nobody_waits_for_a_dead_node(db: Database) -> None:
    alive, dead = new_name("node"), new_name("node")
    revision = 1_000_000_000
    for node in (alive, dead):
        await renew(db, node)
    await connect(db, alive, revision)
    await connect(db, dead, revision - 1)
    try:
        assert not await revisions.wait_provisioned(db, revision, 0.2)
        await expire(db, dead)
        assert await revisions.wait_provisioned(db, revision, 1)
    finally:
        for node in (alive, dead):
            await expire(db, node)
