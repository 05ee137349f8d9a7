"""A program that an earlier supervisor started and that outlived it."""

import asyncio
import contextlib
import os
import signal


class Adopted:
    """What Child needs of a process that is not our child: its end is told by a pidfd, and has no exit code."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        """Nobody tells it to us; 0 once the process has ended."""
        self._ended = asyncio.Event()
        try:
            self._descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            self._ends()
        else:
            asyncio.get_running_loop().add_reader(self._descriptor, self._tell)

    async def wait(self) -> int:
        """Wait for its end."""
        await self._ended.wait()
        return 0

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal. Raises ProcessLookupError when it has ended."""
        if self._ended.is_set():
            raise ProcessLookupError(self.pid)
        signal.pidfd_send_signal(self._descriptor, number)

    def let_go(self) -> None:
        """Watch it no longer; it goes on."""
        if not self._ended.is_set():
            self._close()

    def _tell(self) -> None:
        self._close()
        self._ends()

    def _ends(self) -> None:
        self.returncode = 0
        self._ended.set()

    def _close(self) -> None:
        with contextlib.suppress(ValueError):
            asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)
