"""A call that we make: the customer is called when its agent has picked up."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import CallStage, Disposition, EventKind, Party
    from domain.calls.causes import HangupCause
    from domain.calls.failure import Failure, disposition_of, is_customers
    from workflows.calls import ending, parties
    from workflows.calls.event import CallEvent
    from workflows.calls.parties import Offer
    from workflows.calls.state import CallState
    from workflows.calls.trunk_tries import Way, Ways
    from workflows.core import timeouts
    from workflows.core.step import Step


@dataclass(frozen=True)
class Dial:
    """Call the customer for the `dial`-th time, for the agent who has picked up."""

    call_id: str
    dial: int
    number: str
    offer: Offer
    others: tuple[Offer, ...]
    shown: str = ""
    """The number of ours that the customer's phone shows: the one that the customer dialled."""
    by_hand: bool = False
    avoid: tuple[str, ...] = ()
    """Trunks whose carriers have just been found to be down."""
    tries: int = 0
    """Which try at the customer this is; several trunks may be one try."""


@dataclass(frozen=True)
class DialResult:
    """Whether the customer's phone is being called; not when the agent, on the phone that dialled, has left.

    `failure` is why it is not.
    """

    ringing: bool
    agent_gone: bool = False
    failure: Failure | None = None
    way: Way = field(default_factory=Way)


@dataclass(frozen=True)
class RetryLater:
    """The customer was not reached: free the agent and stand in line again, to be served from `at` on.

    `tries` is how often the customer has been tried by now, None in a call of an older version.
    """

    call_id: str
    customer: str
    offer: Offer
    at: datetime
    tries: int | None = None


DIAL: Step[Dial, DialResult] = Step("dial", DialResult)
RETRY_LATER: Step[RetryLater, None] = Step("retry_later", type(None))


async def dial(call: CallState, event: CallEvent) -> None:
    """The agent of a call out has picked up: now the customer is called, once."""
    offer = call.ringing.pop(event.attempt)
    others = tuple(call.ringing.values())
    call.ringing = {}
    call.belongs_to(offer)
    call.tries += 1
    call.ways = Ways()
    await _call_customer(call, offer, others)


async def _call_customer(call: CallState, offer: parties.Offer, others: tuple[parties.Offer, ...]) -> None:
    """Calls the customer by the best trunk that is not known to be down."""
    call.dial += 1
    call.due.pop(EventKind.CUSTOMER_ENDED, None)
    call.has_customer = True
    call.stage = CallStage.DIALLING
    call.after(EventKind.DIAL_TIMED_OUT, timeouts.DIAL + timeouts.RING_MARGIN)
    arrival = call.arrival
    wanted = Dial(
        call.call_id,
        call.dial,
        arrival.customer_number or "",
        offer,
        others,
        arrival.our_number,
        call.kind.by_hand,
        call.ways.tried,
        call.tries,
    )
    dialled = await DIAL(wanted)
    call.ways.note(dialled.way)
    if dialled.agent_gone:
        call.inbox.append(CallEvent(EventKind.AGENT_ENDED, offer.attempt))
    elif dialled.ringing:
        call.after(EventKind.DIAL_TIMED_OUT, call.ways.setup)
    else:
        gone = CallEvent(EventKind.CUSTOMER_ENDED, dial=call.dial, failure=dialled.failure)
        call.inbox.append(gone)


async def await_answer(call: CallState, event: CallEvent) -> None:
    """Somebody outside is rung: from now on the time of the ring counts. That it rings is told more than once."""
    if not call.ways.rings:
        call.ways.rings = True
        call.after(EventKind.REACH_TIMED_OUT if event.attempt else EventKind.DIAL_TIMED_OUT, call.ways.ring)


def _failure(call: CallState, event: CallEvent) -> Failure | None:
    """Why the customer was not reached; None when the agent thinks better of it."""
    if event.kind is EventKind.DIAL_TIMED_OUT:
        return call.ways.failure_of_time
    return event.failure if event.kind is EventKind.CUSTOMER_ENDED else None


async def missed(call: CallState, event: CallEvent) -> None:
    """The customer was not reached: another trunk is tried where the carrier was down, else the kind of call says."""
    failure = _failure(call, event)
    if call.ways.go_on_after(failure) and call.agent:
        await _call_customer(call, call.agent, ())
    else:
        await call.kind.customer_missed(call, event, failure)


async def retry_later(call: CallState, wait: timedelta) -> None:
    """The agent is free, and the call stands in line again, for the next try at its customer after a while."""
    assert call.agent is not None
    await RETRY_LATER(RetryLater(call.call_id, call.customer, call.agent, workflow.now() + wait, call.tries))
    call.has_customer = False
    call.offered(())
    call.after(EventKind.SEARCH_DUE, wait)


async def not_reached(call: CallState, event: CallEvent, failure: Failure | None, ended_by: Party) -> None:
    """Ends a call whose customer never answered."""
    if failure is None:
        busy = event.kind is EventKind.CUSTOMER_ENDED and event.cause == HangupCause.BUSY
        await ending.finish(call, Disposition.BUSY if busy else Disposition.UNANSWERED, ended_by, event.cause)
        return
    ended_by = ended_by if is_customers(failure) else Party.SYSTEM
    await ending.finish(call, disposition_of(failure), ended_by, event.cause, failure=failure)
