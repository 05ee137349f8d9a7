"""What calls cost in Temporal: their histories, counted."""

from datetime import datetime
from statistics import median

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from bench.results import Histories

_SAMPLE = 40


async def count_histories(client: Client, since: datetime, until: datetime) -> Histories | None:
    """Events and workflow tasks of calls that of a time that have ended well; None when there were none."""
    events: list[int] = []
    tasks: list[int] = []
    query = f"StartTime BETWEEN '{since.isoformat()}' AND '{until.isoformat()}' AND ExecutionStatus = 'Completed'"
    async for workflow in client.list_workflows(query):
        if not workflow.id.startswith("call-"):
            continue
        history = await client.get_workflow_handle(workflow.id, run_id=workflow.run_id).fetch_history()
        events.append(len(history.events))
        tasks.append(sum(event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED for event in history.events))
        if len(events) == _SAMPLE:
            break
    if not events:
        return None
    return Histories(
        sample=len(events),
        events=(round(median(events)), max(events)),
        workflow_tasks=(round(median(tasks)), max(tasks)),
    )
