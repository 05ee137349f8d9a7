"""What must be tidied now and then, by schedule and beside all calls."""

from dataclasses import dataclass

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.core import timeouts

TASK_QUEUE = "everline"
WORKFLOW_ID = "housekeeping"
ACTIVITY = "tidy"


@dataclass(frozen=True)
class Tidied:
    """How many rows a round of housekeeping removed or closed."""

    events: int
    sessions: int
    login_failures: int


@workflow.defn(name="Housekeeping")
class HousekeepingWorkflow:
    """One round of housekeeping; a schedule starts it."""

    @workflow.run
    async def run(self) -> None:
        """Tidies once, repeating it until it succeeds.

        It returns nothing: Temporal would hand that to the next round, encrypted by a key that this round may destroy.
        """
        await workflow.execute_activity(
            ACTIVITY,
            result_type=Tidied,
            start_to_close_timeout=timeouts.HOUSEKEEPING,
            retry_policy=timeouts.HOUSEKEEPING_RETRY,
        )
