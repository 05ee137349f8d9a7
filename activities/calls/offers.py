"""Ringing agents for a call in line."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from activities.calls import legs
from activities.calls.node import Node
from activities.calls.wake import wake
from db.callbacks import callbacks
from db.calls import arrivals, calls
from db.core.clock import now
from db.core.engine import WriteSession
from db.queues import rules
from db.routing import claims as routing
from domain.agents.agent import ExtensionKind
from domain.routing.matching import Match
from workflows.calls.offering import Found, Search
from workflows.calls.parties import Offer
from workflows.core import timeouts

LATE = timedelta(seconds=1)
"""What takes longer has waited for a process that stood still; meanwhile a customer may have come and gone."""


def offer_of(claim: routing.Claim) -> Offer:
    """The agent of a claim, as the call knows who is rung."""
    return Offer(claim.user_id, claim.attempt, web=claim.kind is ExtensionKind.WEB)


@dataclass(frozen=True)
class Offers:
    """Claims agents in the database and rings their phones."""

    node: Node

    async def claim(
        self, session: WriteSession, search: Search, *, is_new: bool = False
    ) -> tuple[Sequence[routing.Claim], Sequence[Match]]:
        """The agents held for this call, newly or still, and whatever other calls were matched on the way."""
        if search.forgive:
            await calls.forgive(session, search.call_id)
        # The call takes the agents back before the claim runs out.
        ring = timedelta(seconds=search.queue.ring_seconds) + timeouts.RING_MARGIN * 2
        return await calls.search(
            session, search.call_id, search.queue.queue_id, search.attempt, now(), ring, is_new=is_new
        )

    async def next(self, search: Search) -> Found:
        """Rings the next agents who can be rung, as long as the customer, if there is one, is on the line."""
        seen_at = now()
        if search.customer is not None and not await self.node.asterisk.exists(search.customer):
            return Found(customer_gone=True)
        async with self.node.database.write() as session:
            fresh = await rules.find(session, search.queue.queue_id) if search.refresh else None
            search = replace(search, queue=fresh or search.queue)
            if search.customer is None and await callbacks.is_withdrawn(session, search.call_id):
                return Found(withdrawn=True)
            until = await callbacks.closed_until(session, search.queue, now()) if search.customer is None else None
            claims: Sequence[routing.Claim] = ()
            matches: Sequence[Match] = ()
            if until is not None:
                matches = await callbacks.postpone(session, search.call_id, until, now())
            else:
                claims, matches = await self.claim(session, search)
            asked = search.customer is not None and search.refresh and not claims
            way_out = await arrivals.way_out(session, search.call_id, search.queue, now()) if asked else None
        # Whether or not the others can be woken, the phones ring, and the call knows whose.
        ringing = asyncio.ensure_future(self.ring(claims, search, seen_at))
        try:
            await wake(self.node.client, matches, but=search.call_id)
        finally:
            rung = await ringing
        return replace(rung, queue=fresh, exit=way_out)

    async def ring(self, claims: Sequence[routing.Claim], search: Search, seen_at: datetime) -> Found:
        """Rings the claimed agents; when none of their phones can be rung at all, the next ones.

        The customer was there at `seen_at`: after a database that stood still, nobody is rung for one who has gone.
        """
        if (
            claims
            and now() - seen_at > LATE
            and search.customer
            and not await self.node.asterisk.exists(search.customer)
        ):
            return Found(customer_gone=True)
        rung = await asyncio.gather(*(self._ring(claim, search) for claim in claims))
        offers = tuple(offer_of(claim) for claim in claims)
        failed = tuple(offer for offer, rings in zip(offers, rung, strict=True) if not rings)
        if not failed:
            return Found(offers)
        await self.take_back(failed, search, no_answer=True)
        if len(failed) < len(offers):
            return Found(tuple(offer for offer in offers if offer not in failed))
        later = replace(search, attempt=max(offer.attempt for offer in failed) + 1, refresh=False, forgive=False)
        return Found((await self.next(later)).offers, in_vain=True)

    async def _ring(self, claim: routing.Claim, search: Search) -> bool:
        caller, seconds = (search.caller_number, search.caller_name), search.queue.ring_seconds
        ring = legs.PhoneRing(search.call_id, claim.attempt, claim.extension, seconds, *caller, at=claim.node)
        return await legs.ring(self.node, ring)

    async def holds(self, call_id: str, offer: Offer) -> bool:
        """Whether an agent who has picked up is the call's, also when that was late and no other call has one."""
        async with self.node.database.look() as session:
            if await calls.is_held(session, call_id, offer.user_id, now()):
                return True
        async with self.node.database.write() as session:
            return await calls.hold(session, call_id, offer.user_id, offer.attempt, now())

    async def take_back(self, missed: Sequence[Offer], search: Search, *, no_answer: bool) -> None:
        """Puts the call back to its place in line, and the agents back among those who are free."""
        users = [offer.user_id for offer in missed]
        async with self.node.database.write() as session:
            matches = await calls.missed(
                session,
                search.call_id,
                users,
                search.queue.queue_id,
                now(),
                no_answer=no_answer,
                limit=search.queue.no_answer_limit,
            )
        await wake(self.node.client, matches, but=search.call_id)
