"""What a new call meets first: its turn, or a refusal that leaves a record."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from db.core.clock import now
from db.core.engine import Database
from db.records import turned_away
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import Disposition, Party
from domain.calls.causes import HangupCause
from everline.node.calls.admission_control import AdmissionControl, Turn
from everline.node.calls.signals import CallSignals
from telephony.asterisk import Asterisk

log = structlog.get_logger(__name__)

_FIRST_WAIT, _LONGEST_WAIT = 0.2, 10.0
"""Seconds between two tries to write a record."""


@dataclass(frozen=True)
class Admission:
    """Begins no call before its turn. A call that never has one gets its record here, for it has no workflow."""

    control: AdmissionControl
    signals: CallSignals
    asterisk: Asterisk
    database: Database
    region: str
    """The country in which numbers are read (ISO 3166)."""
    closed: Callable[[], bool] = field(default=lambda: False)
    """Whether no new call is taken, because the centre is about to stop."""
    gone: dict[str, datetime] = field(default_factory=dict)
    """Since when callers are gone who were in line; each is forgotten once the record is written."""

    async def take(self, arrival: Arrival) -> None:
        """Begins a call when its turn has come, unless the caller has left by then or is refused."""
        if self.closed():
            log.info("the centre is about to stop, a call is refused", call_id=arrival.call_id)
            await self._refuse(arrival)
            return
        if arrival.dialled_on is not None:
            # What an agent dials on the phone adds to no rush.
            await self.signals.start(arrival)
            return
        match await self.control.turn(arrival.call_id):
            case Turn.COME:
                if not await self.signals.start(arrival):
                    # The event came twice: this call will not come in once more.
                    self.control.admitted(arrival.call_id)
            case Turn.LEFT:
                at = self.gone.pop(arrival.call_id, None)
                await self._note(arrival, Disposition.ABANDONED, Party.CUSTOMER, HangupCause.NORMAL, at)
            case Turn.REFUSED:
                log.warning("too many calls, one is refused", call_id=arrival.call_id)
                await self._refuse(arrival)

    def left(self, channel_id: str, at: datetime) -> None:
        """A channel is gone, since when: perhaps of somebody who waits here."""
        if self.control.hung_up(channel_id):
            self.gone[channel_id] = at

    async def _refuse(self, arrival: Arrival) -> None:
        """Sends a caller to another way in, with a record; an agent's phone without one, for nobody was called."""
        if arrival.dialled_on is not None:
            await self.asterisk.hang_up(ids.agent_leg(arrival.call_id, 1), HangupCause.CONGESTION)
            return
        await self.asterisk.hang_up(arrival.call_id, HangupCause.CONGESTION)
        await self._note(arrival, Disposition.FAILED, Party.SYSTEM, HangupCause.CONGESTION)

    async def _note(
        self, arrival: Arrival, disposition: Disposition, by: Party, cause: HangupCause, at: datetime | None = None
    ) -> None:
        end, wait = turned_away.End(disposition, by, cause, at or now()), _FIRST_WAIT
        while True:
            try:
                async with self.database.write() as session:
                    await turned_away.note(session, arrival, end, self.region)
            except SQLAlchemyError:
                # The database is away. Nothing else knows of this caller.
                log.warning("record not written, trying again", call_id=arrival.call_id, wait=wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)
            else:
                return
