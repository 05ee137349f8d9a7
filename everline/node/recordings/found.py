"""Finds recordings of this node that count as failed because nobody could look at them: the node was dead."""

from dataclasses import dataclass

import structlog

from db.core.clock import now
from db.core.engine import Database
from db.recordings import failed
from telephony.asterisk import Asterisk
from telephony.errors import RecordingMissing

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class FoundRecordings:
    """Looks whether the file of a failed recording is there after all: when the node is back, from death or a pause."""

    node: str
    database: Database
    asterisk: Asterisk

    async def look(self) -> None:
        """Looks once."""
        async with self.database.read() as session:
            names = await failed.listing(session, self.node, now())
        for name in names:
            try:
                seconds = (await self.asterisk.stop_recording(name)).seconds
            except RecordingMissing:
                continue
            if seconds > 0:
                async with self.database.write() as session:
                    await failed.found(session, name, seconds, now())
                log.info("recording found", recording=name, seconds=seconds)
