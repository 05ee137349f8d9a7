"""The steps that a call asks of the world: their names and types, which the activities implement."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

from domain.calls.arrival import Arrival
from workflows.calls import messages, third_party
from workflows.core import timeouts

Given = TypeVar("Given")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Step(Generic[Given, Result]):
    """A local activity by its name, with the type it takes, the type it gives, and how hard it is tried."""

    name: str
    result: type[Result]
    effort: timeouts.Effort = timeouts.Effort.NEEDED

    async def __call__(self, given: Given) -> Result:
        """Runs the step. Raises FailureError when all its tries have failed.

        A step that is needed is tried for longer while Asterisk or the database cannot be reached at all: then nothing
        else could be done about the call either.
        """
        for _ in range(timeouts.ROUNDS - 1):
            try:
                return await self._run(given)
            except FailureError as error:
                if self.effort is not timeouts.Effort.NEEDED or not _is_cut_off(error):
                    raise
        return await self._run(given)

    async def _run(self, given: Given) -> Result:
        done: Result = await workflow.execute_local_activity(
            self.name,
            given,
            result_type=self.result,
            start_to_close_timeout=timeouts.STEP,
            retry_policy=timeouts.RETRY[self.effort],
            local_retry_threshold=timeouts.STEP_LOCAL_RETRY,
            # What a cancelled step still does must be done before the call is ended.
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )
        return done


def reason_of(error: BaseException) -> ApplicationError | None:
    """What a step has raised, which the SDK tells as it is or in an envelope; None for a time limit or a bug."""
    raised = error.cause if isinstance(error, ActivityError) else error
    return raised if isinstance(raised, ApplicationError) else None


def _is_cut_off(error: FailureError) -> bool:
    reason = reason_of(error)
    return reason is not None and reason.type in timeouts.CUT_OFF


ADMIT: Step[Arrival, messages.Admitted] = Step("admit", messages.Admitted)
ENTER_QUEUE: Step[messages.EnterQueue, messages.Admitted] = Step("enter_queue", messages.Admitted)
SEARCH: Step[messages.Search, messages.Found] = Step("search", messages.Found)
REQUEUE: Step[messages.Requeue, messages.Found] = Step("requeue", messages.Found)
CONNECT: Step[messages.Connect, messages.Connected] = Step("connect", messages.Connected)
DIAL: Step[messages.Dial, messages.Dialled] = Step("dial", messages.Dialled)
RETRY_LATER: Step[messages.RetryLater, None] = Step("retry_later", type(None))
ANNOUNCE: Step[messages.Announce, None] = Step("announce", type(None), timeouts.Effort.OPTIONAL)
SAY: Step[messages.Say, messages.Said] = Step("say", messages.Said)
LEAVE: Step[messages.Leave, None] = Step("leave", type(None))
TAKE_VOICEMAIL: Step[messages.TakeVoicemail, None] = Step("take_voicemail", type(None))
CHECK_NUMBER: Step[messages.CheckNumber, messages.CheckedNumber] = Step("check_number", messages.CheckedNumber)
REQUEST_CALLBACK: Step[messages.RequestCallback, None] = Step("request_callback", type(None))
FINISH: Step[messages.Finish, messages.Finished] = Step("finish", messages.Finished)
STORE: Step[messages.Store, None] = Step("store", type(None))
COMPLETE: Step[messages.Complete, None] = Step("complete", type(None))
EXTEND_WRAP_UP: Step[messages.ExtendWrapUp, None] = Step("extend_wrap_up", type(None), timeouts.Effort.OPTIONAL)
PROBE: Step[messages.Probe, messages.Legs] = Step("probe", messages.Legs)
RELEASE_LEG: Step[messages.ReleaseLeg, None] = Step("release_leg", type(None))
HOLD: Step[messages.Hold, None] = Step("hold", type(None))
RESUME: Step[messages.Resume, None] = Step("resume", type(None))
REACH: Step[third_party.Reach, third_party.Reached] = Step("reach", third_party.Reached)
JOIN: Step[third_party.Join, None] = Step("join", type(None))
DROP_GUEST: Step[third_party.DropGuest, None] = Step("drop_guest", type(None))
HAND_OVER: Step[third_party.HandOver, third_party.HandedOver] = Step("hand_over", third_party.HandedOver)
LET_GO: Step[messages.LetGo, None] = Step("let_go", type(None))
RING_AGAIN: Step[messages.RingAgain, messages.RungAgain] = Step("ring_again", messages.RungAgain)
RING_GUEST: Step[third_party.RingGuest, None] = Step("ring_guest", type(None))
REJOIN: Step[messages.Rejoin, None] = Step("rejoin", type(None))
SEND_DIGITS: Step[messages.SendDigits, None] = Step("send_digits", type(None), timeouts.Effort.ONCE)
PAUSE_RECORDING: Step[messages.PauseRecording, None] = Step("pause_recording", type(None), timeouts.Effort.OPTIONAL)
SET_MUTE: Step[messages.SetMute, None] = Step("set_mute", type(None), timeouts.Effort.OPTIONAL)
