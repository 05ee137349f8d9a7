"""A third party who was cut off, in a talk or while it rang: rung again, and the call goes on meanwhile."""

from dataclasses import replace

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import CallEvent, CallStage
    from workflows.calls import control, steps, third_party
    from workflows.calls.event import Happening
    from workflows.calls.state import Course
    from workflows.core import timeouts


async def await_guest(course: Course, happening: Happening) -> None:
    """The guest is rung again. Who consulted hears it ring; in a conference agent and customer talk on.

    One whose page has left while it rang has not answered yet: the time to do so goes on.
    """
    guest = course.guest
    if guest is None:
        return
    course.guest_moved = course.guest_rings and not course.guest_away
    course.attempts += 1
    stage = CallStage.CONFERENCE if course.stage is CallStage.CONFERENCE else CallStage.REACHING
    again = replace(guest, attempt=course.attempts, first=guest.ringing)
    wanted = third_party.RingGuest(
        course.call_id,
        course.agent,
        again,
        guest.attempt,
        stage,
        course.arrival.caller_number,
        course.arrival.caller_name,
        round((timeouts.REACH if course.guest_moved else timeouts.RETURN).total_seconds()),
        at_once=not course.guest_moved,
    )
    if not course.guest_away and not course.guest_moved:
        course.after(CallEvent.REACH_TIMED_OUT, timeouts.RETURN)
    # Whatever comes of it, the leg is the guest's.
    course.guest, course.guest_away, course.stage = again, not course.guest_moved, stage
    try:
        await steps.RING_GUEST(wanted)
    except FailureError:
        workflow.logger.error("a third party who was cut off could not be rung again")
        await control.back(course, happening)
