"""The steps by which a caller who hung up is called back."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from temporalio import activity
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.calls import dialling
from activities.calls.offers import Offers
from activities.calls.wake import wake
from db.agents import presence
from db.callbacks import callbacks
from db.calls import calls, manual
from db.core.clock import now
from db.dialling_rules import destinations
from db.routing import claims
from db.trunks import trunks
from db.trunks.trunks import Route
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.failure import Failure
from telephony.errors import GONE, Refused
from workflows.calls import customer_leg, ivr
from workflows.calls.workflow import CallWorkflow
from workflows.core import timeouts

log = structlog.get_logger(__name__)

_THANKS = ("auth-thankyou", "vm-goodbye")


@dataclass(frozen=True)
class CallbackSteps:
    """Keeping a caller's place, and calling the caller, who is in `region` (ISO 3166), when the turn comes."""

    offers: Offers
    task_queue: str
    region: str
    ready: set[str] = field(default_factory=set)
    """Customers' legs that this process is about to call, and has not: a step that breaks off before may begin anew."""

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self.check_number, self.request_callback, self.dial, self.retry_later]

    @activity.defn(name=ivr.CHECK_NUMBER.name)
    async def check_number(self, check: ivr.CheckNumber) -> ivr.CheckedNumber:
        """Whether a caller may be called back at a number."""
        async with self.offers.database.read() as session:
            decision = await destinations.decide(session, check.number, self.region, by_caller=True)
        return ivr.CheckedNumber(decision.number)

    @activity.defn(name=ivr.REQUEST_CALLBACK.name)
    async def request_callback(self, request: ivr.RequestCallback) -> None:
        """Puts a call of ours at the caller's place, starts it, and thanks the caller."""
        order = request.order
        wish = callbacks.Request(order.call_id, order.queue_id, order.number)
        async with self.offers.database.write() as session:
            requested = await callbacks.request(session, wish, now())
        if requested.has_call:
            await self._start(wish.call_id, order)
        await wake(self.offers.client, requested.matches)
        asterisk, customer = self.offers.asterisk, request.customer
        try:
            await asterisk.stop_playing(ids.announcement(order.call_id, request.count - 1))
            await asterisk.speak(customer, ids.announcement(order.call_id, request.count), _THANKS)
        except GONE as gone:
            log.info("caller left with a place in line", call_id=order.call_id, reason=str(gone))

    async def _start(self, call_id: str, order: ivr.CallbackOrder) -> None:
        arrival = Arrival(
            call_id, order.node, order.dialled, order.number, order.name, now(), call_back_for=order.queue_id
        )
        try:
            await self.offers.client.start_workflow(
                CallWorkflow.run,
                arrival,
                id=ids.workflow(call_id),
                task_queue=self.task_queue,
                task_timeout=timeouts.WORKFLOW_TASK,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            )
        except WorkflowAlreadyStartedError:
            log.info("callback known already", call_id=call_id)

    @activity.defn(name=customer_leg.DIAL.name)
    async def dial(self, dial: customer_leg.Dial) -> customer_leg.Dialled:
        """Calls the customer once, while the agent hears it ring."""
        customer = ids.customer_leg(dial.call_id, dial.dial)
        others = [offer.user_id for offer in dial.others]
        async with self.offers.database.write() as session:
            if not await calls.hold(session, dial.call_id, dial.offer.user_id, dial.offer.attempt, now()):
                # The phone was picked up so late that its agent has become another call's.
                return customer_leg.Dialled(ringing=False, agent_gone=True)
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
            decision = await destinations.decide(session, dial.number, self.region, by_caller=not dial.by_hand)
            number = decision.number
            shown = await manual.shown_in(session, dial.call_id, dial.shown)
            routes = await trunks.candidates(session, number, shown, self.region) if number else []
            released = await presence.release_many(session, others, dial.call_id, now())
            idle = [user_id for user_id, state in released.items() if state is AgentState.IDLE]
            matches = await claims.match_agents(session, idle, now())
        await wake(self.offers.client, matches)
        if customer not in self.ready:
            # It may have been dialled before, and nobody is called twice: Asterisk tells what became of it. What
            # Asterisk knows nothing of is our failure, and not the customer's.
            is_there = await self.offers.asterisk.exists(customer)
            return customer_leg.Dialled(is_there, failure=None if is_there else Failure.SYSTEM)
        if ids.is_own_phone(dial.call_id, dial.offer.attempt) and not await self._let_hear(dial):
            return customer_leg.Dialled(ringing=False, agent_gone=True)
        await self._stop_others(dial)
        self.ready.discard(customer)
        if number is None:
            return customer_leg.Dialled(ringing=False, failure=Failure.NOT_ALLOWED)
        return await self._call(dial, customer, routes)

    async def _stop_others(self, dial: customer_leg.Dial) -> None:
        """Stops the other phones that rang, and what the agent hears of an earlier leg."""
        asterisk = self.offers.asterisk
        await asyncio.gather(*(asterisk.hang_up(ids.agent_leg(dial.call_id, offer.attempt)) for offer in dial.others))
        if dial.avoid:
            await asterisk.hang_up(ids.customer_leg(dial.call_id, dial.dial - 1))
            await asterisk.stop_playing(ids.ringback(dial.call_id, dial.dial - 1))

    async def _let_hear(self, dial: customer_leg.Dial) -> bool:
        """Lets the phone that dialled ring by itself. False when it has been put down: then nobody is called."""
        try:
            await self.offers.asterisk.ring(ids.agent_leg(dial.call_id, dial.offer.attempt))
        except GONE as gone:
            log.info("agent left before the customer was dialled", call_id=dial.call_id, reason=str(gone))
            return False
        return True

    async def _call(self, dial: customer_leg.Dial, customer: str, routes: Sequence[Route]) -> customer_leg.Dialled:
        """Calls by the first of these trunks that can be used."""
        asterisk = self.offers.asterisk
        leg = dialling.Leg(dial.call_id, customer, f"customer,{dial.call_id}")
        way = await dialling.call(self.offers, leg, routes, dial.avoid)
        if way.failure is not None:
            log.warning("customer not dialled", call_id=dial.call_id, failure=way.failure)
            return customer_leg.Dialled(ringing=False, failure=way.failure, way=way)
        try:
            if not ids.is_own_phone(dial.call_id, dial.offer.attempt):
                agent = ids.agent_leg(dial.call_id, dial.offer.attempt)
                await asterisk.play_ringback(agent, ids.ringback(dial.call_id, dial.dial))
        except Refused as refusal:
            log.info("agent hears no ringing", call_id=dial.call_id, reason=str(refusal))
        return customer_leg.Dialled(ringing=True, way=way)

    @activity.defn(name=customer_leg.RETRY_LATER.name)
    async def retry_later(self, later: customer_leg.RetryLater) -> None:
        """Lets the agent go, and the callback stand in line again."""
        asterisk = self.offers.asterisk
        await asyncio.gather(
            asterisk.hang_up(later.customer),
            asterisk.hang_up(ids.agent_leg(later.call_id, later.offer.attempt)),
        )
        async with self.offers.database.write() as session:
            postponed = callbacks.NextTry(later.call_id, later.offer.user_id, later.at, later.tries)
            matches = await callbacks.retry(session, postponed, now())
        await wake(self.offers.client, matches)
