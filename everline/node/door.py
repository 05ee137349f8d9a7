"""What a new call meets first: its turn, or a refusal that leaves a record."""

from dataclasses import dataclass

import structlog

from db import turned_away
from db.clock import now
from db.engine import Database
from domain.arrival import Arrival
from domain.call import Disposition, Party
from everline.node.intake import Intake, Turn
from everline.node.signals import CallSignals
from telephony.asterisk import Asterisk
from telephony.causes import HangupCause

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Door:
    """Begins no call before its turn. A call that never has one gets its record here, for it has no workflow."""

    intake: Intake
    signals: CallSignals
    asterisk: Asterisk
    database: Database

    async def take(self, arrival: Arrival) -> None:
        """Begins a call when its turn has come, unless the caller has left by then or is refused."""
        match await self.intake.turn(arrival.call_id):
            case Turn.COME:
                if not await self.signals.start(arrival):
                    # The event came twice: this call will not come in once more.
                    self.intake.admitted(arrival.call_id)
            case Turn.LEFT:
                await self._note(arrival, Disposition.ABANDONED, Party.CUSTOMER, HangupCause.NORMAL)
            case Turn.REFUSED:
                log.warning("too many calls, one is refused", call_id=arrival.call_id)
                await self.asterisk.hang_up(arrival.call_id, HangupCause.CONGESTION)
                await self._note(arrival, Disposition.FAILED, Party.SYSTEM, HangupCause.CONGESTION)

    def left(self, channel_id: str) -> None:
        """A channel is gone: perhaps of somebody who waits here."""
        self.intake.leave(channel_id)

    async def _note(self, arrival: Arrival, disposition: Disposition, by: Party, cause: HangupCause) -> None:
        async with self.database.write() as session:
            await turned_away.note(session, arrival, turned_away.End(disposition, by, cause, now()))
