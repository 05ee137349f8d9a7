"""What agents do with a call while they talk: hold it, bring in others, hand it over; and what if one is cut off.

All parties who talk are in the call's one bridge. Whoever is not heard is out of it: the customer with music, the agent
with the sound of a phone that rings.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.call import CallEvent, CallStage, Disposition, Party, Purpose
    from workflows import messages, steps, timeouts, voice
    from workflows.course import Course
    from workflows.happening import Happening

_MUSIC = "default"
_GONE = "The call is over."


async def hold(course: Course, _: Happening) -> None:
    """The customer hears music."""
    await steps.HOLD(messages.Hold(course.call_id, course.customer, _music(course)))
    course.stage = CallStage.HELD


async def resume(course: Course, _: Happening) -> None:
    """Customer and agent talk again."""
    await _together(course)


async def reach(course: Course, happening: Happening) -> None:
    """Rings a third party; the customer hears music meanwhile."""
    assert course.agent is not None
    assert happening.target is not None
    course.attempts += 1
    wanted = messages.Reach(
        course.call_id,
        course.customer,
        course.agent,
        course.attempts,
        happening.target,
        _music(course),
        course.arrival.caller_number,
        course.arrival.caller_name,
        course.arrival.dialled,
        round(timeouts.REACH.total_seconds()),
        held=course.stage is CallStage.HELD,
    )
    reached = await steps.REACH(wanted)
    happening.refusal = reached.refusal
    if reached.guest is not None:
        course.guest = reached.guest
        course.stage = CallStage.REACHING
        course.after(CallEvent.REACH_TIMED_OUT, timeouts.REACH + timeouts.RING_MARGIN)


async def join(course: Course, happening: Happening) -> None:
    """The guest has answered: to be consulted, or to take the customer."""
    assert course.guest is not None
    if course.guest.target.purpose is Purpose.TRANSFER or course.agent is None:
        await hand_over(course, happening)
        return
    await steps.JOIN(messages.Join(course.call_id, course.agent, course.guest))
    course.stage = CallStage.CONSULTING


async def back(course: Course, happening: Happening) -> None:
    """The guest goes, or was not reached: the customer returns to the agent, or, if the agent left too, to the line."""
    assert course.guest is not None
    missed = happening.event in {CallEvent.GUEST_ENDED, CallEvent.REACH_TIMED_OUT}
    await steps.DROP_GUEST(messages.DropGuest(course.call_id, course.guest, missed))
    course.guest = None
    if course.agent is None:
        await _to_line(course)
    else:
        await _together(course)


async def hand_over(course: Course, _: Happening) -> None:
    """The customer is the guest's from now on."""
    assert course.guest is not None
    await steps.HAND_OVER(messages.HandOver(course.call_id, course.customer, course.agent, course.guest))
    course.agent = course.guest.offer
    if course.agent is not None:
        course.guest = None
    course.stage = CallStage.CONNECTED


async def conference(course: Course, _: Happening) -> None:
    """Customer, agent and guest talk."""
    await _together(course)
    course.stage = CallStage.CONFERENCE


async def step_aside(course: Course, _: Happening) -> None:
    """The agent leaves while a third party is rung: from now on it rings for the customer."""
    assert course.agent is not None
    await steps.LET_GO(messages.LetGo(course.call_id, course.agent))
    course.agent = None


async def await_agent(course: Course, _: Happening) -> None:
    """The agent was cut off: the customer hears music, and the agent's phone rings as soon as it is there."""
    assert course.agent is not None
    course.stage = CallStage.RETURNING
    course.after(CallEvent.RETURN_OVER, timeouts.RETURN)
    # The leg may still be there: a page that was loaded anew knows nothing of its old call.
    course.ringing = {course.agent.attempt: course.agent}
    await steps.HOLD(messages.Hold(course.call_id, course.customer, _music(course), returning=True))
    await _ring_again(course)


async def ring_again(course: Course, _: Happening) -> None:
    """The agent's phone has come back."""
    await _ring_again(course)


async def rejoin(course: Course, happening: Happening) -> None:
    """The agent who was cut off has answered."""
    course.agent = course.ringing[happening.attempt]
    course.ringing = {}
    await _together(course)


async def let_go(course: Course, _: Happening) -> None:
    """The agent did not come back in time: the customer goes to the line, before all who came later."""
    assert course.agent is not None
    for offer in course.ringing.values():
        await steps.RELEASE_LEG(messages.ReleaseLeg(course.call_id, offer.attempt))
    await steps.LET_GO(messages.LetGo(course.call_id, course.agent))
    course.agent, course.ringing = None, {}
    await _to_line(course)


async def _ring_again(course: Course) -> None:
    assert course.agent is not None
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


async def _together(course: Course) -> None:
    assert course.agent is not None
    attempts = (course.agent.attempt, *((course.guest.attempt,) if course.guest else ()))
    wanted = messages.Resume(
        course.call_id, course.customer, attempts, conference=course.guest is not None, user_id=course.agent.user_id
    )
    await steps.RESUME(wanted)
    course.stage = CallStage.CONNECTED


async def _to_line(course: Course) -> None:
    if course.queue is None:
        await course.finish(Disposition.ANSWERED, Party.SYSTEM)
    else:
        # The customer is there, and is not called any more.
        course.dials = False
        await voice.enter(course, course.queue.queue_id)


def _music(course: Course) -> str:
    return course.queue.music if course.queue else _MUSIC
