"""All parts of a centre on one machine, brought up together and kept alive."""

import asyncio
import errno
import importlib
import shutil
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from everline.errors import EverlineError
from everline.settings import HOME_MODE, RUNNING_FILE, Settings
from everline.stack.asterisk import Asterisk
from everline.stack.errors import DiskFull, StackError
from everline.stack.leftovers import end_leftovers
from everline.stack.lock import HomeLock
from everline.stack.part import Part
from everline.stack.ports import needed_ports
from everline.stack.postgres import Postgres, check_database
from everline.stack.program import Api, Node, Worker
from everline.stack.secret_files import ensure_secrets
from everline.stack.supervisor import Listener, Notice, Supervisor
from everline.stack.temporal import TemporalServer, check_temporal

ALL_PARTS = ("postgres", "temporal", "asterisk", "node", "worker", "api")
_PROGRAMS = ("node", "worker", "api")
_STOPPED_TOGETHER = (_PROGRAMS, ("asterisk",), ("temporal", "postgres"))
_MAKERS: dict[str, Callable[[Settings], Part]] = {
    "postgres": Postgres,
    "temporal": TemporalServer,
    "asterisk": Asterisk,
    "node": Node,
    "worker": Worker,
    "api": Api,
}

_ROOM = 200_000_000  # bytes: what a new database, its journal and the logs of a day take


class Stack:
    """The centre in one home.

    `parts` restricts it, for a test that needs the database alone. To be used from the main thread: the kernel ends the
    programs when the thread that started them ends. Every method raises EverlineError with words for the user.
    """

    def __init__(
        self, settings: Settings, *, parts: Iterable[str] = ALL_PARTS, listener: Listener | None = None
    ) -> None:
        self.settings = settings
        self._wanted = frozenset(parts)
        named_elsewhere = {"postgres": settings.database_url, "temporal": settings.temporal_address}
        own = [name for name in ALL_PARTS if name in self._wanted and not named_elsewhere.get(name)]
        self._lock = HomeLock(settings.home)
        self._taken_over: set[str] = set()
        self._supervisors = {
            name: Supervisor(_MAKERS[name](settings), settings.home, listener or _nobody) for name in own
        }

    @property
    def parts(self) -> list[Part]:
        """The parts that this stack runs itself."""
        return [supervisor.part for supervisor in self._supervisors.values()]

    def process(self, name: str) -> int:
        """Process id of a part. Raises LookupError while it does not run."""
        return self._supervisors[name].pid

    async def until_ready(self, name: str, *, other_than: int | None = None) -> int:
        """Wait until a part is ready, as another process than the one given. Returns its process id."""
        return await self._supervisors[name].until_ready(other_than)

    async def start(self) -> None:
        """Bring everything up; what was started is stopped again where that fails."""
        try:
            self._take_home()
            await self._take_over()
            for port in needed_ports(self.settings, frozenset(self._supervisors) - self._taken_over):
                port.check()
            await self._start_parts()
            self._announce()
            # Only now: while the parts start, there is nothing to spare for one that waits.
            for supervisor in self._supervisors.values():
                await supervisor.keep_standby()
        except BaseException as error:
            await self._leave_calls()
            await self.stop()
            plain = _plain(error, self.settings.home)
            if plain is error:
                raise
            raise plain from None

    async def stop(self) -> None:
        """End every part, the users of a part before the part, and let go of the home."""
        if not self._lock.held:
            return
        (self.settings.home / RUNNING_FILE).unlink(missing_ok=True)
        self.settings.draining.unlink(missing_ok=True)
        for names in _STOPPED_TOGETHER:
            async with asyncio.TaskGroup() as group:
                for name in names:
                    if name in self._supervisors:
                        group.create_task(self._supervisors[name].stop())
        self._lock.release()

    def stop_admitting(self) -> None:
        """Take no new calls from now on; those there are go on."""
        self.settings.draining.touch()

    async def calls(self) -> int:
        """How many calls are going on now."""
        supervisor = self._supervisors.get("asterisk")
        if supervisor is None:
            return 0
        assert isinstance(supervisor.part, Asterisk)
        return await supervisor.part.calls()

    def kill(self) -> None:
        """End every part at once, without regard to what it was doing."""
        for supervisor in self._supervisors.values():
            supervisor.kill()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _take_home(self) -> None:
        self.settings.home.mkdir(mode=HOME_MODE, parents=True, exist_ok=True)
        self._lock.acquire()
        if shutil.disk_usage(self.settings.home).free < _ROOM:
            raise DiskFull(self.settings.home)
        ensure_secrets(self.settings.home, self.settings.postgres_port)

    async def _take_over(self) -> None:
        """Keep what outlived an earlier supervisor and will do; end everything else that it left."""
        self.settings.draining.unlink(missing_ok=True)
        for name, supervisor in self._supervisors.items():
            if await supervisor.take_over():
                self._taken_over.add(name)
        spared = [self._supervisors[name].pid_file for name in self._taken_over]
        await end_leftovers(self.settings.home / "run", spared)

    async def _leave_calls(self) -> None:
        """A start that fails must not cost the calls that it found: the next one may take them over."""
        if self._taken_over and await self.calls():
            for name in self._taken_over:
                await self._supervisors[name].let_go()

    async def _start_parts(self) -> None:
        async with asyncio.TaskGroup() as group:
            database = group.create_task(self._start_database())
            temporal = group.create_task(self._start_temporal())
            if "asterisk" in self._supervisors:
                group.create_task(self._supervisors["asterisk"].start())
            for name in _PROGRAMS:
                if name in self._supervisors:
                    group.create_task(_after((database, temporal), self._supervisors[name].start))

    async def _start_database(self) -> None:
        if "postgres" not in self._wanted:
            return
        supervisor = self._supervisors.get("postgres")
        if supervisor is None:
            await check_database(self.settings.database)
        else:
            await supervisor.start()
            assert isinstance(supervisor.part, Postgres)
            await supervisor.part.ensure_database()
        await asyncio.to_thread(_migrate, self.settings.database)

    async def _start_temporal(self) -> None:
        if "temporal" not in self._wanted:
            return
        if "temporal" in self._supervisors:
            await self._supervisors["temporal"].start()
        else:
            await check_temporal(self.settings)

    def _announce(self) -> None:
        """Leave our settings where a command in another terminal finds them."""
        lines = [f"{name}='{value}'\n" for name, value in self.settings.environment().items()]
        file = self.settings.home / RUNNING_FILE
        file.touch(mode=0o600)
        file.write_text("".join(lines))


async def _after(base: Iterable[asyncio.Task[None]], start: Callable[[], Awaitable[None]]) -> None:
    for task in base:
        await asyncio.shield(task)
    await start()


def _migrate(url: str) -> None:
    # Imported while PostgreSQL starts: SQLAlchemy and Alembic take longer to load than the rest of the start.
    importlib.import_module("db.core.migrate").upgrade(url)


def _nobody(_notice: Notice) -> None:
    return


def _plain(error: BaseException, home: Path) -> BaseException:
    """The first failure of several, and the system's own errors in words."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, OSError) and not isinstance(error, EverlineError):
        return system_error(error, home)
    return error


def system_error(error: OSError, home: Path) -> StackError:
    """An error of the operating system as a sentence that says what to do."""
    where = error.filename or home
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(home)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return StackError(f"Everline may not write {where}. Give this account the right to, or set EVERLINE_HOME.")
    return StackError(f"The system refused what the start needs: {error.strerror} ({where}).")
