"""A node that was silent for too long finds out, and looks after what the others have done meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, update

from db.core.engine import Database
from db.models import Node
from everline.node.nodes import lease as leases
from everline.node.nodes.lease import Lease, NodeNameTakenError
from tests.db.sample import new_name


@pytest.fixture
async def db(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    monkeypatch.setattr(leases, "_EVERY", 0.05)
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


async def expire(db: Database, node: str) -> None:
    async with db.write() as session:
        past = func.clock_timestamp() - timedelta(seconds=1)
        await session.execute(update(Node).where(Node.name == node).values(lease_until=past))


async def test_a_node_that_was_taken_for_dead_looks_after_its_calls_and_phones(db: Database) -> None:
    looked = asyncio.Event()

    async def fail() -> None:
        raise RuntimeError("Asterisk is away")

    async def look() -> None:
        looked.set()

    lease = Lease(db, new_name("node"), "here", (fail, look))
    await lease.take()
    keeping = asyncio.create_task(lease.keep())
    try:
        await expire(db, lease.node)
        await asyncio.wait_for(looked.wait(), 5)
        assert not lease.may_judge
    finally:
        keeping.cancel()
    await expire(db, lease.node)


async def test_a_node_ends_whose_name_another_has_taken_meanwhile(db: Database) -> None:
    lease = Lease(db, new_name("node"), "here")
    await lease.take()
    await expire(db, lease.node)
    await Lease(db, lease.node, "there").take()
    with pytest.raises(NodeNameTakenError, match="there"):
        await asyncio.wait_for(lease.keep(), 5)
    await expire(db, lease.node)
