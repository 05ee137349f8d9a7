"""How the calls begin that agents dial: in the portal, or on the desk phone itself."""

import asyncio
import time
from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from activities.calls import legs
from activities.calls.node import Node
from db.calls import at_phone, manual
from db.core.clock import now
from domain.agents.agent import ExtensionKind
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.dialling_rules.refusal import DialRefusal
from telephony.errors import TelephonyError
from workflows.calls import ivr, parties
from workflows.core import timeouts

PATIENCE = 1.0
"""Seconds within which the call that a phone has hung up, before it dials the next number, is over."""
_LOOK = 0.1

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ManualCalls:
    """Writes down calls that agents dial, if they may."""

    node: Node
    patience: float = PATIENCE

    async def ring_own_phone(self, arrival: Arrival, user_id: UUID) -> ivr.Admitted:
        """Dialled in the portal: rings the agent's own phone; a page answers at once."""
        async with self.node.database.write() as session:
            held = await manual.enter(session, arrival, now(), timeouts.OWN_PHONE + timeouts.RING_MARGIN * 2)
        if held.refusal is not None or held.phone is None:
            return ivr.Admitted()
        seconds = timeouts.OWN_PHONE.total_seconds()
        phone, caller = held.phone, (arrival.customer_number or "", "")
        ring = legs.PhoneRing(arrival.call_id, 1, phone.number, seconds, *caller, at_once=True, at=phone.node)
        if not await legs.ring(self.node, ring):
            return ivr.Admitted()
        return ivr.Admitted(offers=(parties.Offer(user_id, 1, web=held.phone.kind is ExtensionKind.WEB),))

    async def take_from_phone(self, arrival: Arrival, extension: str, *, gone: bool = False) -> ivr.Admitted:
        """Dialled on the phone of an extension: the phone waits for the customer, or hears why nobody is called.

        One that has `gone` before we heard of it holds no agent, who may have dialled another number since.
        """
        end = time.monotonic() + self.patience
        taken = await self._enter(arrival, extension, is_final=False, gone=gone)
        while taken.refusal is DialRefusal.NOT_NOW and time.monotonic() < end and await self._has_hung_up(extension):
            await asyncio.sleep(_LOOK)
            taken = await self._enter(arrival, extension, is_final=False)
        if taken.refusal is DialRefusal.NOT_NOW:
            taken = await self._enter(arrival, extension, is_final=True)
        if taken.refusal is not None:
            log.info("not dialled", call_id=arrival.call_id, extension=extension, reason=taken.refusal)
            await self.node.asterisk.refuse(ids.agent_leg(arrival.call_id, 1), taken.refusal)
        if taken.user_id is None:
            return ivr.Admitted()
        known = replace(arrival, customer_number=taken.number, our_number=taken.shown, dialled_by=taken.user_id)
        return ivr.Admitted(offers=(parties.Offer(taken.user_id, 1),), arrival=known)

    async def _enter(self, arrival: Arrival, extension: str, *, is_final: bool, gone: bool = False) -> at_phone.Taken:
        async with self.node.database.write() as session:
            return await at_phone.enter(
                session, arrival, extension, self.node.region, now(), is_final=is_final, gone=gone
            )

    async def _has_hung_up(self, extension: str) -> bool:
        """Whether what is dialled is all that the phone is in: its agent's last call is about to be over."""
        try:
            return len((await self.node.asterisk.endpoint(extension)).channels) == 1
        except TelephonyError:
            return False
