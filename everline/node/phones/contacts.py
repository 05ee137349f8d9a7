"""Turns away phones that would have their calls sent to somebody else."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from telephony.contacts import leads_elsewhere, read_contacts
from telephony.provisioning import Provisioning

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Contacts:
    """Takes registrations away that lead elsewhere.

    With them, somebody who knows an extension's password could call any number at a trunk's carrier, past every rule.
    """

    provisioning: Provisioning
    console: Callable[[str], Awaitable[str]]

    async def turn_away(self, extension: str, address: str) -> None:
        """Takes one away."""
        log.error("phone has registered for another place, change its password", extension=extension, address=address)
        await self.provisioning.forget_contact(extension, address)

    async def turn_away_all(self) -> None:
        """Looks at those that came while nobody listened."""
        for extension, address in read_contacts(await self.console("database show registrar")):
            if leads_elsewhere(address):
                await self.turn_away(extension, address)
