from datetime import timedelta
from typing import ClassVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import CallStage, Disposition, EventKind, Party
    from domain.calls.causes import HangupCause
    from domain.calls.failure import Failure
    from workflows.calls import customer_leg, ending, ivr
    from workflows.calls.event import CallEvent
    from workflows.calls.kind import CallKind
    from workflows.calls.state import CallState
    from workflows.core import timeouts

_GAVE_UP = {EventKind.CUSTOMER_ENDED: Party.CUSTOMER, EventKind.DIAL_TIMED_OUT: Party.CUSTOMER}
"""Which party ends a call that nobody answers, by event; for all other events it is the agent."""


class Manual(CallKind):
    """An agent has dialled a number in the portal: the agent's own phone is rung, then the customer. It has no queue,
    so there is no second try, nobody else who could take it, and no wrap-up.
    """

    customer_waits: ClassVar[bool] = False
    by_hand: ClassVar[bool] = True

    async def begin(self, call: CallState) -> None:
        """Rings the own phone of the agent, who may have been told why nobody is called."""
        let_in = await ivr.ADMIT(call.arrival)
        call.is_let_in = True
        call.arrival = let_in.arrival or call.arrival
        if let_in.offers:
            call.offered(let_in.offers)
        else:
            await ending.finish(call, Disposition.FAILED, Party.SYSTEM, HangupCause.UNALLOCATED)

    async def agent_missed(self, call: CallState, event: CallEvent) -> None:
        """Ends the call: who has dialled does not answer the own phone."""
        await ending.finish(call, Disposition.UNANSWERED, Party.AGENT, event.cause)

    async def customer_missed(self, call: CallState, event: CallEvent, failure: Failure | None) -> None:
        """Ends the call: the agent sees why, and can dial again."""
        await customer_leg.not_reached(call, event, failure, _GAVE_UP.get(event.kind, Party.AGENT))

    async def left_alone(self, call: CallState) -> None:
        """Ends the call: there is no line to which the customer could go."""
        await ending.finish(call, Disposition.ANSWERED, Party.SYSTEM)

    def is_recorded(self, _: CallState) -> bool:
        """Always."""
        return True

    def ring_time(self, _: CallState) -> timedelta:
        """The time of the own phone."""
        return timeouts.OWN_PHONE

    def wrap_up(self, _: CallState) -> timedelta:
        """None."""
        return timedelta(0)


class DialledOnPhone(Manual):
    """An agent has dialled on the desk phone itself, which is in the agent's hand already."""

    async def begin(self, call: CallState) -> None:
        """Calls the customer at once."""
        await super().begin(call)
        if call.stage is CallStage.OFFERED:
            call.inbox.append(CallEvent(EventKind.AGENT_ANSWERED, call.attempts))
