"""Callbacks whose workflow does not run at this node are begun anew here, from their rows."""

from dataclasses import dataclass

import structlog
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from activities.calls.node import Node
from activities.calls.wake import wake
from db.callbacks import take_over
from db.core.clock import now
from domain.calls import ids
from workflows.calls.workflow import CallWorkflow, task_queue
from workflows.core import timeouts

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class CallbackTakeOver:
    """Brings a callback to this node: those of dead nodes, and those whose process died before it began them.

    The row comes first, the workflow after it. When the process dies between the two, the reconciler of the node that
    the row names finds that the workflow does not run there, and does both again.
    """

    node: Node

    async def take(self, call_id: str) -> bool:
        """Begins a callback anew whose customer is on no line. False for any other call: nothing was done."""
        if not ids.is_callback(call_id):
            return False
        async with self.node.database.write() as session:
            taken = await take_over.take(session, call_id, self.node.name, now())
        if taken is None:
            return False
        # In place of a workflow that nobody runs any more, if there is one.
        await self.node.client.start_workflow(
            CallWorkflow.run,
            taken.arrival,
            id=ids.workflow(call_id),
            task_queue=task_queue(self.node.name),
            task_timeout=timeouts.WORKFLOW_TASK,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
        )
        await wake(self.node.client, taken.matches)
        log.info("callback begun anew at this node", call_id=call_id)
        return True
