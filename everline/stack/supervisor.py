"""Keeps one part alive: starts it, waits until it is ready, starts it again when it ends."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import structlog

from everline.errors import EverlineError
from everline.stack.child import Child
from everline.stack.errors import PartFailed
from everline.stack.leftovers import living
from everline.stack.part import Launch, Part

_BACK_OFF = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before each restart in a row
_STEADY = 20.0  # seconds after which a part counts as healthy again
_STEP = 0.05  # seconds between two questions whether a part is ready

_log = structlog.get_logger(__name__)


class PartState(StrEnum):
    """What a part is doing, as the user sees it."""

    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class Notice:
    """A change of a part's state."""

    name: str
    state: PartState
    seconds: float = 0.0
    """How long it took to get there, where that is of interest."""
    detail: str = ""


Listener = Callable[[Notice], None]


class Supervisor:
    """Runs one part."""

    def __init__(self, part: Part, home: Path, listener: Listener) -> None:
        self.part = part
        self.restarts = 0
        self._output = home / "log" / f"{part.name}.out"
        self._pid_file = home / "run" / f"{part.name}.pid"
        self._listener = listener
        self._child: Child | None = None
        self._standby: Child | None = None
        self._standby_file = self._pid_file.with_stem(f"{part.name}-standby")
        self._keeper: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._launch = Launch(())
        self._found = ""
        """What was found of an earlier run, for the user."""

    @property
    def pid(self) -> int:
        """Process id of the running program. Raises LookupError while there is none."""
        if self._child is None or not self._child.running:
            raise LookupError(f"{self.part.name} does not run")
        return self._child.pid

    @property
    def standby(self) -> int | None:
        """Process id of the one that waits to take over, if there is one."""
        return self._standby.pid if self._standby is not None and self._standby.running else None

    @property
    def pid_file(self) -> Path:
        """Where the running program is noted."""
        return self._pid_file

    async def take_over(self) -> bool:
        """Take over the program that outlived an earlier supervisor. False when there is none that will do."""
        left = living(self._pid_file) if self.part.death_signal is None else None
        if left is None:
            return False
        objection = await self.part.objection()
        if objection is not None:
            _log.warning("not_taken_over", part=self.part.name, pid=left.pid, why=objection)
            self._found = f"started anew, for that of an earlier run cannot be taken over: {objection}"
            return False
        _log.info("taken_over", part=self.part.name, pid=left.pid)
        self._found = "taken over from an earlier run"
        self._child = Child.adopt(self.part, left.pid, self._output)
        return True

    async def let_go(self) -> None:
        """Leave a program that was taken over as it was found. It goes on."""
        await self._keep_no_longer()
        if self._child is not None:
            self._child.let_go()
            self._child = None

    async def start(self) -> None:
        """Start the part and wait until it is ready; from then on it is kept alive. Raises EverlineError."""
        began = time.monotonic()
        self._tell(PartState.STARTING)
        try:
            child = self._child or await self._spawn()
            async with asyncio.timeout(self.part.start_timeout):
                ended = await self._until_ready(child)
        except TimeoutError:
            self._tell(PartState.FAILED)
            raise self._failure(f"it was not ready after {self.part.start_timeout:.0f} s") from None
        except EverlineError as error:
            self._tell(PartState.FAILED, detail=str(error))
            raise
        if ended is not None:
            self._tell(PartState.FAILED, detail=ended)
            raise self._failure(ended)
        self._tell(PartState.READY, seconds=time.monotonic() - began, detail=self._found)
        self._keeper = asyncio.create_task(self._keep(), name=f"keep {self.part.name}")

    async def stop(self) -> None:
        """End the part for good; harmless when it does not run."""
        await self._keep_no_longer()
        self._ready.clear()
        if self._standby is not None:
            self._standby.kill()
            await self._standby.wait()
            self._standby = None
            self._standby_file.unlink(missing_ok=True)
        if self._child is not None:
            self._tell(PartState.STOPPING)
            await self._child.stop()
            self._child = None
            self._pid_file.unlink(missing_ok=True)
            self._tell(PartState.STOPPED)

    def kill(self) -> None:
        """End the running program at once; for the impatient."""
        for child in (self._child, self._standby):
            if child is not None:
                child.kill()

    async def keep_standby(self) -> None:
        """Have a process wait, loaded, for the part that wants one. Its failure is no failure of the part."""
        if self.part.has_standby:
            launch = self._launch.as_standby()
            self._standby = await Child.spawn(self.part, launch, self._output, self._standby_file, standby=True)

    async def until_ready(self, other_than: int | None = None) -> int:
        """Wait until the part is ready under another process id than the one given. Returns the new one."""
        while True:
            await self._ready.wait()
            with contextlib.suppress(LookupError):
                if self.pid != other_than:
                    return self.pid
            # The end of the old process is noticed a moment after it happened.
            await asyncio.sleep(_STEP)

    async def _keep_no_longer(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None

    async def _keep(self) -> None:
        failures = 0
        while True:
            began = time.monotonic()
            how = await self._child.wait() if self._child is not None else "it could not be started"
            self._ready.clear()
            if time.monotonic() - began > _STEADY:
                failures = 0
            _log.warning("part_ended", part=self.part.name, how=how, failures=failures)
            self._tell(PartState.RESTARTING, detail=how)
            await asyncio.sleep(_BACK_OFF[min(failures, len(_BACK_OFF) - 1)])
            failures += 1
            self.restarts += 1
            await self._restart()

    async def _restart(self) -> None:
        began = time.monotonic()
        try:
            child = await self._spawn()
        except (EverlineError, OSError) as error:
            # A full disk or a lost folder may be repaired while we run, so the next attempt is due as after any end.
            _log.warning("part_not_started", part=self.part.name, error=str(error))
            self._child = None
            return
        # Without a limit: a part may wait for another that is down, and is only worth replacing once it ends.
        if await self._until_ready(child) is None:
            self._tell(PartState.READY, seconds=time.monotonic() - began)
            await self.keep_standby()

    async def _spawn(self) -> Child:
        self._launch = await self.part.prepare()
        standby, self._standby = self._standby, None
        if standby is not None and standby.running:
            standby.release(self._pid_file)
            self._standby_file.unlink(missing_ok=True)
            self._child = standby
        else:
            self._child = await Child.spawn(self.part, self._launch, self._output, self._pid_file)
        return self._child

    async def _until_ready(self, child: Child) -> str | None:
        """None once the part is ready, or how it ended before."""
        end = asyncio.create_task(child.wait())
        try:
            while not end.done():
                if await self.part.ready():
                    self._ready.set()
                    return None
                await asyncio.wait({end}, timeout=_STEP)
            return end.result()
        finally:
            end.cancel()

    def _failure(self, why: str) -> PartFailed:
        words = self._child.last_words() if self._child is not None else ""
        return PartFailed(self.part.label, f"{why} ({words})" if words else why, self._output)

    def _tell(self, state: PartState, *, seconds: float = 0.0, detail: str = "") -> None:
        self._listener(Notice(self.part.name, state, seconds, detail))
