"""What agents do with a call while they talk: hold it, bring in others, hand it over; and what if one is cut off.

All parties who talk are in the call's one bridge. Whoever is not heard is out of it: the customer with music, the agent
with the sound of a phone that rings.
"""

from dataclasses import replace
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import CallRole, CallStage, Disposition, EventKind, GuestOutcome, Party, Purpose
    from domain.calls.failure import Failure
    from workflows.calls import ivr, messages, parties, steps, third_party, trunk_tries, updates
    from workflows.calls.event import CallEvent
    from workflows.calls.requests import NOT_DONE
    from workflows.calls.state import BUSY, CallState
    from workflows.calls.trunk_tries import Ways
    from workflows.core import timeouts

_MUSIC = "default"
_UNTAKEN = {BUSY: GuestOutcome.BUSY, 18: GuestOutcome.NO_ANSWER, 19: GuestOutcome.NO_ANSWER, 21: GuestOutcome.DECLINED}
"""What causes say of a phone that nobody has picked up; every other means that it could not be reached."""
_OUTSIDE = {
    Failure.BUSY: GuestOutcome.BUSY,
    Failure.NO_ANSWER: GuestOutcome.NO_ANSWER,
    Failure.DECLINED: GuestOutcome.DECLINED,
}
"""The same of what a carrier has answered."""

_GUEST_GONE = "The other party has just left, so nobody was given the customer."


async def hold(call: CallState, _: CallEvent) -> None:
    """The customer hears music."""
    await steps.HOLD(messages.Hold(call.call_id, call.customer, _music(call)))
    call.stage = CallStage.HELD


async def resume(call: CallState, _: CallEvent) -> None:
    """Customer and agent talk again."""
    await _together(call)


async def reach(call: CallState, event: CallEvent) -> None:
    """Rings a third party; the customer hears music meanwhile."""
    if call.agent is None or event.target is None:
        return
    call.ways, call.guest_away, call.guest_moved = Ways(), False, False
    wanted = _wanted(call, event.target)
    try:
        reached = await steps.REACH(wanted)
    except FailureError:
        await _undo_reach(call, wanted)
        event.refusal = NOT_DONE
        return
    event.refusal = reached.refusal
    if reached.guest is not None:
        _rings(call, reached.guest, reached.way)
        call.stage = CallStage.REACHING


def _wanted(call: CallState, target: updates.Target) -> third_party.Reach:
    call.attempts += 1
    return third_party.Reach(
        call.call_id,
        call.customer,
        call.agent,
        call.attempts,
        target,
        _music(call),
        call.arrival.caller_number,
        call.arrival.caller_name,
        call.arrival.dialled,
        round(timeouts.REACH.total_seconds()),
        held=call.stage is CallStage.HELD,
    )


def _rings(call: CallState, guest: parties.Guest, way: trunk_tries.Way) -> None:
    call.guest = guest
    call.ways.note(way)
    is_outside = guest.target.number is not None
    call.after(EventKind.REACH_TIMED_OUT, call.ways.setup if is_outside else timeouts.REACH + timeouts.RING_MARGIN)


def _failure(call: CallState, event: CallEvent) -> Failure | None:
    """Why somebody outside who rings was not reached; None of a colleague, and of whom somebody lets go."""
    if event.kind is EventKind.REACH_TIMED_OUT and call.guest and call.guest.target.number:
        return call.ways.failure_of_time
    return event.failure


async def _reached_otherwise(call: CallState, event: CallEvent) -> bool:
    """Whether somebody outside is called by the next trunk, because the carrier of this one is down."""
    guest = call.guest
    if guest is None or not call.guest_rings or not call.ways.go_on_after(_failure(call, event)):
        return False
    wanted = replace(_wanted(call, guest.target), before=guest.attempt, avoid=call.ways.tried)
    # Whatever comes of it, the leg is the guest's, and the ringing that the agent hears goes on.
    call.guest = replace(guest, attempt=wanted.attempt, first=guest.ringing)
    try:
        reached = await steps.REACH(wanted)
    except FailureError:
        workflow.logger.error("a third party could not be rung by another trunk")
        return False
    if reached.guest is None:
        return False
    _rings(call, call.guest, reached.way)
    return True


async def _undo_reach(call: CallState, reach: third_party.Reach) -> None:
    """Nobody could be rung: whatever was done of it is undone. Raises FailureError when that cannot be done either."""
    workflow.logger.error("a third party could not be rung")
    guest = parties.Guest(reach.attempt, reach.target)
    gone = third_party.DropGuest(call.call_id, guest, missed=False, outcome=GuestOutcome.NOT_REACHED)
    await steps.DROP_GUEST(gone)
    if reach.held:
        await steps.HOLD(messages.Hold(call.call_id, call.customer, reach.music))
    else:
        await _together(call)


async def join(call: CallState, event: CallEvent) -> None:
    """The guest has answered: to be consulted, or to take the customer."""
    guest, agent = call.guest, call.agent
    if guest is None or agent is None or guest.target.purpose is Purpose.TRANSFER:
        await hand_over(call, event)
        return
    stage = CallStage.CONFERENCE if call.stage is CallStage.CONFERENCE else CallStage.CONSULTING
    await steps.JOIN(third_party.Join(call.call_id, agent, guest, stage=stage, again=call.guest_away))
    call.due.pop(EventKind.REACH_TIMED_OUT, None)
    call.stage, call.guest_away, call.guest_moved = stage, False, False


async def back(call: CallState, event: CallEvent) -> None:
    """The guest goes, or was not reached: the customer returns to the agent, or, if the agent left too, to the line."""
    if await _reached_otherwise(call, event):
        return
    await _drop_guest(call, event, answered=call.stage is not CallStage.REACHING)
    if call.agent is None:
        call.guest = None
        await to_line(call)
    else:
        await _together(call, but_guest=True)


async def hand_over(call: CallState, event: CallEvent) -> None:
    """The customer is the guest's from now on; a guest who has left meanwhile brings the customer back."""
    if call.guest_away and call.stage is CallStage.CONFERENCE:
        # The agent leaves a conference whose guest was cut off: the customer waits for the guest.
        await steps.HOLD(messages.Hold(call.call_id, call.customer, _music(call)))
        await _let_agent_go(call, rings_on=True)
        call.stage = CallStage.REACHING
    elif not await _handed_over(call):
        event.refusal = _GUEST_GONE
        await back(call, event)


async def conference(call: CallState, _: CallEvent) -> None:
    """Customer, agent and guest talk."""
    await _together(call)


async def step_aside(call: CallState, _: CallEvent) -> None:
    """The agent leaves while a third party is rung: from now on it rings for the customer."""
    await _let_agent_go(call, rings_on=True)


async def await_agent(call: CallState, event: CallEvent) -> None:
    """The agent was cut off, and is rung again. The customer hears music, or talks on with the guest."""
    if call.agent is None:
        return
    # A customer whose guest is away, too, hears music.
    left_at = CallStage.REACHING if call.guest_away else call.stage
    await steps.HOLD(messages.Hold(call.call_id, call.customer, _music(call), left_at))
    call.left_at, call.stage = left_at, CallStage.RETURNING
    call.after(EventKind.RETURN_OVER, timeouts.RETURN)
    # The leg may still be there: a page that was loaded anew knows nothing of its old call.
    call.ringing = {call.agent.attempt: call.agent}
    await ring_again(call, event)


async def ring_again(call: CallState, _: CallEvent) -> None:
    """The agent's phone has come back."""
    if call.agent is None:
        return
    call.attempts += 1
    wanted = messages.RingAgain(
        call.call_id,
        call.agent,
        call.attempts,
        tuple(call.ringing),
        call.arrival.caller_number,
        call.arrival.caller_name,
        round(timeouts.RETURN.total_seconds()),
    )
    rung = await steps.RING_AGAIN(wanted)
    call.ringing = {rung.offer.attempt: rung.offer} if rung.offer else {}


async def rejoin(call: CallState, event: CallEvent) -> None:
    """The agent who was cut off has answered, and finds the call as it was."""
    agent = call.ringing.get(event.attempt)
    if agent is None:
        return
    again = messages.Rejoin(call.call_id, call.customer, agent, call.left_at, call.guest)
    await steps.REJOIN(again)
    call.ringing = {}
    call.belongs_to(agent)
    call.stage = call.left_at


async def answer_alone(call: CallState, event: CallEvent) -> None:
    """The guest answers while the agent is away: to wait for the agent, or to take the customer."""
    guest, agent = call.guest, call.agent
    call.due.pop(EventKind.REACH_TIMED_OUT, None)
    if guest is None or agent is None:
        return
    if guest.target.purpose is Purpose.CONSULT:
        await steps.JOIN(third_party.Join(call.call_id, agent, guest, returning=True, again=call.guest_away))
        call.left_at, call.guest_away, call.guest_moved = CallStage.CONSULTING, False, False
        return
    await _release_ringing(call)
    if not await _handed_over(call):
        await lose_guest(call, event)


async def lose_guest(call: CallState, event: CallEvent) -> None:
    """The guest goes while the agent is away: the customer hears music, and the agent comes back to the customer."""
    if await _reached_otherwise(call, event):
        return
    await _drop_guest(call, event, answered=call.left_at is not CallStage.REACHING)
    call.guest = None
    call.left_at = CallStage.CONNECTED
    await steps.HOLD(messages.Hold(call.call_id, call.customer, _music(call), returning_to=call.left_at))


async def let_go(call: CallState, event: CallEvent) -> None:
    """The agent did not come back in time: the customer is the guest's, or goes to the line, before all others."""
    await _release_ringing(call)
    if call.left_at is CallStage.REACHING:
        await _let_agent_go(call, rings_on=True)
        call.stage = CallStage.REACHING
    elif call.guest is None or not await _handed_over(call):
        await _drop_guest(call, event, answered=True)
        call.guest = None
        await _let_agent_go(call)
        await to_line(call)


async def to_line(call: CallState) -> None:
    """The customer, whom no agent has any more, goes to the line; a call that came by no queue ends."""
    if call.queue is None:
        await call.finish(Disposition.ANSWERED, Party.SYSTEM)
    else:
        # The customer is there, and is not called any more.
        call.dials = False
        await ivr.enter(call, call.queue.queue_id)


async def _handed_over(call: CallState) -> bool:
    """Gives the customer to the guest. False when the guest is gone: then everything is as it was."""
    guest = call.guest
    if guest is None:
        return False
    done = await steps.HAND_OVER(third_party.HandOver(call.call_id, call.customer, call.agent, guest))
    if done.guest_gone:
        return False
    call.due.pop(EventKind.REACH_TIMED_OUT, None)
    call.belongs_to(guest.offer)
    call.ringing, call.guest_away, call.guest_moved = {}, False, False
    if call.agent is not None:
        call.guest = None
    call.stage = CallStage.CONNECTED
    return True


async def _drop_guest(call: CallState, event: CallEvent, *, answered: bool) -> None:
    if call.guest is None:
        return
    answered = answered or call.guest_away
    outcome = _outcome(call, event, answered=answered)
    missed = not answered and outcome is not GuestOutcome.CANCELLED
    failure = None if answered else _failure(call, event)
    await steps.DROP_GUEST(third_party.DropGuest(call.call_id, call.guest, missed, outcome, failure))
    call.guest_away = call.guest_moved = False
    call.due.pop(EventKind.REACH_TIMED_OUT, None)


def _outcome(call: CallState, event: CallEvent, *, answered: bool) -> GuestOutcome:
    """What became of a guest who goes."""
    by_guest = event.asked is not None and call.role_of(event.asked.by) is CallRole.GUEST
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


async def _let_agent_go(call: CallState, *, rings_on: bool = False) -> None:
    if call.agent is not None:
        await steps.LET_GO(messages.LetGo(call.call_id, call.agent, rings_on))
    call.agent, call.ringing = None, {}


async def _release_ringing(call: CallState) -> None:
    for attempt in call.ringing:
        await steps.RELEASE_LEG(messages.ReleaseLeg(call.call_id, attempt))


async def _together(call: CallState, *, but_guest: bool = False) -> None:
    """Customer and agent talk, with the guest if there is one."""
    guest = None if but_guest else call.guest
    attempts = (call.leg, *((guest.attempt,) if guest else ()))
    user_id = call.agent.user_id if call.agent else None
    wanted = messages.Resume(call.call_id, call.customer, attempts, conference=guest is not None, user_id=user_id)
    await steps.RESUME(wanted)
    call.guest = guest
    call.stage = CallStage.CONFERENCE if guest else CallStage.CONNECTED


def _music(call: CallState) -> str:
    return call.queue.music if call.queue else _MUSIC
