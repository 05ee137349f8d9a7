"""Calling a customer, as Temporal's local activities. Each may be repeated at any time; a customer is called once."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from temporalio import activity

from activities.calls import legs, outside
from activities.calls.node import Node
from activities.calls.wake import wake
from db.agents import release
from db.callbacks import callbacks
from db.calls import calls, manual
from db.core.clock import now
from db.dialling_rules import destinations
from db.trunks import trunks
from db.trunks.trunks import Route
from domain.calls import ids
from domain.calls.failure import Failure
from telephony.errors import GONE, Refused
from workflows.calls import customer_leg

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class CustomerLegSteps:
    """Calls the customer when an agent has picked up, or later."""

    node: Node
    ready: set[str] = field(default_factory=set)
    """Customers' legs that this process is about to call, and has not: a step that breaks off before may begin anew."""

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self.dial, self.retry_later]

    @activity.defn(name=customer_leg.DIAL.name)
    async def dial(self, dial: customer_leg.Dial) -> customer_leg.DialResult:
        """Calls the customer once, while the agent hears it ring."""
        customer = ids.customer_leg(dial.call_id, dial.dial)
        others = [offer.user_id for offer in dial.others]
        async with self.node.database.write() as session:
            if not await calls.hold(session, dial.call_id, dial.offer.user_id, dial.offer.attempt, now()):
                # The phone was picked up so late that its agent has become another call's.
                return customer_leg.DialResult(ringing=False, agent_gone=True)
            if dial.by_hand:
                who = dial.offer.user_id
                is_first = await manual.begin_dial(session, dial.call_id, who, now(), dial=dial.dial)
            else:
                begun = callbacks.Try(
                    dial.call_id, dial.dial, dial.tries or dial.dial, dial.offer.user_id, dial.offer.attempt
                )
                is_first = await callbacks.begin_dial(session, begun, now())
            if is_first:
                self.ready.add(customer)
            # It was allowed when it was asked for, and that may be long ago.
            decision = await destinations.decide(session, dial.number, self.node.region, by_caller=not dial.by_hand)
            number = decision.number
            shown = await manual.shown_in(session, dial.call_id, dial.shown)
            routes = await trunks.candidates(session, number, shown, self.node.region) if number else []
            released = await release.release(session, dial.call_id, now(), users=others)
        await wake(self.node.client, released.matches)
        if customer not in self.ready:
            # It may have been dialled before, and nobody is called twice: Asterisk tells what became of it. What
            # Asterisk knows nothing of is our failure, and not the customer's.
            is_there = await self.node.asterisk.exists(customer)
            return customer_leg.DialResult(is_there, failure=None if is_there else Failure.SYSTEM)
        if ids.is_own_phone(dial.call_id, dial.offer.attempt) and not await self._let_hear(dial):
            return customer_leg.DialResult(ringing=False, agent_gone=True)
        await self._stop_others(dial)
        self.ready.discard(customer)
        if number is None:
            return customer_leg.DialResult(ringing=False, failure=Failure.NOT_ALLOWED)
        return await self._call(dial, customer, routes)

    async def _stop_others(self, dial: customer_leg.Dial) -> None:
        """Stops the other phones that rang, and what the agent hears of an earlier leg."""
        asterisk = self.node.asterisk
        await legs.hang_up_agents(asterisk, dial.call_id, dial.others)
        if dial.avoid:
            await asterisk.hang_up(ids.customer_leg(dial.call_id, dial.dial - 1))
            await asterisk.stop_playing(ids.ringback(dial.call_id, dial.dial - 1))

    async def _let_hear(self, dial: customer_leg.Dial) -> bool:
        """Lets the phone that dialled ring by itself. False when it has been put down: then nobody is called."""
        try:
            await self.node.asterisk.ring(ids.agent_leg(dial.call_id, dial.offer.attempt))
        except GONE as gone:
            log.info("agent left before the customer was dialled", call_id=dial.call_id, reason=str(gone))
            return False
        return True

    async def _call(self, dial: customer_leg.Dial, customer: str, routes: Sequence[Route]) -> customer_leg.DialResult:
        """Calls by the first of these trunks that can be used."""
        asterisk = self.node.asterisk
        leg = outside.OutsideLeg(dial.call_id, customer, f"customer,{dial.call_id}")
        way = await outside.call(self.node, leg, routes, dial.avoid)
        if way.failure is not None:
            log.warning("customer not dialled", call_id=dial.call_id, failure=way.failure)
            return customer_leg.DialResult(ringing=False, failure=way.failure, way=way)
        try:
            if not ids.is_own_phone(dial.call_id, dial.offer.attempt):
                agent = ids.agent_leg(dial.call_id, dial.offer.attempt)
                await asterisk.play_ringback(agent, ids.ringback(dial.call_id, dial.dial))
        except Refused as refusal:
            log.info("agent hears no ringing", call_id=dial.call_id, reason=str(refusal))
        return customer_leg.DialResult(ringing=True, way=way)

    @activity.defn(name=customer_leg.RETRY_LATER.name)
    async def retry_later(self, later: customer_leg.RetryLater) -> None:
        """Lets the agent go, and the callback stand in line again."""
        asterisk = self.node.asterisk
        await asyncio.gather(
            asterisk.hang_up(later.customer),
            asterisk.hang_up(ids.agent_leg(later.call_id, later.offer.attempt)),
        )
        async with self.node.database.write() as session:
            postponed = callbacks.NextTry(later.call_id, later.offer.user_id, later.at, later.tries)
            matches = await callbacks.retry(session, postponed, now())
        await wake(self.node.client, matches)
