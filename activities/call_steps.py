"""The steps of a call, as Temporal's local activities. Each may be repeated at any time and then changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from temporalio import activity

from activities.offers import Offers
from activities.wake import wake
from db import calls, cdrs
from db.clock import now
from domain import ids
from domain.arrival import Arrival
from domain.call import Disposition
from telephony.causes import HangupCause
from telephony.errors import NotFound, RecordingMissing, Refused
from telephony.model import ChannelState
from workflows import messages, steps

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class CallSteps:
    """Everything a call does to the world. `closing` is told of calls whose legs we are about to hang up."""

    offers: Offers
    node: str
    closing: Callable[[str], None]

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [
            self.admit,
            self.search,
            self.requeue,
            self.connect,
            self.finish,
            self.complete,
            self.probe,
            self.release_leg,
            self.set_mute,
        ]

    @activity.defn(name=steps.ADMIT.name)
    async def admit(self, arrival: Arrival) -> messages.Admitted:
        """Writes the call down, answers it with music, and rings an agent when one is free."""
        offers, asterisk = self.offers, self.offers.asterisk
        async with offers.database.write() as session:
            queue = await calls.route(session, arrival.dialled)
            is_new = await calls.enter(session, arrival, queue, now())
            if queue is None:
                return messages.Admitted(None)
            search = messages.Search(arrival.call_id, queue, 1, arrival.caller_number, arrival.caller_name)
            claim, matches = await offers.claim(session, search, is_new=is_new)
        try:
            # Sent in this order without waiting for each other: one trip to Asterisk.
            _, _, offer, _ = await asyncio.gather(
                asterisk.answer(arrival.call_id),
                asterisk.start_music(arrival.call_id),
                offers.ring(claim, search),
                wake(offers.client, matches, but=arrival.call_id),
            )
        except Refused as refusal:
            # The caller hung up meanwhile; the event that tells so is on its way.
            log.info("caller left at the door", call_id=arrival.call_id, reason=str(refusal))
            offer = messages.Offer(claim.user_id, 1) if claim else None
        return messages.Admitted(queue, offer)

    @activity.defn(name=steps.SEARCH.name)
    async def search(self, search: messages.Search) -> messages.Found:
        """Rings an agent for a waiting call when one is free."""
        return await self.offers.next(search)

    @activity.defn(name=steps.REQUEUE.name)
    async def requeue(self, requeue: messages.Requeue) -> messages.Found:
        """Stops the phone that rings, puts the call back at the front, and rings the next agent."""
        leg = ids.agent_leg(requeue.then.call_id, requeue.missed.attempt)
        await self.offers.asterisk.hang_up(leg)
        await self.offers.take_back(requeue.missed, requeue.then)
        return await self.offers.next(requeue.then)

    @activity.defn(name=steps.CONNECT.name)
    async def connect(self, connect: messages.Connect) -> messages.Connected:
        """Brings customer and agent together and starts the recording."""
        asterisk = self.offers.asterisk
        bridge = ids.bridge(connect.call_id)
        legs = [connect.call_id, ids.agent_leg(connect.call_id, connect.offer.attempt)]
        try:
            await asyncio.gather(
                asterisk.stop_music(connect.call_id),
                asterisk.create_bridge(bridge),
                asterisk.add_to_bridge(bridge, legs),
            )
        except Refused as refusal:
            return await self._not_connected(connect, refusal)
        if connect.recorded:
            await self._record(connect.call_id)
        async with self.offers.database.write() as session:
            await calls.connect(session, connect.call_id, connect.offer.user_id, now(), recorded=connect.recorded)
        return messages.Connected(connected=True)

    async def _not_connected(self, connect: messages.Connect, refusal: Refused) -> messages.Connected:
        async with self.offers.database.read() as session:
            if not await calls.is_unanswered(session, connect.call_id):
                # This step was done before and its result lost; what came after it has gone on since.
                return messages.Connected(connected=True)
        log.info("a party left before the connection", call_id=connect.call_id, reason=str(refusal))
        try:
            await self.offers.asterisk.start_music(connect.call_id)
        except Refused:
            return messages.Connected(connected=False, customer_gone=True)
        return messages.Connected(connected=False)

    async def _record(self, call_id: str) -> None:
        """Records what the customer hears and says: the recording follows the customer wherever the call goes."""
        try:
            await self.offers.asterisk.start_recording(call_id, ids.recording(call_id, 1), ids.listener(call_id, 1))
        except Refused as refusal:
            # The talk matters more than its recording; the end of the call finds no file and flags it.
            log.warning("recording not started", call_id=call_id, reason=str(refusal))

    @activity.defn(name=steps.FINISH.name)
    async def finish(self, finish: messages.Finish) -> None:
        """Hangs up whoever is left and writes the CDR; without wrap-up, the agent is free at once."""
        recording = await self._clear(finish)
        ending = cdrs.Ending(finish.call_id, finish.disposition, finish.ended_by, finish.cause, finish.ended_at)
        wrap_up = timedelta(seconds=finish.wrap_up_seconds)
        async with self.offers.database.write() as session:
            await cdrs.end(session, ending, recording, wrap_up)
            matches = await cdrs.complete(session, finish.call_id, now()) if not wrap_up else []
        await wake(self.offers.client, matches)

    async def _clear(self, finish: messages.Finish) -> cdrs.StoredRecording | None:
        self.closing(finish.call_id)
        asterisk = self.offers.asterisk
        commands: list[Awaitable[bool]] = [asterisk.hang_up(finish.call_id, _cause_for_customer(finish))]
        if finish.offer:
            commands.append(asterisk.hang_up(ids.agent_leg(finish.call_id, finish.offer.attempt)))
        if finish.talked:
            commands.append(asterisk.destroy_bridge(ids.bridge(finish.call_id)))
        await asyncio.gather(*commands)
        return await self._stored_recording(finish)

    async def _stored_recording(self, finish: messages.Finish) -> cdrs.StoredRecording | None:
        if not finish.recorded:
            return None
        name = ids.recording(finish.call_id, 1)
        try:
            stored = await self.offers.asterisk.stop_recording(name)
        except RecordingMissing:
            log.warning("recording missing", call_id=finish.call_id)
            return cdrs.StoredRecording(name, self.node, 0.0, playable=False)
        return cdrs.StoredRecording(name, self.node, stored.seconds, playable=stored.seconds > 0)

    @activity.defn(name=steps.COMPLETE.name)
    async def complete(self, complete: messages.Complete) -> None:
        """Completes the CDR and gives the agent back to the line."""
        async with self.offers.database.write() as session:
            matches = await cdrs.complete(session, complete.call_id, now())
        await wake(self.offers.client, matches)

    @activity.defn(name=steps.PROBE.name)
    async def probe(self, probe: messages.Probe) -> messages.Legs:
        """Looks which legs of a call Asterisk still has."""
        customer, agent = await asyncio.gather(
            self._state_of(probe.call_id),
            self._state_of(ids.agent_leg(probe.call_id, probe.attempt)),
        )
        return messages.Legs(customer=customer is not None, agent=agent is not None, agent_up=agent is ChannelState.UP)

    async def _state_of(self, channel_id: str) -> ChannelState | None:
        try:
            return (await self.offers.asterisk.channel(channel_id)).state
        except NotFound:
            return None

    @activity.defn(name=steps.RELEASE_LEG.name)
    async def release_leg(self, leg: messages.ReleaseLeg) -> None:
        """Hangs up a phone that was picked up too late."""
        await self.offers.asterisk.hang_up(ids.agent_leg(leg.call_id, leg.attempt))

    @activity.defn(name=steps.SET_MUTE.name)
    async def set_mute(self, mute: messages.SetMute) -> None:
        """Turns the agent's microphone off or on, and tells the agent's page."""
        leg = ids.agent_leg(mute.call_id, mute.attempt)
        await (self.offers.asterisk.mute(leg) if mute.muted else self.offers.asterisk.unmute(leg))
        async with self.offers.database.write() as session:
            await calls.mute(session, mute.call_id, muted=mute.muted)


def _cause_for_customer(finish: messages.Finish) -> HangupCause:
    """What a customer who is still there is told: the cause of a failure, else an ordinary hang-up."""
    return HangupCause.of(finish.cause) if finish.disposition is Disposition.FAILED else HangupCause.NORMAL
