"""A third party in a call, as Temporal's local activities. Each may be repeated at any time."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from temporalio import activity

from activities.calls import legs, outside, talk
from activities.calls.node import Node
from activities.calls.offers import Offers
from activities.calls.wake import wake
from db.calls import control, handing_over, manual, third_parties
from db.calls.participants import Phone
from db.core.clock import now
from db.trunks import trunks
from db.trunks.trunks import Route
from domain.agents.agent import ExtensionKind
from domain.calls import ids
from domain.calls.call import CallRole, CallStage
from domain.calls.failure import Failure
from telephony.errors import Refused
from workflows.calls import parties, third_party, trunk_tries
from workflows.core import timeouts

log = structlog.get_logger(__name__)

_CUSTOMER_GONE = "The customer has hung up."

_NO_WAY = {
    Failure.NO_ROUTE: "There is no trunk by which to call out.",
    Failure.CARRIER_DOWN: "No trunk can be used just now.",
    Failure.NO_CHANNEL: "All lines to the outside are taken just now. Try again in a moment.",
}
"""Why somebody outside cannot even be dialled."""


@dataclass(frozen=True)
class ThirdPartySteps:
    """Rings a third party, lets agent and third party talk, and hands the call over."""

    node: Node
    offers: Offers

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self.reach, self.join, self.drop_guest, self.hand_over]

    @activity.defn(name=third_party.REACH.name)
    async def reach(self, reach: third_party.Reach) -> third_party.Reached:
        """Rings a third party, while the customer hears music and the agent that it rings."""
        target = reach.target
        if not reach.before and not await self.node.asterisk.exists(reach.customer):
            # The event that tells so is on its way, or lost with the process that heard it.
            guest = parties.Guest(reach.attempt, target)
            await self._drop(third_party.DropGuest(reach.call_id, guest, missed=False), told=False)
            return third_party.Reached(refusal=_CUSTOMER_GONE)
        who = (target.user_id, target.number)
        wanted = third_parties.Wanted(
            reach.call_id, reach.attempt, target.purpose, *who, self.node.region, reach.before
        )
        ring = timedelta(seconds=reach.ring_seconds) + timeouts.RING_MARGIN * 2
        async with self.node.database.write() as session:
            found = await third_parties.reach(session, wanted, now(), ring)
            number = found.number
            shown = await manual.shown_in(session, reach.call_id, reach.shown)
            routes = await trunks.candidates(session, number, shown, self.node.region) if number else []
        if found.refusal is not None:
            return third_party.Reached(refusal=found.refusal)
        guest = parties.Guest(reach.attempt, target, web=_is_web(found.phone))
        refusal, way = await self._ring(reach, found, routes)
        if reach.before or reach.agent is None:
            # Nobody is moved, and the agent who has asked for it still hears it ring.
            return third_party.Reached(guest if refusal is None else None, refusal, way)
        if refusal is not None:
            await self._drop(third_party.DropGuest(reach.call_id, guest, missed=False), told=False)
            await talk.note_stage(self.node, reach.call_id, CallStage.HELD if reach.held else CallStage.CONNECTED)
            return third_party.Reached(refusal=refusal, way=way)
        asterisk, agent = self.node.asterisk, ids.agent_leg(reach.call_id, reach.agent.attempt)
        await asterisk.remove_from_bridge(ids.bridge(reach.call_id), agent)
        await talk.to_music(asterisk, reach.call_id, reach.customer, reach.music)
        await legs.to_ringback(asterisk, reach.call_id, agent, guest)
        return third_party.Reached(guest, way=way)

    async def _ring(
        self, reach: third_party.Reach, found: third_parties.Found, routes: Sequence[Route]
    ) -> tuple[str | None, trunk_tries.Way]:
        """Rings the third party's phone once; says why when it cannot be rung."""
        leg = ids.agent_leg(reach.call_id, reach.attempt)
        if found.phone is not None:
            caller, phone = (reach.caller_number, reach.caller_name), found.phone
            rung = (reach.call_id, reach.attempt, phone.number, reach.ring_seconds)
            ring = legs.PhoneRing(*rung, *caller, at=phone.node)
            is_rung = await legs.ring(self.node, ring)
            return None if is_rung else "The phone cannot be rung just now.", trunk_tries.Way()
        if not found.is_new:
            # Somebody outside is dialled once: what became of it is told by Asterisk, and never by dialling again.
            is_there = await self.node.asterisk.exists(leg)
            return None if is_there else "The number was not reached.", trunk_tries.Way()
        if reach.before:
            await self.node.asterisk.hang_up(ids.agent_leg(reach.call_id, reach.before))
        guest = outside.OutsideLeg(reach.call_id, leg, f"agent,{reach.call_id}", is_guest=True)
        way = await outside.call(self.node, guest, routes, reach.avoid)
        return _NO_WAY.get(way.failure) if way.failure else None, way

    @activity.defn(name=third_party.JOIN.name)
    async def join(self, join: third_party.Join) -> None:
        """Lets agent and guest talk. A guest who has become another call's is let go, which ends the consultation."""
        await self.node.asterisk.stop_playing(ids.guest_ringback(join.call_id, join.guest.ringing))
        if not await self._has(join.call_id, join.guest):
            await self.node.asterisk.hang_up(ids.agent_leg(join.call_id, join.guest.attempt))
            return
        here = (join.guest.attempt,) if join.returning else (join.agent.attempt, join.guest.attempt)
        await talk.bring_together(self.node.asterisk, join.call_id, [], here)
        if join.returning:
            await talk.note_stage(self.node, join.call_id, CallStage.RETURNING, CallStage.CONSULTING)
        else:
            await talk.note_stage(self.node, join.call_id, join.stage)
        if join.again:
            async with self.node.database.read() as session:
                is_muted = await control.is_muted(session, join.call_id, CallRole.THIRD_PARTY)
            if is_muted:
                await legs.mute_again(self.node.asterisk, join.call_id, join.guest.attempt)

    @activity.defn(name=third_party.DROP_GUEST.name)
    async def drop_guest(self, drop: third_party.DropGuest) -> None:
        """Hangs up the guest's phone."""
        await self._drop(drop)

    async def _drop(self, drop: third_party.DropGuest, *, told: bool = True) -> None:
        asterisk, guest = self.node.asterisk, drop.guest
        await asyncio.gather(
            asterisk.hang_up(ids.agent_leg(drop.call_id, guest.attempt)),
            asterisk.stop_playing(ids.guest_ringback(drop.call_id, guest.ringing)),
        )
        became = third_parties.Became(drop.outcome, drop.failure) if told else None
        async with self.node.database.write() as session:
            matches = await third_parties.drop_guest(
                session, drop.call_id, guest.target.user_id, now(), missed=drop.missed, became=became
            )
        await wake(self.node.client, matches)

    @activity.defn(name=third_party.HAND_OVER.name)
    async def hand_over(self, over: third_party.HandOver) -> third_party.HandedOver:
        """Brings customer and guest together, and lets the agent go.

        A guest who is gone, or has become another call's meanwhile, takes nobody.
        """
        asterisk, guest = self.node.asterisk, over.guest
        async with self.node.database.read() as session:
            is_done = await handing_over.is_handed_over(session, over.call_id, guest.attempt)
        if not is_done:
            is_there = await asterisk.exists(ids.agent_leg(over.call_id, guest.attempt))
            if not is_there or not await self._has(over.call_id, guest):
                return third_party.HandedOver(guest_gone=True)
        await asterisk.stop_music(over.customer)
        await talk.bring_together(asterisk, over.call_id, [over.customer], (guest.attempt,))
        if over.agent is not None:
            await asterisk.hang_up(ids.agent_leg(over.call_id, over.agent.attempt))
        await self._record_again(over.call_id)
        former = over.agent.user_id if over.agent else None
        async with self.node.database.write() as session:
            handed = handing_over.Handed(over.call_id, former, guest.target.user_id, guest.attempt)
            matches = await handing_over.hand_over(session, handed, now())
        await wake(self.node.client, matches)
        return third_party.HandedOver()

    async def _has(self, call_id: str, guest: parties.Guest) -> bool:
        """Whether the guest, who may have picked up late, is still this call's. A number outside always is."""
        return guest.offer is None or await self.offers.holds(call_id, guest.offer)

    async def _record_again(self, call_id: str) -> None:
        """A pause of the recording was the former agent's."""
        try:
            await self.node.asterisk.resume_recording(ids.recording(call_id, 1))
        except Refused as refusal:
            # It is not recorded; the end of the call flags a file that is missing.
            log.info("recording not resumed", call_id=call_id, reason=str(refusal))


def _is_web(phone: Phone | None) -> bool:
    return phone is not None and phone.kind is ExtensionKind.WEB
