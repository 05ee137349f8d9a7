"""What is done at every new connection to Asterisk, before its events are delivered."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger(__name__)

Job = Callable[[], Awaitable[object]]

PATIENCE = 5.0
"""Seconds that events wait for one of the jobs; after it they are delivered, and the job goes on beside them."""
_FIRST_PAUSE = 0.5  # seconds before a failed job is tried again
_LONGEST_PAUSE = 10.0


@dataclass
class Greeting:
    """Listens, and then does each job once, in their order. One that fails is repeated, and keeps no call waiting.

    `listen` must succeed, for without it no event comes at all.
    """

    listen: Job
    jobs: Mapping[str, Job]
    patience: float = PATIENCE
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def greet(self) -> None:
        """Greets a new connection; what is left to do for an older one is dropped. Raises what `listen` raises."""
        await self.close()
        await self.listen()
        for name, job in self.jobs.items():
            task = asyncio.create_task(self._until_done(name, job), name=f"greeting {name}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            await asyncio.wait({task}, timeout=self.patience)
            if not task.done():
                log.warning("not yet done at the connection", job=name)

    async def close(self) -> None:
        """Drops what is left to do."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _until_done(self, name: str, job: Job) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                await job()
            except Exception:
                log.exception("job at the connection failed", job=name)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return
