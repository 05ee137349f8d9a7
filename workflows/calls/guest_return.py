"""A third party who was cut off, in a talk or while it rang: rung again, and the call goes on meanwhile."""

from dataclasses import dataclass, replace

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import CallStage, EventKind
    from workflows.calls import third_party
    from workflows.calls.event import CallEvent
    from workflows.calls.parties import Guest, Offer
    from workflows.calls.state import CallState
    from workflows.core import timeouts
    from workflows.core.step import Step


@dataclass(frozen=True)
class RingGuest:
    """Ring the guest again who was cut off, on the guest's new leg; `before` is the one before.

    `at_once`: the guest has talked, and the phone answers by itself. At `stage` the agent, if there is one, waits and
    hears it ring, or talks on with the customer in a conference.
    """

    call_id: str
    agent: Offer | None
    guest: Guest
    before: int
    stage: CallStage
    caller_number: str
    caller_name: str
    ring_seconds: int
    at_once: bool = True


RING_GUEST: Step[RingGuest, None] = Step("ring_guest", type(None))


async def await_guest(call: CallState, event: CallEvent) -> None:
    """The guest is rung again. In a consultation the agent hears it ring; in a conference agent and customer talk on.

    A guest whose page has left while it rang has not answered yet: the time to do so goes on.
    """
    guest = call.guest
    if guest is None:
        return
    call.guest_moved = call.guest_rings and not call.guest_away
    call.attempts += 1
    stage = CallStage.CONFERENCE if call.stage is CallStage.CONFERENCE else CallStage.REACHING
    again = replace(guest, attempt=call.attempts, first=guest.ringing)
    wanted = RingGuest(
        call.call_id,
        call.agent,
        again,
        guest.attempt,
        stage,
        call.arrival.customer_number or "",
        call.arrival.customer_name,
        round((timeouts.REACH if call.guest_moved else timeouts.RETURN).total_seconds()),
        at_once=not call.guest_moved,
    )
    if not call.guest_away and not call.guest_moved:
        call.after(EventKind.REACH_TIMED_OUT, timeouts.RETURN)
    # Whatever comes of it, the leg is the guest's.
    call.guest, call.guest_away, call.stage = again, not call.guest_moved, stage
    try:
        await RING_GUEST(wanted)
    except FailureError:
        workflow.logger.error("a third party who was cut off could not be rung again")
        await third_party.back(call, event)
