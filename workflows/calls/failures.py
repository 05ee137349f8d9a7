"""What becomes of a call of which a step cannot be done: it goes on as it was, or in line, or ends as failed."""

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import CallEvent, CallStage, Disposition, GuestOutcome, Party, Step
    from domain.calls.failure import Failure
    from workflows.calls import control, messages, steps, third_party
    from workflows.calls.event import Happening
    from workflows.calls.requests import IN_LINE, NOT_DONE
    from workflows.calls.state import TEMPORARY_FAILURE, Course
    from workflows.core import timeouts

REFUSED = "Refused"
"""The type of an error whose message is a reason for who has asked."""

_LEAVE_AS_IT_WAS = frozenset({Step.SEARCH, Step.ANNOUNCE, Step.RELEASE_LEG, Step.RING_AGAIN})
"""Steps that change nothing of a call when they cannot be done, and that come again or are not missed."""

_ASKED_AS_IT_WAS = frozenset(
    {
        Step.HOLD,
        Step.RESUME,
        Step.CONFERENCE,
        Step.RING_AGAIN,
        Step.MUTE,
        Step.PRESS_KEYS,
        Step.PAUSE_RECORDING,
        Step.EXTEND_WRAP_UP,
    }
)
"""Steps that leave a call as it was when they cannot be done, so that who has asked for them can do something else."""


async def recover(course: Course, step: Step | None, happening: Happening, error: Exception) -> None:
    """Brings a call on after a step has failed for good. Raises when not even its end can be written."""
    reason = steps.reason_of(error)
    if reason is not None and reason.type == REFUSED:
        happening.refusal = reason.message
        return
    # Its message may have a number in it; the step's own log has the rest.
    kind = (reason.type if reason else None) or type(error).__name__
    workflow.logger.error("a step of a call failed for good: %s at %s, by %s", step, course.stage, kind)
    if happening.asked is not None:
        happening.refusal = IN_LINE
    if step in (_ASKED_AS_IT_WAS if happening.asked else _LEAVE_AS_IT_WAS):
        happening.refusal = NOT_DONE
        if course.stage is CallStage.WAITING:
            course.after(CallEvent.SEARCH_DUE, timeouts.SEARCH_AGAIN)
        return
    has_line = course.has_customer and course.queue is not None and course.stage is not CallStage.WRAP_UP
    if has_line and not course.rescued:
        course.rescued = True
        await _to_line(course)
    else:
        await close(course, "a step failed for good")


async def close(course: Course, why: str) -> None:
    """Ends a call that cannot go on: everybody is let go, and its record says that it failed by us."""
    workflow.logger.error("a call is ended by us: %s, at %s", why, course.stage)
    await course.finish(Disposition.FAILED, Party.SYSTEM, TEMPORARY_FAILURE, failure=Failure.SYSTEM)


async def _to_line(course: Course) -> None:
    """Takes the customer from everybody, back to the front of the line."""
    try:
        for attempt in course.ringing:
            await steps.RELEASE_LEG(messages.ReleaseLeg(course.call_id, attempt))
        if course.guest is not None:
            gone = third_party.DropGuest(course.call_id, course.guest, missed=False, outcome=GuestOutcome.NOT_REACHED)
            await steps.DROP_GUEST(gone)
        if course.agent is not None:
            await steps.LET_GO(messages.LetGo(course.call_id, course.agent))
        course.ringing, course.agent, course.guest, course.guest_away = {}, None, None, False
        await control.to_line(course)
    except (FailureError, AssertionError):
        await close(course, "it could not be put back in line")
