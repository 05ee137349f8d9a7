import fcntl
import os
from pathlib import Path
from typing import IO

from everline.stack.errors import AlreadyRunning


class HomeLock:
    """Makes sure that one home is run once. The kernel lets go of it when we die, however we die."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._file: IO[str] | None = None

    @property
    def held(self) -> bool:
        """Whether we have it."""
        return self._file is not None

    def holder(self) -> int | None:
        """The process that runs this home; None where nobody does."""
        try:
            with (self._home / "run/up.lock").open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int((self._home / "run/up.lock").read_text())
        except FileNotFoundError:
            pass
        return None

    def acquire(self) -> None:
        """Take the home. Raises AlreadyRunning."""
        path = self._home / "run/up.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip()
            file.close()
            raise AlreadyRunning(self._home, holder) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let go of the home; harmless when it was never taken."""
        if self._file is not None:
            self._file.close()
            self._file = None
