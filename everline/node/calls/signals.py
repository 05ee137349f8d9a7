"""Delivers what happens in Asterisk to the workflows of its calls."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import SignalWorkflowExecutionRequest
from temporalio.client import Client, WorkflowQueryFailedError, WorkflowQueryRejectedError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.failure import Failure
from everline.node.calls.hangups import Why
from everline.node.retry import retried
from workflows.calls.updates import AgentHeld, DigitPressed, LegAnswered, LegEnded, LegRings, Reconnected
from workflows.calls.workflow import CallWorkflow
from workflows.core import timeouts

log = structlog.get_logger(__name__)


_Message = LegAnswered | LegRings | LegEnded | DigitPressed | AgentHeld | Reconnected | int

_QUERY = timedelta(seconds=2)
"""How long a call is asked for the keys that it wants; one that does not answer gets none."""


@dataclass(frozen=True)
class CallSignals:
    """Starts the workflows of calls and tells them what happened; repeats until Temporal has it."""

    client: Client
    task_queue: str

    async def start(self, arrival: Arrival) -> bool:
        """Starts a call's workflow. False when it runs or has run."""
        try:
            await retried(lambda: self._start(arrival), what="start", call_id=arrival.call_id)
        except WorkflowAlreadyStartedError:
            log.info("call known already", call_id=arrival.call_id)
            return False
        return True

    async def _start(self, arrival: Arrival) -> None:
        await self.client.start_workflow(
            CallWorkflow.run,
            arrival,
            id=ids.workflow(arrival.call_id),
            task_queue=self.task_queue,
            task_timeout=timeouts.WORKFLOW_TASK,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            # Worker and starter share this process, so the first task need not travel through the server.
            request_eager_start=True,
        )

    async def answered(self, leg: ids.Leg) -> bool:
        """Tells a call that a leg of ours was answered. False when the call is over."""
        return await self._signal(leg.call_id, "leg_answered", LegAnswered(leg.attempt, leg.dial))

    async def rings(self, leg: ids.Leg) -> bool:
        """Tells a call that somebody outside whom it calls is rung. False when the call is over."""
        return await self._signal(leg.call_id, "leg_rings", LegRings(leg.attempt, leg.dial))

    async def ended(self, leg: ids.Leg, cause: int, why: Why, at: datetime, failure: Failure | None = None) -> bool:
        """Tells a call that a leg is gone, since when, and why if it was called in vain. False if the call is over."""
        ended = LegEnded(leg.attempt, cause, leg.dial, why.lost, why.declined, why.moved, at, failure)
        return await self._signal(leg.call_id, "leg_ended", ended)

    async def held(self, leg: ids.Leg, *, held: bool) -> bool:
        """Tells a call that an agent's phone was put on hold, or taken back. False when the call is over."""
        return await self._signal(leg.call_id, "agent_held", AgentHeld(leg.attempt, held))

    async def wanted_keys(self, call_id: str) -> str:
        """The keys that a call asks its customer for just now; none when it cannot be asked."""
        handle = self.client.get_workflow_handle(ids.workflow(call_id))
        try:
            return str(await handle.query("get_wanted_keys", result_type=str, rpc_timeout=_QUERY))
        except (RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError) as error:
            log.info("a call does not say which keys it wants", call_id=call_id, reason=type(error).__name__)
            return ""

    async def pressed(self, call_id: str, digit: str) -> bool:
        """Tells a call which key its customer pressed. False when the call is over."""
        return await self._signal(call_id, "digit_pressed", DigitPressed(digit))

    async def played(self, call_id: str, count: int) -> bool:
        """Tells a call that its customer has heard what was spoken. False when the call is over."""
        return await self._signal(call_id, "message_played", count)

    async def recorded(self, call_id: str) -> bool:
        """Tells a call that its customer has left a message. False when the call is over."""
        return await self._signal(call_id, "voicemail_recorded", None)

    async def returned(self, call_id: str) -> bool:
        """Tells a call that the phone of its agent, who was cut off, is there again. False when the call is over."""
        return await self._signal(call_id, "agent_back", None)

    async def reconnected(self, call_id: str, told: Reconnected | None = None) -> bool:
        """Tells a call that events may have been lost, and what is known of the times. False when it is over."""
        return await self._signal(call_id, "reconnected", told)

    async def _signal(self, call_id: str, name: str, message: _Message | None) -> bool:
        # With an id of our own: one that is sent again, for the answer was lost, is not taken twice. A key would be
        # pressed twice otherwise.
        request = SignalWorkflowExecutionRequest(
            namespace=self.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=ids.workflow(call_id)),
            signal_name=name,
            identity=self.client.identity,
            request_id=str(uuid4()),
        )
        if message is not None:
            request.input.payloads.extend(await self.client.data_converter.encode([message]))
        service = self.client.workflow_service
        try:
            await retried(lambda: service.signal_workflow_execution(request), what=name, call_id=call_id)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return False
        return True
