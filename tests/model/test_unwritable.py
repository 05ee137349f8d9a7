from datetime import UTC, datetime

from domain.calls.arrival import Arrival
from tests.model.workflow_run import WorkflowRun


async def test_a_call_of_which_not_even_the_end_can_be_written_fails_where_it_is_seen() -> None:
    moment = datetime(2026, 11, 27, 9, tzinfo=UTC)
    run = WorkflowRun(Arrival("model-1", "model", "8000", "+12025550147", "", moment), moment, "call-model-1")
    for _ in range(100):
        if not run.is_open:
            break
        for tried in list(run.tries.values()):
            run.fail(tried, LookupError("This step fails in this test."))
        for timer, due in list(run.timers.items()):
            run.now = max(run.now, due)
            run.fire(timer)
    assert run.closed == "fail_workflow_execution"
