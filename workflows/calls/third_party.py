"""A third party: asked by the agent, given the call, or brought into a conference."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import CallRole, CallStage, EventKind, GuestOutcome, Purpose
    from domain.calls.causes import HangupCause
    from domain.calls.failure import Failure
    from workflows.calls import parties, talk, trunk_tries, updates
    from workflows.calls.event import CallEvent
    from workflows.calls.parties import Guest, Offer
    from workflows.calls.requests import NOT_DONE
    from workflows.calls.state import CallState
    from workflows.calls.trunk_tries import Way, Ways
    from workflows.calls.updates import Target
    from workflows.core import timeouts
    from workflows.core.step import Step


_UNTAKEN: dict[int, GuestOutcome] = {
    HangupCause.BUSY: GuestOutcome.BUSY,
    HangupCause.NO_USER_RESPONSE: GuestOutcome.NO_ANSWER,
    HangupCause.NO_ANSWER: GuestOutcome.NO_ANSWER,
    HangupCause.REJECTED: GuestOutcome.DECLINED,
}
"""What causes say of a phone that nobody has picked up; every other means that it could not be reached."""
_OUTSIDE = {
    Failure.BUSY: GuestOutcome.BUSY,
    Failure.NO_ANSWER: GuestOutcome.NO_ANSWER,
    Failure.DECLINED: GuestOutcome.DECLINED,
}
"""The same of what a carrier has answered."""
_GUEST_GONE = "The other party has just left, so nobody was given the customer."


@dataclass(frozen=True)
class Reach:
    """Ring a third party on leg `attempt`, while the customer hears music and the agent that it rings."""

    call_id: str
    customer: str
    agent: Offer | None
    attempt: int
    target: Target
    music: str
    caller_number: str
    caller_name: str
    shown: str
    ring_seconds: int
    held: bool = False
    """Whether the customer was on hold, and stays so when nobody can be rung."""
    before: int = 0
    """The leg by whose trunk it did not come to ringing; everybody else is where they were."""
    avoid: tuple[str, ...] = ()
    """Trunks whose carriers have just been found to be down."""


@dataclass(frozen=True)
class Reached:
    """The guest who is being rung, or why nobody is."""

    guest: Guest | None = None
    refusal: str | None = None
    way: Way = field(default_factory=Way)


@dataclass(frozen=True)
class Join:
    """Let the agent and the guest, who has answered, talk; while the agent is still `returning`, the guest waits.

    `again`: the guest was cut off and is back, where the call is at `stage`, and muted if that was so.
    """

    call_id: str
    agent: Offer
    guest: Guest
    returning: bool = False
    stage: CallStage = CallStage.CONSULTING
    again: bool = False


@dataclass(frozen=True)
class DropGuest:
    """Let the guest go; `missed` when the guest let it ring. `outcome` is what the agent is told.

    `failure` is why somebody outside was not reached.
    """

    call_id: str
    guest: Guest
    missed: bool
    outcome: GuestOutcome = GuestOutcome.LEFT
    failure: Failure | None = None


@dataclass(frozen=True)
class HandOver:
    """The call is the guest's from now on; the agent, if still there, is free."""

    call_id: str
    customer: str
    agent: Offer | None
    guest: Guest


@dataclass(frozen=True)
class HandedOver:
    """Whether the guest was gone, so that everything is as it was."""

    guest_gone: bool = False


REACH: Step[Reach, Reached] = Step("reach", Reached)
JOIN: Step[Join, None] = Step("join", type(None))
DROP_GUEST: Step[DropGuest, None] = Step("drop_guest", type(None))
HAND_OVER: Step[HandOver, HandedOver] = Step("hand_over", HandedOver)


async def reach(call: CallState, event: CallEvent) -> None:
    """Rings a third party; the customer hears music meanwhile."""
    if call.agent is None or event.target is None:
        return
    call.ways, call.guest_away, call.guest_moved = Ways(), False, False
    wanted = _wanted(call, event.target)
    try:
        reached = await REACH(wanted)
    except FailureError:
        await _undo_reach(call, wanted)
        event.refusal = NOT_DONE
        return
    event.refusal = reached.refusal
    if reached.guest is not None:
        _rings(call, reached.guest, reached.way)
        call.stage = CallStage.REACHING


def _wanted(call: CallState, target: updates.Target) -> Reach:
    call.attempts += 1
    return Reach(
        call.call_id,
        call.customer,
        call.agent,
        call.attempts,
        target,
        talk.music(call),
        call.arrival.customer_number or "",
        call.arrival.customer_name,
        call.arrival.our_number,
        round(timeouts.REACH.total_seconds()),
        held=call.stage is CallStage.HELD,
    )


def _rings(call: CallState, guest: parties.Guest, way: trunk_tries.Way) -> None:
    call.guest = guest
    call.ways.note(way)
    is_outside = guest.target.number is not None
    call.after(EventKind.REACH_TIMED_OUT, call.ways.setup if is_outside else timeouts.REACH + timeouts.RING_MARGIN)


def _failure(call: CallState, event: CallEvent) -> Failure | None:
    """Why a number outside was not reached; None for a colleague, and when the agent gave it up."""
    if event.kind is EventKind.REACH_TIMED_OUT and call.guest and call.guest.target.number:
        return call.ways.failure_of_time
    return event.failure


async def reached_otherwise(call: CallState, event: CallEvent) -> bool:
    """Whether somebody outside is called by the next trunk, because the carrier of this one is down."""
    guest = call.guest
    if guest is None or not call.guest_rings or not call.ways.go_on_after(_failure(call, event)):
        return False
    wanted = replace(_wanted(call, guest.target), before=guest.attempt, avoid=call.ways.tried)
    # Whatever comes of it, the leg is the guest's, and the ringing that the agent hears goes on.
    call.guest = replace(guest, attempt=wanted.attempt, first=guest.ringing)
    try:
        reached = await REACH(wanted)
    except FailureError:
        workflow.logger.error("a third party could not be rung by another trunk")
        return False
    if reached.guest is None:
        return False
    _rings(call, call.guest, reached.way)
    return True


async def _undo_reach(call: CallState, reach: Reach) -> None:
    """Nobody could be rung: whatever was done of it is undone. Raises FailureError when that cannot be done either."""
    workflow.logger.error("a third party could not be rung")
    guest = parties.Guest(reach.attempt, reach.target)
    gone = DropGuest(call.call_id, guest, missed=False, outcome=GuestOutcome.NOT_REACHED)
    await DROP_GUEST(gone)
    if reach.held:
        await talk.HOLD(talk.Hold(call.call_id, call.customer, reach.music))
    else:
        await talk.together(call)


async def join(call: CallState, event: CallEvent) -> None:
    """The guest has answered: to be consulted, or to take the customer."""
    guest, agent = call.guest, call.agent
    if guest is None or agent is None or guest.target.purpose is Purpose.TRANSFER:
        await hand_over(call, event)
        return
    stage = CallStage.CONFERENCE if call.stage is CallStage.CONFERENCE else CallStage.CONSULTING
    await JOIN(Join(call.call_id, agent, guest, stage=stage, again=call.guest_away))
    call.due.pop(EventKind.REACH_TIMED_OUT, None)
    call.stage, call.guest_away, call.guest_moved = stage, False, False


async def back(call: CallState, event: CallEvent) -> None:
    """The guest goes, or was not reached: the customer returns to the agent, or, if the agent left too, to the line."""
    if await reached_otherwise(call, event):
        return
    await drop_guest(call, event, answered=call.stage is not CallStage.REACHING)
    if call.agent is None:
        call.guest = None
        await call.kind.left_alone(call)
    else:
        await talk.together(call, but_guest=True)


async def hand_over(call: CallState, event: CallEvent) -> None:
    """The customer is the guest's from now on; a guest who has left meanwhile brings the customer back."""
    if call.guest_away and call.stage is CallStage.CONFERENCE:
        # The agent leaves a conference whose guest was cut off: the customer waits for the guest.
        await talk.HOLD(talk.Hold(call.call_id, call.customer, talk.music(call)))
        await talk.let_agent_go(call, rings_on=True)
        call.stage = CallStage.REACHING
    elif not await give_to_guest(call):
        event.refusal = _GUEST_GONE
        await back(call, event)


async def conference(call: CallState, _: CallEvent) -> None:
    """Customer, agent and guest talk."""
    await talk.together(call)


async def give_to_guest(call: CallState) -> bool:
    """Gives the customer to the third party. False when the guest is gone: then everything is as it was."""
    guest = call.guest
    if guest is None:
        return False
    done = await HAND_OVER(HandOver(call.call_id, call.customer, call.agent, guest))
    if done.guest_gone:
        return False
    call.due.pop(EventKind.REACH_TIMED_OUT, None)
    call.belongs_to(guest.offer)
    call.ringing, call.guest_away, call.guest_moved = {}, False, False
    if call.agent is not None:
        call.guest = None
    call.stage = CallStage.CONNECTED
    return True


async def drop_guest(call: CallState, event: CallEvent, *, answered: bool) -> None:
    """Lets the third party go; `answered` says whether there was a talk."""
    if call.guest is None:
        return
    answered = answered or call.guest_away
    outcome = _outcome(call, event, answered=answered)
    missed = not answered and outcome is not GuestOutcome.CANCELLED
    failure = None if answered else _failure(call, event)
    await DROP_GUEST(DropGuest(call.call_id, call.guest, missed, outcome, failure))
    call.guest_away = call.guest_moved = False
    call.due.pop(EventKind.REACH_TIMED_OUT, None)


def _outcome(call: CallState, event: CallEvent, *, answered: bool) -> GuestOutcome:
    """What became of a guest who goes."""
    by_guest = event.asked is not None and call.role_of(event.asked.by) is CallRole.THIRD_PARTY
    if event.kind in {EventKind.CANCEL_REQUESTED, EventKind.HANG_UP_REQUESTED} and not by_guest:
        return GuestOutcome.CANCELLED
    if answered:
        return GuestOutcome.LEFT
    failure = _failure(call, event)
    if failure is not None:
        return _OUTSIDE.get(failure, GuestOutcome.NOT_REACHED)
    if by_guest or event.declined:
        return GuestOutcome.DECLINED
    if event.kind is EventKind.REACH_TIMED_OUT or _has_rung_long(call):
        return GuestOutcome.NO_ANSWER
    return _UNTAKEN.get(event.cause, GuestOutcome.NOT_REACHED)


def _has_rung_long(call: CallState) -> bool:
    """Whether Asterisk's own time for the ring is over, which it tells by no cause of its own."""
    due = call.due.get(EventKind.REACH_TIMED_OUT)
    return due is not None and workflow.now() >= due - timeouts.RING_MARGIN - timedelta(seconds=1)


async def leave_ringing(call: CallState, _: CallEvent) -> None:
    """The agent leaves while a third party is rung: from now on it rings for the customer."""
    await talk.let_agent_go(call, rings_on=True)
