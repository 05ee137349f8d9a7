"""The steps that a call asks of the world: their names and types, which the activities implement."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from temporalio import workflow

from domain.arrival import Arrival
from workflows import messages, timeouts

Given = TypeVar("Given")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Step(Generic[Given, Result]):
    """A local activity by its name, with the type it takes and the type it gives."""

    name: str
    result: type[Result]

    async def __call__(self, given: Given) -> Result:
        """Runs the step, repeating it until it succeeds."""
        done: Result = await workflow.execute_local_activity(
            self.name,
            given,
            result_type=self.result,
            start_to_close_timeout=timeouts.STEP,
            retry_policy=timeouts.STEP_RETRY,
            local_retry_threshold=timeouts.STEP_LOCAL_RETRY,
        )
        return done


ADMIT: Step[Arrival, messages.Admitted] = Step("admit", messages.Admitted)
SEARCH: Step[messages.Search, messages.Found] = Step("search", messages.Found)
REQUEUE: Step[messages.Requeue, messages.Found] = Step("requeue", messages.Found)
CONNECT: Step[messages.Connect, messages.Connected] = Step("connect", messages.Connected)
FINISH: Step[messages.Finish, None] = Step("finish", type(None))
COMPLETE: Step[messages.Complete, None] = Step("complete", type(None))
PROBE: Step[messages.Probe, messages.Legs] = Step("probe", messages.Legs)
RELEASE_LEG: Step[messages.ReleaseLeg, None] = Step("release_leg", type(None))
SET_MUTE: Step[messages.SetMute, None] = Step("set_mute", type(None))
