"""The worker of everything that is not tied to one Asterisk."""

import asyncio
import signal

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)
from temporalio.worker import Worker

from activities.maintenance.housekeeping import Housekeeping
from db.core.engine import Database
from db.history_keys.key_ring import KeyRing
from everline.settings import Settings
from everline.stack.secret_files import Secret, read_secret
from everline.temporal import connect, retention_of
from workflows.core import timeouts
from workflows.maintenance import housekeeping


async def serve(settings: Settings) -> None:
    """Works until it is told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    database = Database(settings.database, pool_size=2, statement_seconds=60.0)
    history_keys = KeyRing(database, read_secret(settings.home, Secret.HISTORY))
    await history_keys.ready()
    client = await connect(settings, history_keys)
    await _schedule_housekeeping(client)
    worker = Worker(
        client,
        task_queue=housekeeping.TASK_QUEUE,
        workflows=[housekeeping.HousekeepingWorkflow],
        activities=[Housekeeping(database, lambda: retention_of(client)).tidy],
    )
    following = asyncio.create_task(history_keys.follow())
    async with worker:
        ready = settings.home / "run" / "worker.ready"
        ready.parent.mkdir(parents=True, exist_ok=True)
        ready.touch()
        await stop.wait()
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await database.close()


async def _schedule_housekeeping(client: Client) -> None:
    action = ScheduleActionStartWorkflow(
        housekeeping.HousekeepingWorkflow.run, id=housekeeping.WORKFLOW_ID, task_queue=housekeeping.TASK_QUEUE
    )
    schedule = Schedule(
        action=action,
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timeouts.HOUSEKEEPING_EVERY)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )
    try:
        await client.create_schedule(housekeeping.WORKFLOW_ID, schedule)
    except ScheduleAlreadyRunningError:
        return


def run(settings: Settings) -> None:
    """The process `everline worker`."""
    asyncio.run(serve(settings))
