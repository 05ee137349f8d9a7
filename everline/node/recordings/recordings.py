import asyncio
from dataclasses import dataclass

from db.calls import calls
from db.core.engine import Database
from domain.calls import ids
from everline.node.calls.closing import ClosingCalls
from everline.node.calls.signals import CallSignals
from telephony.asterisk import Asterisk

_ON_ITS_WAY = 1.0
"""Seconds within which a listener is gone whose caller has hung up."""


@dataclass(frozen=True)
class Recordings:
    """Notices that a talk is recorded no more though it goes on, as when there is no room on the disk."""

    database: Database
    asterisk: Asterisk
    signals: CallSignals
    closing: ClosingCalls

    async def finished(self, call_id: str) -> None:
        """A talk's recording is closed: at the end of its call, or too early, which Asterisk tells in the same way."""
        await asyncio.sleep(_ON_ITS_WAY)
        if call_id not in self.closing and await self.asterisk.exists(ids.listener(call_id, 1)):
            await self._note(call_id)

    async def failed(self, name: str) -> None:
        """Asterisk could not record. A caller who was leaving a message is not kept waiting."""
        if call_id := ids.parse_recording(name):
            await self._note(call_id)
        elif message_of := ids.parse_voicemail(name):
            await self.signals.recorded(message_of)

    async def _note(self, call_id: str) -> None:
        async with self.database.write() as session:
            await calls.recording_failed(session, call_id)
