"""A step that a workflow asks of the world: its name and its types. The activities implement it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

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
