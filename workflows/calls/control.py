"""What agents do with a call while they talk: hold it, bring in others, hand it over; and what if one is cut off.

All parties who talk are in the call's one bridge. Whoever is not heard is out of it: the customer with music, the agent
with the sound of a phone that rings.
"""

from dataclasses import replace
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import CallEvent, CallRole, CallStage, Disposition, GuestOutcome, Party, Purpose
    from domain.calls.failure import Failure
    from workflows.calls import ivr, messages, parties, steps, third_party, trunk_tries, updates
    from workflows.calls.event import Happening
    from workflows.calls.requests import NOT_DONE
    from workflows.calls.state import BUSY, Course
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


async def hold(course: Course, _: Happening) -> None:
    """The customer hears music."""
    await steps.HOLD(messages.Hold(course.call_id, course.customer, _music(course)))
    course.stage = CallStage.HELD


async def resume(course: Course, _: Happening) -> None:
    """Customer and agent talk again."""
    await _together(course)


async def reach(course: Course, happening: Happening) -> None:
    """Rings a third party; the customer hears music meanwhile."""
    if course.agent is None or happening.target is None:
        return
    course.ways, course.guest_away, course.guest_moved = Ways(), False, False
    wanted = _wanted(course, happening.target)
    try:
        reached = await steps.REACH(wanted)
    except FailureError:
        await _undo_reach(course, wanted)
        happening.refusal = NOT_DONE
        return
    happening.refusal = reached.refusal
    if reached.guest is not None:
        _rings(course, reached.guest, reached.way)
        course.stage = CallStage.REACHING


def _wanted(course: Course, target: updates.Target) -> third_party.Reach:
    course.attempts += 1
    return third_party.Reach(
        course.call_id,
        course.customer,
        course.agent,
        course.attempts,
        target,
        _music(course),
        course.arrival.caller_number,
        course.arrival.caller_name,
        course.arrival.dialled,
        round(timeouts.REACH.total_seconds()),
        held=course.stage is CallStage.HELD,
    )


def _rings(course: Course, guest: parties.Guest, way: trunk_tries.Way) -> None:
    course.guest = guest
    course.ways.note(way)
    is_outside = guest.target.number is not None
    course.after(CallEvent.REACH_TIMED_OUT, course.ways.setup if is_outside else timeouts.REACH + timeouts.RING_MARGIN)


def _failure(course: Course, happening: Happening) -> Failure | None:
    """Why somebody outside who rings was not reached; None of a colleague, and of whom somebody lets go."""
    if happening.event is CallEvent.REACH_TIMED_OUT and course.guest and course.guest.target.number:
        return course.ways.failure_of_time
    return happening.failure


async def _reached_otherwise(course: Course, happening: Happening) -> bool:
    """Whether somebody outside is called by the next trunk, because the carrier of this one is down."""
    guest = course.guest
    if guest is None or not course.guest_rings or not course.ways.go_on_after(_failure(course, happening)):
        return False
    wanted = replace(_wanted(course, guest.target), before=guest.attempt, avoid=course.ways.tried)
    # Whatever comes of it, the leg is the guest's, and the ringing that the agent hears goes on.
    course.guest = replace(guest, attempt=wanted.attempt, first=guest.ringing)
    try:
        reached = await steps.REACH(wanted)
    except FailureError:
        workflow.logger.error("a third party could not be rung by another trunk")
        return False
    if reached.guest is None:
        return False
    _rings(course, course.guest, reached.way)
    return True


async def _undo_reach(course: Course, reach: third_party.Reach) -> None:
    """Nobody could be rung: whatever was done of it is undone. Raises FailureError when that cannot be done either."""
    workflow.logger.error("a third party could not be rung")
    guest = parties.Guest(reach.attempt, reach.target)
    gone = third_party.DropGuest(course.call_id, guest, missed=False, outcome=GuestOutcome.NOT_REACHED)
    await steps.DROP_GUEST(gone)
    if reach.held:
        await steps.HOLD(messages.Hold(course.call_id, course.customer, reach.music))
    else:
        await _together(course)


async def join(course: Course, happening: Happening) -> None:
    """The guest has answered: to be consulted, or to take the customer."""
    guest, agent = course.guest, course.agent
    if guest is None or agent is None or guest.target.purpose is Purpose.TRANSFER:
        await hand_over(course, happening)
        return
    stage = CallStage.CONFERENCE if course.stage is CallStage.CONFERENCE else CallStage.CONSULTING
    await steps.JOIN(third_party.Join(course.call_id, agent, guest, stage=stage, again=course.guest_away))
    course.due.pop(CallEvent.REACH_TIMED_OUT, None)
    course.stage, course.guest_away, course.guest_moved = stage, False, False


async def back(course: Course, happening: Happening) -> None:
    """The guest goes, or was not reached: the customer returns to the agent, or, if the agent left too, to the line."""
    if await _reached_otherwise(course, happening):
        return
    await _drop_guest(course, happening, answered=course.stage is not CallStage.REACHING)
    if course.agent is None:
        course.guest = None
        await to_line(course)
    else:
        await _together(course, but_guest=True)


async def hand_over(course: Course, happening: Happening) -> None:
    """The customer is the guest's from now on; a guest who has left meanwhile brings the customer back."""
    if course.guest_away and course.stage is CallStage.CONFERENCE:
        # The agent leaves a conference whose guest was cut off: the customer waits for the guest.
        await steps.HOLD(messages.Hold(course.call_id, course.customer, _music(course)))
        await _let_agent_go(course, rings_on=True)
        course.stage = CallStage.REACHING
    elif not await _handed_over(course):
        happening.refusal = _GUEST_GONE
        await back(course, happening)


async def conference(course: Course, _: Happening) -> None:
    """Customer, agent and guest talk."""
    await _together(course)


async def step_aside(course: Course, _: Happening) -> None:
    """The agent leaves while a third party is rung: from now on it rings for the customer."""
    await _let_agent_go(course, rings_on=True)


async def await_agent(course: Course, happening: Happening) -> None:
    """The agent was cut off, and is rung again. The customer hears music, or talks on with the guest."""
    if course.agent is None:
        return
    # A customer whose guest is away, too, hears music.
    left_at = CallStage.REACHING if course.guest_away else course.stage
    await steps.HOLD(messages.Hold(course.call_id, course.customer, _music(course), left_at))
    course.left_at, course.stage = left_at, CallStage.RETURNING
    course.after(CallEvent.RETURN_OVER, timeouts.RETURN)
    # The leg may still be there: a page that was loaded anew knows nothing of its old call.
    course.ringing = {course.agent.attempt: course.agent}
    await ring_again(course, happening)


async def ring_again(course: Course, _: Happening) -> None:
    """The agent's phone has come back."""
    if course.agent is None:
        return
    course.attempts += 1
    wanted = messages.RingAgain(
        course.call_id,
        course.agent,
        course.attempts,
        tuple(course.ringing),
        course.arrival.caller_number,
        course.arrival.caller_name,
        round(timeouts.RETURN.total_seconds()),
    )
    rung = await steps.RING_AGAIN(wanted)
    course.ringing = {rung.offer.attempt: rung.offer} if rung.offer else {}


async def rejoin(course: Course, happening: Happening) -> None:
    """The agent who was cut off has answered, and finds the call as it was."""
    agent = course.ringing.get(happening.attempt)
    if agent is None:
        return
    again = messages.Rejoin(course.call_id, course.customer, agent, course.left_at, course.guest)
    await steps.REJOIN(again)
    course.ringing = {}
    course.belongs_to(agent)
    course.stage = course.left_at


async def answer_alone(course: Course, happening: Happening) -> None:
    """The guest answers while the agent is away: to wait for the agent, or to take the customer."""
    guest, agent = course.guest, course.agent
    course.due.pop(CallEvent.REACH_TIMED_OUT, None)
    if guest is None or agent is None:
        return
    if guest.target.purpose is Purpose.CONSULT:
        await steps.JOIN(third_party.Join(course.call_id, agent, guest, returning=True, again=course.guest_away))
        course.left_at, course.guest_away, course.guest_moved = CallStage.CONSULTING, False, False
        return
    await _release_ringing(course)
    if not await _handed_over(course):
        await lose_guest(course, happening)


async def lose_guest(course: Course, happening: Happening) -> None:
    """The guest goes while the agent is away: the customer hears music, and the agent comes back to the customer."""
    if await _reached_otherwise(course, happening):
        return
    await _drop_guest(course, happening, answered=course.left_at is not CallStage.REACHING)
    course.guest = None
    course.left_at = CallStage.CONNECTED
    await steps.HOLD(messages.Hold(course.call_id, course.customer, _music(course), returning_to=course.left_at))


async def let_go(course: Course, happening: Happening) -> None:
    """The agent did not come back in time: the customer is the guest's, or goes to the line, before all others."""
    await _release_ringing(course)
    if course.left_at is CallStage.REACHING:
        await _let_agent_go(course, rings_on=True)
        course.stage = CallStage.REACHING
    elif course.guest is None or not await _handed_over(course):
        await _drop_guest(course, happening, answered=True)
        course.guest = None
        await _let_agent_go(course)
        await to_line(course)


async def to_line(course: Course) -> None:
    """The customer, whom no agent has any more, goes to the line; a call that came by no queue ends."""
    if course.queue is None:
        await course.finish(Disposition.ANSWERED, Party.SYSTEM)
    else:
        # The customer is there, and is not called any more.
        course.dials = False
        await ivr.enter(course, course.queue.queue_id)


async def _handed_over(course: Course) -> bool:
    """Gives the customer to the guest. False when the guest is gone: then everything is as it was."""
    guest = course.guest
    if guest is None:
        return False
    done = await steps.HAND_OVER(third_party.HandOver(course.call_id, course.customer, course.agent, guest))
    if done.guest_gone:
        return False
    course.due.pop(CallEvent.REACH_TIMED_OUT, None)
    course.belongs_to(guest.offer)
    course.ringing, course.guest_away, course.guest_moved = {}, False, False
    if course.agent is not None:
        course.guest = None
    course.stage = CallStage.CONNECTED
    return True


async def _drop_guest(course: Course, happening: Happening, *, answered: bool) -> None:
    if course.guest is None:
        return
    answered = answered or course.guest_away
    outcome = _outcome(course, happening, answered=answered)
    missed = not answered and outcome is not GuestOutcome.CANCELLED
    failure = None if answered else _failure(course, happening)
    await steps.DROP_GUEST(third_party.DropGuest(course.call_id, course.guest, missed, outcome, failure))
    course.guest_away = course.guest_moved = False
    course.due.pop(CallEvent.REACH_TIMED_OUT, None)


def _outcome(course: Course, happening: Happening, *, answered: bool) -> GuestOutcome:
    """What became of a guest who goes."""
    by_guest = happening.asked is not None and course.role_of(happening.asked.by) is CallRole.GUEST
    if happening.event in {CallEvent.CANCEL_REQUESTED, CallEvent.HANG_UP_REQUESTED} and not by_guest:
        return GuestOutcome.CANCELLED
    if answered:
        return GuestOutcome.LEFT
    failure = _failure(course, happening)
    if failure is not None:
        return _OUTSIDE.get(failure, GuestOutcome.NOT_REACHED)
    if by_guest or happening.declined:
        return GuestOutcome.DECLINED
    if happening.event is CallEvent.REACH_TIMED_OUT or _has_rung_long(course):
        return GuestOutcome.NO_ANSWER
    return _UNTAKEN.get(happening.cause, GuestOutcome.NOT_REACHED)


def _has_rung_long(course: Course) -> bool:
    """Whether Asterisk's own time for the ring is over, which it tells by no cause of its own."""
    due = course.due.get(CallEvent.REACH_TIMED_OUT)
    return due is not None and workflow.now() >= due - timeouts.RING_MARGIN - timedelta(seconds=1)


async def _let_agent_go(course: Course, *, rings_on: bool = False) -> None:
    if course.agent is not None:
        await steps.LET_GO(messages.LetGo(course.call_id, course.agent, rings_on))
    course.agent, course.ringing = None, {}


async def _release_ringing(course: Course) -> None:
    for attempt in course.ringing:
        await steps.RELEASE_LEG(messages.ReleaseLeg(course.call_id, attempt))


async def _together(course: Course, *, but_guest: bool = False) -> None:
    """Customer and agent talk, with the guest if there is one."""
    guest = None if but_guest else course.guest
    attempts = (course.leg, *((guest.attempt,) if guest else ()))
    user_id = course.agent.user_id if course.agent else None
    wanted = messages.Resume(course.call_id, course.customer, attempts, conference=guest is not None, user_id=user_id)
    await steps.RESUME(wanted)
    course.guest = guest
    course.stage = CallStage.CONFERENCE if guest else CallStage.CONNECTED


def _music(course: Course) -> str:
    return course.queue.music if course.queue else _MUSIC
