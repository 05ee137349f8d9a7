"""One operating-system process that we started, with everything that it may start in turn."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import IO

from everline.stack.account import NO_CAPABILITIES, closed_folder, has_capabilities
from everline.stack.adopted import Adopted
from everline.stack.leftovers import remember
from everline.stack.part import Launch, Part

_INHERITED = frozenset({"PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR"})
_LOG_LIMIT = 10_000_000  # bytes, after which the output of earlier runs is set aside
_LAST_WORDS = 4_000  # bytes of output that are searched for a reason


class Child:
    """A running program of a part."""

    def __init__(
        self, process: asyncio.subprocess.Process | Adopted, part: Part, output: Path, started_at: int
    ) -> None:
        self._process = process
        self._part = part
        self._output = output
        self._output_starts = started_at

    @classmethod
    async def spawn(cls, part: Part, launch: Launch, output: Path, pid_file: Path, *, standby: bool = False) -> "Child":
        """Start the program in a session of its own, so that Ctrl-C reaches only the supervisor.

        setpriv also asks the kernel to end it when the thread that started it ends, be it by kill -9; except a part
        that outlives us.
        """
        prefix = ["setpriv", *(["--pdeathsig", part.death_signal] if part.death_signal else [])]
        if launch.privileges is not None:
            prefix += launch.privileges.options()
        elif launch.reaches and has_capabilities() and not closed_folder(launch.reaches, os.geteuid(), os.getegid()):
            prefix += NO_CAPABILITIES
        with _appended(output) as file:
            started_at = file.tell()
            process = await asyncio.create_subprocess_exec(
                *prefix,
                "--",
                *launch.command,
                stdin=asyncio.subprocess.PIPE if standby else asyncio.subprocess.DEVNULL,
                stdout=file,
                stderr=asyncio.subprocess.STDOUT,
                env={**_of_everybody(), **launch.environment},
                start_new_session=True,
            )
        remember(pid_file, process.pid, part.stop_signal)
        return cls(process, part, output, started_at)

    @classmethod
    def adopt(cls, part: Part, pid: int, output: Path) -> "Child":
        """Take over a program of the part that an earlier supervisor started."""
        with _appended(output) as file:
            return cls(Adopted(pid), part, output, file.tell())

    @property
    def pid(self) -> int:
        """Process id, which is also the id of its process group."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.returncode is None

    def release(self, pid_file: Path) -> None:
        """Let a stand-by take over."""
        assert isinstance(self._process, asyncio.subprocess.Process)
        assert self._process.stdin is not None
        remember(pid_file, self.pid, self._part.stop_signal)
        self._process.stdin.write(b"go\n")
        self._process.stdin.close()

    async def wait(self) -> str:
        """Wait for its end. Returns how it ended, in words."""
        code = await self._process.wait()
        self._kill_group()
        if isinstance(self._process, Adopted):
            return "it ended"
        if code < 0:
            return f"it was ended by {signal.Signals(-code).name}"
        return f"it ended with code {code}"

    async def stop(self) -> None:
        """End it: politely first, then by force, and whatever it left in its process group too."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(self._part.stop_signal)
                # A stopped process would sleep through the request.
                self._process.send_signal(signal.SIGCONT)
            try:
                await asyncio.wait_for(self._process.wait(), self._part.stop_timeout)
            except TimeoutError:
                self._kill_group()
        await self.wait()

    def kill(self) -> None:
        """End it at once."""
        self._kill_group()

    def let_go(self) -> None:
        """Leave one that was taken over to go on by itself, as it was found."""
        assert isinstance(self._process, Adopted)
        self._process.let_go()

    def last_words(self) -> str:
        """The last line it printed in this run, empty where it printed none."""
        with self._output.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(self._output_starts, end - _LAST_WORDS))
            lines = file.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


def _of_everybody() -> dict[str, str]:
    """What any program needs of our environment. Ours may hold passwords, which are handed to whom they concern."""
    return {name: value for name, value in os.environ.items() if name in _INHERITED or name.startswith("LC_")}


def _appended(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.replace(path.with_suffix(".old"))
    return path.open("ab")
