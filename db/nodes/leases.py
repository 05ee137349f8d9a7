"""Each node has its name by a lease, which it renews by the database's clock. One whose lease has expired is dead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from db.core.engine import AnySession, WriteSession
from db.models import Node

LEASE = timedelta(seconds=20)
"""How long a node is taken for alive that says nothing: it may be started anew meanwhile, and no call is lost."""

IS_ALIVE = Node.lease_until > func.clock_timestamp()
"""Whether a node's lease has not expired."""

IS_CONNECTED = (Node.connected, IS_ALIVE)
"""Whether a node is alive and has its Asterisk."""


def living(now: str) -> str:
    """The names of the nodes that are alive at a time, as an array that a statement computes once."""
    return f"ARRAY(SELECT nodes.name FROM nodes WHERE nodes.lease_until > {now})"  # noqa: S608 - made of constants


# A process that is started anew where the one before ran has the name at once, as has any other after an orderly stop;
# else it has to wait until the lease is over.
_RENEW = text("""
    WITH before AS (
        SELECT holder, lease_until >= clock_timestamp() AS is_alive FROM nodes WHERE name = :name
    ),
    renewed AS (
        INSERT INTO nodes (name, connected, changed_at, provisioned_revision, holder, lease_until)
        VALUES (:name, false, clock_timestamp(), 0, :holder, clock_timestamp() + CAST(:lease AS interval))
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
        WHERE nodes.holder IN (excluded.holder, '') OR nodes.lease_until < clock_timestamp()
        RETURNING name
    )
    SELECT EXISTS (SELECT FROM renewed) AS held, coalesce((SELECT is_alive FROM before), false) AS was_alive,
        (SELECT holder FROM before) AS holder
""")


@dataclass(frozen=True)
class Renewal:
    """Whether the lease is ours, whether it had not expired, and who held it."""

    held: bool
    was_alive: bool
    holder: str | None


@dataclass(frozen=True)
class NodeLease:
    """A node, whether it is alive, and when it last said so."""

    name: str
    is_alive: bool
    last_sign: datetime


async def renew(session: WriteSession, name: str, holder: str) -> Renewal:
    """Holds a node's name for another while, unless a living one elsewhere has it. `holder` says where we run."""
    row = (await session.execute(_RENEW, {"name": name, "holder": holder, "lease": LEASE})).one()
    return Renewal(row.held, row.was_alive, row.holder)


async def listing(session: AnySession) -> Sequence[NodeLease]:
    """Every node that there has been, by name."""
    found = await session.execute(select(Node.name, IS_ALIVE, Node.lease_until).order_by(Node.name))
    return [NodeLease(name, alive, until - LEASE) for name, alive, until in found]
