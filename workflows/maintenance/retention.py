"""Rows that are older than they are to be kept, removed by schedule."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.core import timeouts

WORKFLOW_ID = "retention"
ACTIVITY = "remove_old_rows"


@workflow.defn(name="Retention")
class RetentionWorkflow:
    """One round; a schedule starts it, and no second one beside it."""

    @workflow.run
    async def run(self) -> None:
        """Removes what is old now."""
        await workflow.execute_activity(
            ACTIVITY,
            start_to_close_timeout=timeouts.RETENTION,
            retry_policy=timeouts.RETENTION_RETRY,
        )
