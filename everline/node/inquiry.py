"""Asks callers again and again whether they are still there: a phone that lost its network says no goodbye."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from db import nodes
from db.clock import now
from db.engine import Database
from telephony.asterisk import Asterisk

log = structlog.get_logger(__name__)

_EVERY = timedelta(seconds=45)
"""How long a caller is not asked, from the arrival on. RFC 4028 allows no shorter time to those who agree on one."""
_LOOK = 5.0
"""Seconds between two looks at who is to be asked."""


@dataclass(frozen=True)
class Inquiry:
    """Asks who called us; whom we called is asked by Asterisk itself, which sets the pace of that call (RFC 4028).

    A caller sets it otherwise, and half an hour is usual: so long would one who is gone hold a place in the line.
    """

    node: str
    asterisk: Asterisk
    database: Database

    async def keep(self) -> None:
        """Asks for ever."""
        asked = now()
        while True:
            await asyncio.sleep(_LOOK)
            try:
                asked, since = now(), asked
                await self._ask(since, asked)
            except Exception:
                # The database or Asterisk is away: whoever was not asked now is asked the next time.
                log.exception("callers were not asked")

    async def _ask(self, since: datetime, until: datetime) -> None:
        """Asks those whose time has come between two moments."""
        async with self.database.read() as session:
            calls = await nodes.arrivals(session, self.node)
        for call_id, arrived_at in calls:
            if is_due(arrived_at, since, until):
                await self.asterisk.ask(call_id)


def is_due(arrived_at: datetime, since: datetime, until: datetime) -> bool:
    """Whether the time to ask a caller of that arrival came after the first moment, and not after the second."""
    return (until - arrived_at) // _EVERY > max(0, (since - arrived_at) // _EVERY)
