"""Removes recordings that are older than the settings say."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from db.core.clock import now
from db.core.engine import Database
from db.recordings import old_recordings

log = structlog.get_logger(__name__)

_EVERY = 3600.0  # seconds
_AT_ONCE = 500


@dataclass(frozen=True)
class Retention:
    """Removes this machine's files of calls, once they are so many days old. Zero days keep them for ever."""

    node: str
    database: Database
    folder: Path
    days: int

    async def keep(self) -> None:
        """Looks for ever."""
        while self.days:
            try:
                await self.look()
            except Exception:
                log.exception("old recordings were not removed, will be tried again")
            await asyncio.sleep(_EVERY)

    async def look(self) -> int:
        """Removes what is old now. Returns how many recordings those were."""
        removed, before = 0, now() - timedelta(days=self.days)
        while True:
            async with self.database.read() as session:
                names = await old_recordings.due(session, self.node, before, _AT_ONCE)
            if not names:
                return removed
            # The files first: what is written down as gone is gone.
            await asyncio.to_thread(self._unlink, names)
            async with self.database.write() as session:
                await old_recordings.remove(session, self.node, names, now())
            removed += len(names)
            log.info("old recordings removed", count=len(names))

    def _unlink(self, names: Sequence[str]) -> None:
        for name in names:
            (self.folder / f"{Path(name).name}.wav").unlink(missing_ok=True)
