"""Ends the calls of nodes that are dead, and takes over what can go on without them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from activities.calls.node import Node
from activities.calls.wake import wake
from db.callbacks import take_over
from db.calls import orphans
from db.core.clock import now
from db.nodes import leases
from db.nodes.leases import NodeLease
from db.phones import registrations
from domain.calls import ids
from domain.calls.arrival import Arrival
from everline.node.calls.orphan_ending import OrphanEnding, Trouble
from everline.node.nodes.lease import Lease
from telephony.peer import peer_of
from workflows.calls.workflow import CallWorkflow, task_queue
from workflows.core import timeouts

log = structlog.get_logger(__name__)

_EVERY = 4.0
"""Seconds between two looks."""


@dataclass(frozen=True)
class DeadNodes:
    """The first of the living nodes does it for all. Each call is dealt with once, for its row goes, or is ours."""

    node: Node
    lease: Lease
    ending: OrphanEnding
    give_up: Callable[[str], Awaitable[object]]
    """Ends a leg that is lost, by its channel."""
    _phones_gone: set[NodeLease] = field(default_factory=set)
    """Dead nodes whose phones are known to be gone."""
    _legs_ended: set[NodeLease] = field(default_factory=set)
    """Dead nodes with which this node's Asterisk has no leg any more."""

    async def keep(self) -> None:
        """Looks for ever."""
        while True:
            await asyncio.sleep(_EVERY)
            try:
                await self.look()
            except Exception:
                # The database or Temporal is away: the next look finds the same.
                log.exception("dead nodes not looked at")

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
                if not await self._take_over(call_id):
                    await self.ending.end(call_id, Trouble.NODE_DEAD, dead.last_sign)
            except Exception:
                # One call about which nothing can be done must not keep the others from their end.
                log.exception("call of a dead node not ended", call_id=call_id)

    async def _take_over(self, call_id: str) -> bool:
        """Brings a callback whose customer is on no line to this node, where it waits on. False for any other call."""
        if not ids.is_callback(call_id):
            return False
        async with self.node.database.write() as session:
            taken = await take_over.take(session, call_id, self.node.name, now())
        if taken is None:
            return False
        await self._start(taken.arrival)
        await wake(self.node.client, taken.matches)
        log.info("callback taken over from a dead node", call_id=call_id)
        return True

    async def _start(self, arrival: Arrival) -> None:
        """Begins the call's workflow anew, in place of the one that nobody runs any more."""
        await self.node.client.start_workflow(
            CallWorkflow.run,
            arrival,
            id=ids.workflow(arrival.call_id),
            task_queue=task_queue(self.node.name),
            task_timeout=timeouts.WORKFLOW_TASK,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
        )
