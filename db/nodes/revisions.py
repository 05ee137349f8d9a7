"""The order in which changes of extensions and trunks reach Asterisk.

A node pushes what is newer than the revision it has. Revisions therefore have to become visible in order: whoever takes
one holds a lock until its transaction ends, so that a lower revision never commits after a higher one was read.
"""

import asyncio

from sqlalchemy import func, select

from db.core.engine import Database, WriteSession
from db.models import Node
from db.models.extension import PROVISIONING_REVISION
from db.nodes.leases import IS_CONNECTED

PROVISIONING_CHANNEL = "everline_provisioning"
"""Told when there is something to push to Asterisk. The payload is empty."""

PROVISIONED_CHANNEL = "everline_provisioned"
"""Told when a node has pushed something. The payload is empty."""

_LOCK = 0x45565052
_POLL_SECONDS = 0.05


async def hold(session: WriteSession) -> None:
    """Keeps others from changing extensions and trunks until the transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


async def next_revision(session: WriteSession) -> int:
    """The revision of a change; the nodes hear of it when the transaction commits."""
    await hold(session)
    revision: int | None = await session.scalar(select(PROVISIONING_REVISION.next_value()))
    await session.execute(select(func.pg_notify(PROVISIONING_CHANNEL, "")))
    assert revision is not None
    return revision


async def wait_provisioned(database: Database, revision: int, timeout: float) -> bool:  # noqa: ASYNC109
    """Waits until every living node that has its Asterisk has pushed `revision`.

    False when that took longer than `timeout` seconds, or at once when there is no such node.
    """
    try:
        async with asyncio.timeout(timeout):
            while True:
                behind = await _lowest(database)
                if behind is None:
                    return False
                if behind >= revision:
                    return True
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError:
        return False


async def _lowest(database: Database) -> int | None:
    async with database.read() as session:
        return await session.scalar(select(func.min(Node.provisioned_revision)).where(*IS_CONNECTED))
