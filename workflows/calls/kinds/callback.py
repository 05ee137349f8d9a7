from datetime import timedelta
from typing import ClassVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import EventKind
    from domain.calls.causes import HangupCause
    from domain.calls.failure import Failure, is_customers
    from workflows.calls import customer_leg
    from workflows.calls.event import CallEvent
    from workflows.calls.kinds.queued import Queued
    from workflows.calls.state import CallState
    from workflows.core import timeouts

_MOST_IN_VAIN = 20
"""Tries that may fail for the carrier's or the agent's sake; then a callback is given up: agents are rung each time."""


class Callback(Queued):
    """The customer has asked to be called back: a place in line, whose customer is called when an agent picks up."""

    customer_waits: ClassVar[bool] = False

    async def customer_missed(self, call: CallState, event: CallEvent, failure: Failure | None) -> None:
        """By the queue's rule a try follows, or the call ends.

        A try that failed for the carrier's or the agent's sake is not counted.
        """
        assert call.queue is not None
        was_cut_off = call.meaning(event) is EventKind.AGENT_LOST
        if was_cut_off or (failure is not None and not is_customers(failure)):
            call.tries -= 1
            call.in_vain += 1
        busy = event.kind is EventKind.CUSTOMER_ENDED and event.cause == HangupCause.BUSY
        seconds = call.queue.callbacks.retry_after(call.tries, busy=busy) if call.in_vain <= _MOST_IN_VAIN else None
        if seconds is None:
            await super().customer_missed(call, event, failure)
            return
        # The customer keeps the place whose agent was cut off; only the line has to be free again.
        wait = timeouts.SEARCH_AFTER_MISS if was_cut_off else timedelta(seconds=seconds)
        await customer_leg.retry_later(call, wait)
