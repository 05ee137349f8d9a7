"""The worker of everything that is not tied to one Asterisk."""

import asyncio
import signal
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
)
from temporalio.worker import Worker

from activities.maintenance.housekeeping import Housekeeping
from activities.maintenance.old_rows import OldRows
from db.core import clock_skew
from db.core.engine import Database
from db.history_keys.key_ring import KeyRing
from everline.settings import Settings
from everline.stack.secret_files import Secret, read_secret
from everline.temporal import connect, retention_of
from workflows.core import timeouts
from workflows.maintenance import housekeeping, retention


async def serve(settings: Settings) -> None:
    """Works until it is told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    database = Database(settings.database, pool_size=2, statement_seconds=60.0, time_zone=settings.time_zone)
    history_keys = KeyRing(database, read_secret(settings.home, Secret.HISTORY))
    await history_keys.ready()
    client = await connect(settings, history_keys)
    await schedule(client, housekeeping.HousekeepingWorkflow, housekeeping.WORKFLOW_ID, timeouts.HOUSEKEEPING_EVERY)
    await schedule(client, retention.RetentionWorkflow, retention.WORKFLOW_ID, timeouts.RETENTION_EVERY)
    worker = Worker(
        client,
        task_queue=housekeeping.TASK_QUEUE,
        workflows=[housekeeping.HousekeepingWorkflow, retention.RetentionWorkflow],
        activities=[
            Housekeeping(database, lambda: retention_of(client)).tidy,
            OldRows(database, settings.retention).remove,
        ],
    )
    following = [asyncio.create_task(history_keys.follow()), asyncio.create_task(clock_skew.follow(database))]
    async with worker:
        ready = settings.home / "run" / "worker.ready"
        ready.parent.mkdir(parents=True, exist_ok=True)
        ready.touch()
        await stop.wait()
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    await database.close()


async def schedule(
    client: Client,
    workflow: type[housekeeping.HousekeepingWorkflow | retention.RetentionWorkflow],
    name: str,
    every: timedelta,
) -> None:
    """Has a workflow started again and again, one round at a time. A schedule of an earlier version is changed."""
    wanted = Schedule(
        action=ScheduleActionStartWorkflow(workflow.run, id=name, task_queue=housekeeping.TASK_QUEUE),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )
    try:
        await client.create_schedule(name, wanted)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(name).update(lambda _: ScheduleUpdate(wanted))


def run(settings: Settings) -> None:
    """The process `everline worker`."""
    asyncio.run(serve(settings))
