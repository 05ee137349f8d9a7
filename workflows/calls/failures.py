"""What becomes of a call of which a step cannot be done: it goes on as it was, or in line, or ends as failed."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import CallStage, Disposition, EventKind, GuestOutcome, Party
    from domain.calls.causes import HangupCause
    from domain.calls.failure import Failure
    from domain.calls.transitions import CallAction
    from workflows.calls import ending, offering, talk, third_party
    from workflows.calls.event import CallEvent
    from workflows.calls.requests import IN_LINE, NOT_DONE
    from workflows.calls.state import CallState
    from workflows.core import timeouts
    from workflows.core.step import reason_of

REFUSED = "Refused"
"""The type of an error whose message is a reason for the agent who asked."""

_LEAVE_AS_IT_WAS = frozenset({CallAction.SEARCH, CallAction.ANNOUNCE, CallAction.RELEASE_LEG, CallAction.RING_AGAIN})
"""Actions that change nothing of a call when they cannot be done, and that come again or are not missed."""

_ASKED_AS_IT_WAS = frozenset(
    {
        CallAction.HOLD,
        CallAction.RESUME,
        CallAction.CONFERENCE,
        CallAction.RING_AGAIN,
        CallAction.MUTE,
        CallAction.PRESS_KEYS,
        CallAction.PAUSE_RECORDING,
        CallAction.EXTEND_WRAP_UP,
    }
)
"""Actions that leave a call as it was when they cannot be done: the agent who asked is told, and can do otherwise."""


def refuse(reason: str | None) -> None:
    """Raises ApplicationError with a reason why something is not done."""
    if reason is not None:
        raise ApplicationError(reason, type=REFUSED, non_retryable=True)


async def recover(call: CallState, action: CallAction | None, event: CallEvent, error: Exception) -> None:
    """Brings a call on after a step has failed for good. Raises when not even its end can be written."""
    reason = reason_of(error)
    if reason is not None and reason.type == REFUSED:
        event.refusal = reason.message
        return
    # Its message may have a number in it; the step's own log has the rest.
    kind = (reason.type if reason else None) or type(error).__name__
    workflow.logger.error("a step of a call failed for good: %s at %s, by %s", action, call.stage, kind)
    if event.asked is not None:
        event.refusal = IN_LINE
    if action in (_ASKED_AS_IT_WAS if event.asked else _LEAVE_AS_IT_WAS):
        event.refusal = NOT_DONE
        if call.stage is CallStage.WAITING:
            call.after(EventKind.SEARCH_DUE, timeouts.SEARCH_AGAIN)
        return
    has_line = call.has_customer and call.queue is not None and call.stage is not CallStage.WRAP_UP
    if has_line and not call.rescued:
        call.rescued = True
        await _to_line(call)
    else:
        await close(call, "a step failed for good")


async def close(call: CallState, why: str) -> None:
    """Ends a call that cannot go on: everybody is let go, and its record says that it failed by us."""
    workflow.logger.error("a call is ended by us: %s, at %s", why, call.stage)
    await ending.finish(call, Disposition.FAILED, Party.SYSTEM, HangupCause.TEMPORARY_FAILURE, failure=Failure.SYSTEM)


async def _to_line(call: CallState) -> None:
    """Takes the customer from everybody, back to the front of the line."""
    try:
        for attempt in call.ringing:
            await offering.RELEASE_LEG(offering.ReleaseLeg(call.call_id, attempt))
        if call.guest is not None:
            gone = third_party.DropGuest(call.call_id, call.guest, missed=False, outcome=GuestOutcome.NOT_REACHED)
            await third_party.DROP_GUEST(gone)
        if call.agent is not None:
            await talk.LET_GO(talk.LetGo(call.call_id, call.agent))
        call.ringing, call.agent, call.guest, call.guest_away = {}, None, None, False
        await call.kind.left_alone(call)
    except (FailureError, AssertionError):
        await close(call, "it could not be put back in line")
