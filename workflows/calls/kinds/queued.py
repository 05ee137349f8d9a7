from datetime import timedelta
from typing import ClassVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import Party
    from domain.calls.failure import Failure
    from workflows.calls import customer_leg, ivr, offering
    from workflows.calls.event import CallEvent
    from workflows.calls.kind import CallKind
    from workflows.calls.state import CallState
    from workflows.core import timeouts


class Queued(CallKind):
    """A call that gets its agent by a queue, whose settings say the rest."""

    async def begin(self, call: CallState) -> None:
        """Goes where the call's number leads, or to the queue of a callback."""
        await ivr.begin(call)

    async def agent_missed(self, call: CallState, event: CallEvent) -> None:
        """The others ring on; when nobody does, the queue looks for the next agent."""
        await offering.take_back(call, event)

    async def customer_missed(self, call: CallState, event: CallEvent, failure: Failure | None) -> None:
        """Ends the call, by us: who waits for the next try says so."""
        await customer_leg.not_reached(call, event, failure, Party.SYSTEM)

    async def left_alone(self, call: CallState) -> None:
        """The customer goes to the queue's line, with the age that the call has: before all others."""
        assert call.queue is not None
        await ivr.enter(call, call.queue.queue_id)

    def is_recorded(self, call: CallState) -> bool:
        """As the queue says."""
        return call.queue is not None and call.queue.recorded

    def ring_time(self, call: CallState) -> timedelta:
        """As the queue says."""
        assert call.queue is not None
        return timedelta(seconds=call.queue.ring_seconds)

    def wrap_up(self, call: CallState) -> timedelta:
        """As the queue says, and longer while it wants a code."""
        if call.queue is None:
            return timedelta(0)
        seconds = timedelta(seconds=call.queue.wrap_up_seconds)
        return seconds + timeouts.WRAP_UP_OVERTIME if call.queue.wrap_up_code_required else seconds


class Inbound(Queued):
    """The customer has called us."""

    customer_waits: ClassVar[bool] = True
