"""Keeps the database's knowledge of which phones are there."""

from dataclasses import dataclass

import structlog
from temporalio.client import Client

from activities.wake import wake
from db import control, extensions, routing
from db.clock import now
from db.engine import Database
from everline.node.signals import CallSignals
from telephony.asterisk import Asterisk
from telephony.errors import NotFound

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Phones:
    """Writes down each phone's coming and going; a phone that comes back may be rung at once."""

    database: Database
    asterisk: Asterisk
    client: Client
    signals: CallSignals

    async def refresh(self, number: str) -> None:
        """Asks Asterisk for an extension and stores the answer; events only say when to ask."""
        try:
            online = (await self.asterisk.endpoint(number)).online
        except NotFound:
            online = False
        await self._store(number, online=online)

    async def refresh_all(self) -> None:
        """Compares every extension with Asterisk."""
        online = {endpoint.name for endpoint in await self.asterisk.endpoints() if endpoint.online}
        async with self.database.read() as session:
            known = await extensions.registrations(session)
        for number, registered in known.items():
            if registered != (number in online):
                await self._store(number, online=number in online)

    async def _store(self, number: str, *, online: bool) -> None:
        moment = now()
        async with self.database.write() as session:
            user_id = await extensions.set_registered(session, number, online, moment)
            matches = await routing.match_agents(session, [user_id], moment) if user_id and online else []
            waits = await control.returning(session, number) if online else None
        log.info("phone changed", extension=number, registered=online)
        await wake(self.client, matches)
        if waits is not None:
            await self.signals.returned(waits)
