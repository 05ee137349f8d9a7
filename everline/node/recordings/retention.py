"""Removes this machine's files of recordings and messages that are older than the settings say."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from db.core.clock import now
from db.core.engine import AnySession, Database, WriteSession
from db.recordings import old_recordings
from domain.calls import ids
from domain.records.retention import Kept, Retention

log = structlog.get_logger(__name__)

_EVERY = 3600.0  # seconds
_AT_ONCE = 500

_Due = Callable[[AnySession, str, datetime, int], Awaitable[Sequence[str]]]
_Remove = Callable[[WriteSession, str, Sequence[str], datetime, datetime], Awaitable[None]]
_WAYS: tuple[tuple[Kept, _Due, _Remove], ...] = (
    (Kept.RECORDINGS, old_recordings.due, old_recordings.remove),
    (Kept.VOICEMAILS, old_recordings.due_messages, old_recordings.remove_messages),
)


@dataclass(frozen=True)
class Removed:
    """How many recordings and messages went, and how many files that no row named."""

    recordings: int = 0
    voicemails: int = 0
    unnamed: int = 0


@dataclass(frozen=True)
class OldFiles:
    """Removes what is old, of rows and then of files; other machines do so with theirs."""

    node: str
    database: Database
    folder: Path
    retention: Retention

    async def keep(self) -> None:
        """Looks for ever."""
        while self.retention.days(Kept.RECORDINGS) or self.retention.days(Kept.VOICEMAILS):
            try:
                await self.look()
            except Exception:
                log.exception("old recordings were not removed, will be tried again")
            await asyncio.sleep(_EVERY)

    async def look(self, *, only_count: bool = False) -> Removed:
        """Removes what is old now, or only tells how much that would be."""
        moment = now()
        recordings, voicemails = [
            await self._go_through(kind, due, remove, moment, only_count=only_count) for kind, due, remove in _WAYS
        ]
        unnamed = await self._unnamed(moment)
        if not only_count:
            await asyncio.to_thread(self._unlink, unnamed)
        removed = Removed(recordings, voicemails, len(unnamed))
        if removed != Removed() and not only_count:
            log.info("old recordings removed", calls=recordings, voicemails=voicemails, unnamed=len(unnamed))
        return removed

    async def _go_through(self, kind: Kept, due: _Due, remove: _Remove, moment: datetime, *, only_count: bool) -> int:
        before, gone = self.retention.of_files(kind, moment), 0
        if before is None:
            return 0
        if only_count:
            async with self.database.read() as session:
                return len(await due(session, self.node, before, 1_000_000))
        while True:
            async with self.database.read() as session:
                names = await due(session, self.node, before, _AT_ONCE)
            if not names:
                return gone
            # The rows first: what a row promises is there.
            async with self.database.write() as session:
                await remove(session, self.node, names, before, moment)
            await asyncio.to_thread(self._unlink, names)
            gone += len(names)

    async def _unnamed(self, moment: datetime) -> Sequence[str]:
        """Files as old as what is removed, that no row names: those of calls that go on are younger."""
        names = await asyncio.to_thread(self._old_files, moment)
        found: list[str] = []
        for first in range(0, len(names), _AT_ONCE):
            async with self.database.read() as session:
                found += await old_recordings.unnamed(session, names[first : first + _AT_ONCE])
        return found

    def _old_files(self, moment: datetime) -> list[str]:
        # Files have the time of this machine's clock.
        ahead = time.time() - moment.timestamp()
        limits = {kind: self.retention.of_files(kind, moment) for kind in (Kept.RECORDINGS, Kept.VOICEMAILS)}
        names = []
        for path in self.folder.glob("*.wav"):
            limit = limits[Kept.VOICEMAILS if ids.parse_voicemail(path.stem) else Kept.RECORDINGS]
            if limit is not None and path.stat().st_mtime - ahead < limit.timestamp():
                names.append(path.stem)
        return names

    def _unlink(self, names: Sequence[str]) -> None:
        for name in names:
            (self.folder / f"{Path(name).name}.wav").unlink(missing_ok=True)
