"""Before a stop: no new calls, and time for those that are going on."""

import asyncio
import contextlib
import time

import structlog
from rich.console import Console

from everline.stack.stack import Stack

_LOOK = 1.0
"""Seconds between two looks at the calls."""
_TELL_EVERY = 60.0
"""Seconds after which the user is told again that we wait, when the number of calls stays as it is."""

_log = structlog.get_logger(__name__)


class Drain:
    """Waits for the end of the calls, says how many there are, and gives up after `most` seconds."""

    def __init__(self, stack: Stack, console: Console, most: float) -> None:
        self._stack = stack
        self._console = console
        self._most = most

    async def run(self, enough: asyncio.Event) -> None:
        """Wait until no call is left, the time is over, or there is `enough`. Says what is cut."""
        self._stack.stop_admitting()
        left = await self._stack.calls()
        if left and self._most and not enough.is_set():
            minutes = f"at most {self._most / 60:.0f} min" if self._most >= 60 else f"at most {self._most:.0f} s"
            self._say(
                f"{_calls(left)} going on, and no new ones are taken. Waiting for their end, {minutes}; "
                "Ctrl-C again ends them at once."
            )
            left = await self._until_quiet(left, enough)
        if left:
            _log.warning("calls_cut", calls=left)
            self._say(f"{_calls(left)} cut off.")

    async def _until_quiet(self, left: int, enough: asyncio.Event) -> int:
        until = time.monotonic() + self._most
        told = time.monotonic()
        while left and not enough.is_set() and time.monotonic() < until:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(enough.wait(), min(_LOOK, max(0.0, until - time.monotonic())))
            before, left = left, await self._stack.calls()
            if left and (left != before or time.monotonic() - told > _TELL_EVERY):
                told = time.monotonic()
                self._say(f"{_calls(left)} going on still, for at most {max(0.0, until - told):.0f} s more.")
        return left

    def _say(self, words: str) -> None:
        self._console.print(f"{time.strftime('%H:%M:%S')}  {words}", style="yellow", highlight=False)


def _calls(number: int) -> str:
    return "1 call is" if number == 1 else f"{number} calls are"
