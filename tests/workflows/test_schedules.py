"""What is done by schedule: one round at a time, as often as this version says, and with the settings of the worker."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, ScheduleActionStartWorkflow, ScheduleOverlapPolicy
from temporalio.worker import Worker

from activities.maintenance.old_rows import OldRows
from db.core.engine import Database
from domain.calls import ids
from domain.records.retention import Retention
from everline import worker
from tests.db.records.test_retention import call, left_of
from workflows.maintenance import retention


async def test_a_schedule_of_an_earlier_version_is_changed(client: Client) -> None:
    name = f"retention-{ids.uuid7()}"
    for hours in (1, 6):
        await worker.schedule(client, retention.RetentionWorkflow, name, timedelta(hours=hours))
    told = (await client.get_schedule_handle(name).describe()).schedule
    assert [one.every for one in told.spec.intervals] == [timedelta(hours=6)]
    assert told.policy.overlap is ScheduleOverlapPolicy.SKIP
    assert isinstance(told.action, ScheduleActionStartWorkflow)
    await client.get_schedule_handle(name).delete()


async def test_a_round_removes_what_is_old(client: Client, database: str) -> None:
    db, queue = Database(database, pool_size=2), f"retention-{ids.uuid7()}"
    # Some hundred years: the shared database has nothing so old but what is written here.
    old = await call(db, datetime(1901, 2, 3, tzinfo=UTC))
    rows = OldRows(db, Retention(records=36_500))
    workflows: list[Any] = [retention.RetentionWorkflow]
    async with Worker(client, task_queue=queue, workflows=workflows, activities=[rows.remove]), asyncio.timeout(60):
        await client.execute_workflow(retention.RetentionWorkflow.run, id=queue, task_queue=queue)
    assert await left_of(db, old) == {}
    await db.close()
