"""Delivers what happens in Asterisk to the workflows of its calls."""

from dataclasses import dataclass

import structlog
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain import ids
from domain.arrival import Arrival
from everline.node.retry import retried
from workflows import timeouts
from workflows.call import CallWorkflow
from workflows.messages import DigitPressed, LegAnswered, LegEnded

log = structlog.get_logger(__name__)


_Message = LegAnswered | LegEnded | DigitPressed | int


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

    async def ended(self, leg: ids.Leg, cause: int) -> bool:
        """Tells a call that a leg is gone. False when the call is over."""
        return await self._signal(leg.call_id, "leg_ended", LegEnded(leg.attempt, cause, leg.dial))

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

    async def reconnected(self, call_id: str) -> bool:
        """Tells a call that events may have been lost. False when the call is over."""
        return await self._signal(call_id, "reconnected", None)

    async def _signal(self, call_id: str, name: str, message: _Message | None) -> bool:
        handle = self.client.get_workflow_handle(ids.workflow(call_id))
        arguments = [] if message is None else [message]
        try:
            await retried(lambda: handle.signal(name, args=arguments), what=name, call_id=call_id)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return False
        return True
