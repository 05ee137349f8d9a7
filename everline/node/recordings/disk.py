"""Watches the disk that recordings are written to: Asterisk itself says nothing when it is full."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from db.core.engine import Database
from db.nodes import nodes

log = structlog.get_logger(__name__)

_MEGABYTE = 1_000_000
_EVERY = 30.0  # seconds
LOW = 1_000_000_000
"""Bytes free below which the operator is told: some 17 hours of sound, 16 kB a second."""


@dataclass
class Disk:
    """Tells the operator, again and again, and the supervisors, while there is little room for recordings."""

    folder: Path
    database: Database
    node: str
    low: int = LOW

    async def keep(self) -> None:
        """Looks for ever."""
        while True:
            try:
                await self.look()
            except (OSError, SQLAlchemyError):
                log.exception("disk of the recordings not looked at", folder=str(self.folder))
            await asyncio.sleep(_EVERY)

    async def look(self) -> bool:
        """Looks once. False when there is too little room. Raises OSError when the folder is not there.

        Supervisors see it, too.
        """
        usage = await asyncio.to_thread(shutil.disk_usage, self.folder)
        enough = usage.free >= self.low
        left = None if enough else usage.free // _MEGABYTE
        if not enough:
            log.error(
                "disk almost full: recordings and voicemails will be cut short; make room or delete old recordings",
                folder=str(self.folder),
                free_megabytes=left,
            )
        async with self.database.write() as session:
            await nodes.note_disk(session, self.node, left)
        return enough
