"""Which nodes there are, and which of them the others cannot reach: their phones ring for their own calls only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from sqlalchemy import select

from db.core.engine import AnySession
from db.models import Node
from db.nodes.leases import IS_ALIVE, LEASE


@dataclass(frozen=True)
class KnownNode:
    """A node. `machine` is where its process runs, `sip_address` where others reach its Asterisk."""

    name: str
    is_alive: bool
    last_sign: datetime
    machine: str
    sip_address: str | None
    had_asterisk: bool

    @property
    def is_on_loopback(self) -> bool:
        """Whether only its own machine reaches it."""
        host = (self.sip_address or "").rpartition(":")[0].strip("[]")
        return bool(host) and ip_address(host).is_loopback


async def listing(session: AnySession) -> Sequence[KnownNode]:
    """Every node that there has been, by name."""
    wanted = select(
        Node.name, IS_ALIVE, Node.lease_until, Node.holder, Node.sip_address, Node.asterisk_started_at.is_not(None)
    ).order_by(Node.name)
    return [
        KnownNode(name, alive, until - LEASE, holder.partition(":")[0], sip_address, had_asterisk)
        for name, alive, until, holder, sip_address, had_asterisk in await session.execute(wanted)
    ]


def unreachable(nodes: Sequence[KnownNode]) -> Sequence[str]:
    """The living nodes whose phones the other living ones cannot ring, by name."""
    alive = [node for node in nodes if node.is_alive and node.had_asterisk]
    machines = {node.machine for node in alive}
    return [
        node.name
        for node in alive
        if len(alive) > 1 and (node.sip_address is None or (node.is_on_loopback and len(machines) > 1))
    ]


def warning(name: str) -> str:
    """What the owner of the centre is told of such a node."""
    return (
        f"The other nodes cannot ring the phones at {name}. Set EVERLINE_NODE_ADDRESS there to the address at which"
        " they reach its Asterisk, and start it again."
    )
