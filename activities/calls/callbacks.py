"""How a caller asks to be called back, as Temporal's local activities. Each may be repeated at any time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from temporalio import activity
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.calls.node import Node
from activities.calls.wake import wake
from db.callbacks import callbacks
from db.core.clock import now
from db.dialling_rules import destinations
from domain.calls import ids
from domain.calls.arrival import Arrival
from telephony.errors import GONE
from workflows.calls import callbacks as asked
from workflows.calls.workflow import CallWorkflow, task_queue
from workflows.core import timeouts

log = structlog.get_logger(__name__)

_THANKS = ("auth-thankyou", "vm-goodbye")


@dataclass(frozen=True)
class CallbackSteps:
    """Keeps a caller's place in line for a callback."""

    node: Node

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self.check_number, self.request_callback]

    @activity.defn(name=asked.CHECK_NUMBER.name)
    async def check_number(self, check: asked.CheckNumber) -> asked.CheckedNumber:
        """Whether a caller may be called back at a number."""
        async with self.node.database.read() as session:
            decision = await destinations.decide(session, check.number, self.node.region, by_caller=True)
        return asked.CheckedNumber(decision.number)

    @activity.defn(name=asked.REQUEST_CALLBACK.name)
    async def request_callback(self, request: asked.RequestCallback) -> None:
        """Puts a callback at the caller's place in line, starts its call, and thanks the caller."""
        order = request.order
        wish = callbacks.Request(order.call_id, order.queue_id, order.number)
        async with self.node.database.write() as session:
            requested = await callbacks.request(session, wish, now())
        if requested.has_call:
            await self._start(wish.call_id, order)
        await wake(self.node.client, requested.matches)
        asterisk, customer = self.node.asterisk, request.customer
        try:
            await asterisk.stop_playing(ids.announcement(order.call_id, request.count - 1))
            await asterisk.speak(customer, ids.announcement(order.call_id, request.count), _THANKS)
        except GONE as gone:
            log.info("caller left with a place in line", call_id=order.call_id, reason=str(gone))

    async def _start(self, call_id: str, order: asked.CallbackOrder) -> None:
        arrival = Arrival(
            call_id, order.node, order.dialled, order.number, order.name, now(), call_back_for=order.queue_id
        )
        try:
            await self.node.client.start_workflow(
                CallWorkflow.run,
                arrival,
                id=ids.workflow(call_id),
                task_queue=task_queue(self.node.name),
                task_timeout=timeouts.WORKFLOW_TASK,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            )
        except WorkflowAlreadyStartedError:
            log.info("callback known already", call_id=call_id)
