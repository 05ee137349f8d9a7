"""Which nodes there are, and what to do about one that the others cannot reach."""

import asyncio

from sqlalchemy import delete

from db.core.clock import now
from db.core.engine import Database
from db.models import Node
from db.nodes import nodes
from everline.node.nodes.lease import Lease
from everline.node_addresses import warnings
from tests.commands.conftest import Command
from tests.db.sample import new_name


async def test_a_node_without_an_address_is_named(database: str, command: Command) -> None:
    db = Database(database)
    lacking, other = Lease(db, new_name("lacks"), "here:/a"), Lease(db, new_name("other"), "there:/b")
    for lease, address in ((lacking, None), (other, "192.0.2.1:5060")):
        await lease.take()
        async with db.write() as session:
            await nodes.connected(session, lease.node, now(), (), now(), address)
    told, told_at_start = (await asyncio.to_thread(command, "nodes")).text, await warnings(database, "UTC")
    async with db.write() as session:
        await session.execute(delete(Node).where(Node.name.in_([lacking.node, other.node])))
    await db.close()
    [words] = [words for words in told_at_start if lacking.node in words]
    assert words in told
    assert "Set EVERLINE_NODE_ADDRESS" in words
    assert f"phones at {other.node}." not in told
    assert "192.0.2.1:5060" in told
