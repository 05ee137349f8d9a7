"""Keeps the database's knowledge of which phones are at this node."""

from collections.abc import Collection
from dataclasses import dataclass

import structlog
from temporalio.client import Client

from activities.calls.wake import wake
from db.calls import coming_back
from db.core.clock import now
from db.core.engine import Database
from db.phones import registrations
from db.routing import claims
from domain.agents.agent import ExtensionKind
from everline.node.calls.signals import CallSignals
from everline.node.phones.contacts import Contacts
from telephony.asterisk import Asterisk
from telephony.errors import NotFound
from telephony.events import ContactStatus

log = structlog.get_logger(__name__)

_COME = {ContactStatus.REACHABLE: ExtensionKind.SIP, ContactStatus.UNCHECKED: ExtensionKind.WEB}
"""What tells, once, that a phone of that kind has come: a SIP phone registers and then answers a check, a page is not
checked. A phone that was rung at each event would ring again and again."""


@dataclass(frozen=True)
class Phones:
    """Writes down each phone's coming and going; a phone that comes back may be rung at once."""

    node: str
    database: Database
    asterisk: Asterisk
    client: Client
    signals: CallSignals
    contacts: Contacts

    async def turn_away(self, number: str, address: str) -> None:
        """Takes the registration of a phone away that would have its calls sent to somebody else."""
        await self.contacts.turn_away(number, address)
        await self.refresh(number)

    async def refresh(self, number: str, status: ContactStatus | None = None) -> None:
        """Asks Asterisk for an extension and stores the answer; events only say when to ask."""
        try:
            online = (await self.asterisk.endpoint(number)).online
        except NotFound:
            online = False
        come = _COME.get(status) if status else None
        await self._store(number, online=online, come=(come,) if come else ())

    async def refresh_all(self) -> None:
        """Compares every extension with Asterisk."""
        online = {endpoint.name for endpoint in await self.asterisk.endpoints() if endpoint.online}
        async with self.database.read() as session:
            known = await registrations.listing(session, self.node)
        for number, registered in known.items():
            if registered != (number in online):
                await self._store(number, online=number in online, come=tuple(ExtensionKind))

    async def _store(self, number: str, *, online: bool, come: Collection[ExtensionKind]) -> None:
        """Stores whether a phone is there. A call that waits for one of a kind that has just come goes on."""
        moment = now()
        async with self.database.write() as session:
            user_id = await registrations.put(session, number, self.node, moment, registered=online, anew=bool(come))
            matches = await claims.match_agents(session, [user_id], moment) if user_id and online else []
            waits = await coming_back.returning(session, number, come) if online and come else None
        log.info("phone changed", extension=number, registered=online)
        await wake(self.client, matches)
        if waits is not None:
            await self.signals.returned(waits)
