"""Keeps logs from filling the disk, also when an attacker causes them, and tells when the disk is nearly full."""

import asyncio
import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog

LIMIT = 20_000_000
"""Bytes of one log. What was written before is kept once more, as .old."""
_LOOK = 1.0
"""Seconds between two looks at the logs."""
_DISK_LOOKS = 30
"""Looks at the logs for one at the disk."""
_SCARCE = 1_000_000_000
"""Bytes free below which the operator is told: recordings and voicemails take a megabyte a minute."""
_ENOUGH = 1_500_000_000

_log = structlog.get_logger(__name__)


class LogLimits:
    """Watches the logs of programs that do not bound them, and the disk below the home."""

    def __init__(self, home: Path, tell: Callable[[str], None], *, limit: int = LIMIT) -> None:
        self._home = home
        self._tell = tell
        self._limit = limit
        self._scarce = False

    async def keep(self) -> None:
        """Watches for ever."""
        looks = 0
        while True:
            if looks % _DISK_LOOKS == 0:
                self.look_at_disk()
            looks += 1
            try:
                await asyncio.to_thread(self.cut)
            except OSError as error:
                _log.warning("logs_not_cut", error=str(error))
            await asyncio.sleep(_LOOK)

    def cut(self) -> None:
        """Sets aside what is too long. Their writers append, and so go on at the new beginning."""
        for path in self._logs():
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_size > self._limit:
                    _cut(path, self._limit)

    def look_at_disk(self) -> None:
        """Tells the operator once when room becomes scarce, and once when there is enough again."""
        free = shutil.disk_usage(self._home).free
        if not self._scarce and free < _SCARCE:
            self._scarce = True
            left = free // 1_000_000
            _log.error("disk_nearly_full", free_megabytes=left)
            self._tell(
                f"The disk that holds {self._home} has {left} MB left. Make room: a full disk ends recordings and "
                "stops the database, and with it new calls."
            )
        elif self._scarce and free > _ENOUGH:
            self._scarce = False
            self._tell("The disk has room again.")

    def _logs(self) -> Iterator[Path]:
        folder = self._home / "log"
        yield from folder.glob("*.out")
        yield from folder.glob("asterisk/*.log")


def _cut(path: Path, limit: int) -> None:
    """Copies the end of a log to .old, and empties it."""
    with path.open("rb+") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - limit))
        with path.with_name(f"{path.name}.old").open("wb") as old:
            shutil.copyfileobj(file, old)
        file.truncate(0)
    _log.warning("log_cut", log=path.name, bytes=size)
