"""Ends the calls of nodes that are dead, and takes over what can go on without them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from activities.calls.node import Node
from db.calls import orphans
from db.core.clock import now
from db.nodes import leases
from db.nodes.leases import NodeLease
from db.phones import registrations
from everline.node.calls.callback_take_over import CallbackTakeOver
from everline.node.calls.orphan_ending import OrphanEnding, Trouble
from everline.node.keeping import keep_looking
from everline.node.nodes.lease import Lease
from telephony.peer import peer_of

log = structlog.get_logger(__name__)

_EVERY = 4.0
"""Seconds between two looks."""


@dataclass(frozen=True)
class DeadNodes:
    """The first of the living nodes does it for all. Each call is dealt with once, for its row goes, or is ours."""

    node: Node
    lease: Lease
    ending: OrphanEnding
    callbacks: CallbackTakeOver
    give_up: Callable[[str], Awaitable[object]]
    """Ends a leg that is lost, by its channel."""
    _phones_gone: set[NodeLease] = field(default_factory=set)
    """Dead nodes whose phones are known to be gone."""
    _legs_ended: set[NodeLease] = field(default_factory=set)
    """Dead nodes with which this node's Asterisk has no leg any more."""

    async def keep(self) -> None:
        """Looks for ever."""
        await keep_looking(self.look, _EVERY, "dead nodes not looked at")

    async def look(self) -> None:
        """Looks once."""
        async with self.node.database.read() as session:
            known = await leases.listing(session)
        if not self.lease.may_judge:
            return
        await self._end_legs_to({lease for lease in known if not lease.is_alive})
        alive = [lease.name for lease in known if lease.is_alive]
        if not alive or alive[0] != self.node.name:
            return
        for lease in known:
            if not lease.is_alive:
                await self._end_calls(lease)

    async def _end_legs_to(self, dead: set[NodeLease]) -> None:
        """Ends what this node's Asterisk has with nodes that have just died: no goodbye comes from there."""
        names = {lease.name for lease in dead - self._legs_ended}
        if names:
            legs = [leg for leg in await self.node.asterisk.channels() if peer_of(leg.endpoint) in names]
            await asyncio.gather(*(self.give_up(leg.id) for leg in legs))
        self._legs_ended.clear()
        self._legs_ended.update(dead)

    async def _end_calls(self, dead: NodeLease) -> None:
        async with self.node.database.read() as session:
            calls = await orphans.old(session, dead.name, now())
        if dead not in self._phones_gone:
            async with self.node.database.write() as session:
                await registrations.forget_node(session, dead.name, dead.last_sign + leases.LEASE)
            self._phones_gone.add(dead)
        if calls:
            log.error("a node is dead, its calls are ended", node=dead.name, calls=len(calls))
        for call_id in calls:
            try:
                if not await self.callbacks.take(call_id):
                    await self.ending.end(call_id, Trouble.NODE_DEAD, dead.last_sign)
            except Exception:
                # One call about which nothing can be done must not keep the others from their end.
                log.exception("call of a dead node not ended", call_id=call_id)
