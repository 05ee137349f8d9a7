"""How the calls begin that agents dial: in the portal, or on the desk phone itself."""

from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from activities.offers import Offers
from db import at_phone, by_hand
from db.clock import now
from domain import ids
from domain.agent import ExtensionKind
from domain.arrival import Arrival
from telephony.dialling import ANSWER_AT_ONCE, extension_endpoint
from telephony.errors import Refused
from workflows import messages, timeouts

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ByHand:
    """Writes down calls that agents dial, if they may. `region` (ISO 3166) is the country of the centre."""

    offers: Offers
    region: str

    async def ring_own_phone(self, arrival: Arrival, user_id: UUID) -> messages.Admitted:
        """Dialled in the portal: rings the agent's own phone; a page answers at once."""
        async with self.offers.database.write() as session:
            held = await by_hand.enter(session, arrival, now(), timeouts.OWN_PHONE + timeouts.RING_MARGIN * 2)
        if held.refusal is not None or held.phone is None:
            return messages.Admitted()
        try:
            await self.offers.asterisk.originate(
                ids.agent_leg(arrival.call_id, 1),
                endpoint=extension_endpoint(held.phone.number),
                app_args=f"agent,{arrival.call_id}",
                caller_number=arrival.caller_number,
                timeout=timeouts.OWN_PHONE.total_seconds(),
                variables=ANSWER_AT_ONCE,
            )
        except Refused as refusal:
            log.info("own phone cannot be rung", call_id=arrival.call_id, reason=str(refusal))
            return messages.Admitted()
        return messages.Admitted(offers=(messages.Offer(user_id, 1, web=held.phone.kind is ExtensionKind.WEB),))

    async def take_from_phone(self, arrival: Arrival, extension: str) -> messages.Admitted:
        """Dialled on the phone of an extension: the phone waits for the customer, or hears why nobody is called."""
        async with self.offers.database.write() as session:
            taken = await at_phone.enter(session, arrival, extension, self.region, now())
        if taken.refusal is not None:
            log.info("not dialled", call_id=arrival.call_id, extension=extension, reason=taken.refusal)
            await self.offers.asterisk.refuse(ids.agent_leg(arrival.call_id, 1), taken.refusal)
        if taken.user_id is None:
            return messages.Admitted()
        known = replace(arrival, caller_number=taken.number, dialled=taken.shown, dialled_by=taken.user_id)
        return messages.Admitted(offers=(messages.Offer(taken.user_id, 1),), arrival=known)
