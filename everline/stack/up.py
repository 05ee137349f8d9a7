"""`everline up`: the stack in the foreground, until Ctrl-C."""

import asyncio
import contextlib
import importlib
import signal
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import structlog
from rich.console import Console

from everline import logs
from everline.settings import Settings
from everline.stack.drain import Drain
from everline.stack.log_limits import LogLimits
from everline.stack.report import Progress, print_welcome
from everline.stack.stack import Stack, system_error
from everline.stack.stop import AT_ONCE

if TYPE_CHECKING:
    from everline.accounts import FirstLogin

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_log = structlog.get_logger(__name__)


def up(settings: Settings, *, plain: bool) -> int:
    """Run the stack. Returns the exit code; raises EverlineError with words for the user."""
    try:
        logs.configure("up", settings.home, settings.log_level, terminal=False)
        return asyncio.run(_Up(settings, plain=plain).run())
    except OSError as error:
        raise system_error(error, settings.home) from error


class _Up:
    def __init__(self, settings: Settings, *, plain: bool) -> None:
        self._settings = settings
        self._console = Console(soft_wrap=True)
        self._progress = Progress(self._console, plain=plain)
        self._stack = Stack(settings, listener=self._progress.show)
        self._progress.expect(self._stack.parts)
        self._stop = asyncio.Event()
        self._enough = asyncio.Event()
        """Somebody who was told that calls are waited for does not want to wait."""
        self._ending = False

    async def run(self) -> int:
        began = time.monotonic()
        with self._signals(), self._progress:
            starting = asyncio.create_task(self._start())
            stopping = asyncio.create_task(self._stop.wait())
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                self._ending = True
                starting.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await starting
                return 130
            login = await starting
            self._progress.finish()
            print_welcome(self._console, self._settings, login, time.monotonic() - began)
            for words in await _warnings(self._settings):
                self._warn(words)
            _log.info("ready", seconds=round(time.monotonic() - began, 2))
            limits = asyncio.create_task(LogLimits(self._settings.home, self._warn).keep())
            try:
                await stopping
            finally:
                limits.cancel()
                await Drain(self._stack, self._console, self._settings.drain_seconds).run(self._enough)
                self._ending = True
                self._console.print("Stopping; Ctrl-C again ends everything at once.", style="dim")
                await self._stack.stop()
        return 0

    def _warn(self, words: str) -> None:
        self._console.print(f"{time.strftime('%H:%M:%S')}  {words}", style="bold red", highlight=False)

    async def _start(self) -> "FirstLogin | None":
        await self._stack.start()
        try:
            return await _first_login(self._settings)
        except BaseException:
            await self._stack.stop()
            raise

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in _STOP_SIGNALS:
            loop.add_signal_handler(number, self._on_signal)
        loop.add_signal_handler(AT_ONCE, self._on_hurry)
        try:
            yield
        finally:
            for number in (*_STOP_SIGNALS, AT_ONCE):
                loop.remove_signal_handler(number)

    def _on_signal(self) -> None:
        if self._ending:
            self._stack.kill()
        elif self._stop.is_set():
            self._enough.set()
        self._stop.set()

    def _on_hurry(self) -> None:
        self._enough.set()
        self._stop.set()


async def _first_login(settings: Settings) -> "FirstLogin | None":
    # Imported here: SQLAlchemy would delay the first line that the user sees.
    accounts = importlib.import_module("everline.accounts")
    login: FirstLogin | None = await accounts.ensure_first_login(settings.database, settings.time_zone)
    return login


async def _warnings(settings: Settings) -> Sequence[str]:
    node_addresses = importlib.import_module("everline.node_addresses")
    found: Sequence[str] = await node_addresses.warnings(settings.database, settings.time_zone)
    return found
