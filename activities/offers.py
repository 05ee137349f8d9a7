"""Ringing agents for a waiting call."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from temporalio.client import Client

from activities.wake import wake
from db import calls, routing
from db.clock import now
from db.engine import Database, WriteSession
from domain import ids
from domain.routing import Match
from telephony.asterisk import Asterisk
from telephony.dialling import extension_endpoint
from telephony.errors import Refused
from workflows import timeouts
from workflows.messages import Found, Offer, Search

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Offers:
    """Claims agents in the database and rings their phones."""

    database: Database
    asterisk: Asterisk
    client: Client

    async def claim(
        self, session: WriteSession, search: Search, *, is_new: bool = False
    ) -> tuple[routing.Claim | None, Sequence[Match]]:
        """The agent held for this call, newly or still, and whatever other calls were matched on the way."""
        if search.forgive:
            await calls.forgive(session, search.call_id)
        # The call takes the agent back before the claim runs out.
        ring = timedelta(seconds=search.queue.ring_seconds) + timeouts.RING_MARGIN * 2
        return await calls.search(
            session, search.call_id, search.queue.queue_id, search.attempt, now(), ring, is_new=is_new
        )

    async def next(self, search: Search) -> Found:
        """Rings the next agent who can be rung, as long as the customer is there."""
        if not await self.asterisk.exists(search.call_id):
            return Found(customer_gone=True)
        async with self.database.write() as session:
            claim, matches = await self.claim(session, search)
        _, offer = await asyncio.gather(wake(self.client, matches, but=search.call_id), self.ring(claim, search))
        return Found(offer)

    async def ring(self, claim: routing.Claim | None, search: Search) -> Offer | None:
        """Rings the claimed agent; when the phone cannot be rung at all, the next one."""
        if claim is None:
            return None
        try:
            await self.asterisk.originate(
                ids.agent_leg(search.call_id, search.attempt),
                endpoint=extension_endpoint(claim.extension),
                app_args=f"agent,{search.call_id}",
                caller_name=search.caller_name,
                caller_number=search.caller_number,
                timeout=search.queue.ring_seconds,
            )
        except Refused as refusal:
            log.warning("phone cannot be rung", call_id=search.call_id, extension=claim.extension, reason=str(refusal))
            await self.take_back(Offer(claim.user_id, search.attempt), search)
            return (await self.next(search)).offer
        return Offer(claim.user_id, search.attempt)

    async def take_back(self, missed: Offer, search: Search) -> None:
        """Puts the call back to its place in line, and the agent back among those who are free."""
        async with self.database.write() as session:
            matches = await calls.requeue(session, search.call_id, missed.user_id, search.queue.queue_id, now())
        await wake(self.client, matches, but=search.call_id)
