"""Keeps the events of one call in order while different calls do not wait for each other."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)

Job = Callable[[], Awaitable[object]]


class SerialExecutor:
    """One line of jobs a key; a line is worked off by one task, which goes when the line is empty."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, key: str, job: Job) -> None:
        """Puts a job behind the others of its key. Returns at once."""
        line = self._lines.get(key)
        if line is not None:
            line.append(job)
            return
        self._lines[key] = deque([job])
        task = asyncio.create_task(self._work(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, key: str) -> None:
        line = self._lines[key]
        while line:
            job = line.popleft()
            try:
                await job()
            except Exception:
                # One failed job must not stop the later events of the call; resync mends what was lost.
                log.exception("event not delivered", key=key)
        del self._lines[key]

    async def close(self) -> None:
        """Drops what is left."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
