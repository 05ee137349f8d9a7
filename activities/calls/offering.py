"""Finding an agent for a call, as Temporal's local activities. Each may be repeated at any time."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from temporalio import activity

from activities.calls import legs
from activities.calls.node import Node
from activities.calls.offers import Offers
from activities.calls.wake import wake
from db.calls import calls
from db.core.clock import now
from domain.calls import ids
from domain.calls.causes import HangupCause
from telephony.errors import GONE, Failed, NotFound, Refused, RequestTimedOut
from workflows.calls import offering

log = structlog.get_logger(__name__)

_TRIES_TO_RECORD = 2
"""A fault that passes costs no recording, and one that lasts does not keep the parties apart."""


@dataclass(frozen=True)
class OfferingSteps:
    """Rings agents for a call in line, and connects the customer with the agent who picks up first."""

    node: Node
    offers: Offers

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self.search, self.requeue, self.connect, self.release_leg]

    @activity.defn(name=offering.SEARCH.name)
    async def search(self, search: offering.Search) -> offering.Found:
        """Rings agents for a call in line when some are free."""
        return await self.offers.next(search)

    @activity.defn(name=offering.REQUEUE.name)
    async def requeue(self, requeue: offering.Requeue) -> offering.Found:
        """Stops phones that ring, puts the call back at the front, and rings the next agents."""
        call_id = requeue.then.call_id
        await legs.hang_up_agents(self.node.asterisk, call_id, requeue.missed)
        await self.offers.take_back(requeue.missed, requeue.then, no_answer=requeue.no_answer)
        return offering.Found() if requeue.still_ringing else await self.offers.next(requeue.then)

    @activity.defn(name=offering.CONNECT.name)
    async def connect(self, connect: offering.Connect) -> offering.Connected:
        """Brings customer and agent together, stops the other phones and starts the recording."""
        if not await self.offers.holds(connect.call_id, connect.offer):
            return await self._too_late(connect)
        asterisk = self.node.asterisk
        bridge = ids.bridge(connect.call_id)
        agent = ids.agent_leg(connect.call_id, connect.offer.attempt)
        # A phone that dialled has heard it ring until now.
        answers = [asterisk.answer(agent)] if ids.is_own_phone(connect.call_id, connect.offer.attempt) else []
        try:
            *_, is_new = await asyncio.gather(
                # Their phones list no missed call.
                legs.hang_up_agents(asterisk, connect.call_id, connect.others, HangupCause.ANSWERED_ELSEWHERE),
                *(asterisk.stop_playing(playing) for playing in _playing(connect)),
                asterisk.stop_music(connect.customer),
                asterisk.create_bridge(bridge),
            )
            # Only then: a leg that still hears a playback would keep this request waiting.
            await asyncio.gather(*answers)
            since = None if is_new else await self._together_since(connect)
            await asterisk.add_to_bridge(bridge, [connect.customer, agent])
        except GONE as gone:
            return await self._not_connected(connect, gone)
        is_recorded = not connect.recorded or await self._record(connect.call_id, connect.customer, again=connect.again)
        return await self._connected(connect, since, is_recorded=is_recorded)

    async def _connected(
        self, connect: offering.Connect, since: datetime | None, *, is_recorded: bool = True
    ) -> offering.Connected:
        """Notes that the parties hear each other: since now, if not since then."""
        async with self.node.database.write() as session:
            matches = await calls.connect(
                session,
                connect.call_id,
                connect.offer.user_id,
                now(),
                recorded=connect.recorded,
                since=since,
                others=bool(connect.others),
                unrecorded=not is_recorded,
            )
        if matches is None:
            # The agent was held a moment ago; only a process that stood still since then comes here.
            return await self._too_late(connect)
        await wake(self.node.client, matches)
        return offering.Connected(connected=True)

    async def _together_since(self, connect: offering.Connect) -> datetime | None:
        """Since when the parties have heard each other, if this step was broken off once it had brought them together.

        Both came into the bridge at once, so one who is still there has heard the other.
        """
        try:
            bridge = await self.node.asterisk.bridge(ids.bridge(connect.call_id))
        except NotFound:
            return None
        agent = ids.agent_leg(connect.call_id, connect.offer.attempt)
        if connect.again:
            # The customer, and the bridge, may be of the talk before.
            return now() if agent in bridge.channels else None
        return bridge.created_at if {agent, connect.customer} & set(bridge.channels) else None

    async def _too_late(self, connect: offering.Connect) -> offering.Connected:
        """The agent is another call's, or this step was done before and what came after it has gone on since."""
        async with self.node.database.read() as session:
            if not await calls.is_unanswered(session, connect.call_id, connect.offer.attempt):
                return offering.Connected(connected=True)
        log.warning("answered too late", call_id=connect.call_id, attempt=connect.offer.attempt)
        asterisk = self.node.asterisk
        await asterisk.destroy_bridge(ids.bridge(connect.call_id))
        await asterisk.hang_up(ids.agent_leg(connect.call_id, connect.offer.attempt))
        try:
            await asterisk.start_music(connect.customer)
        except GONE:
            return offering.Connected(connected=False, customer_gone=True)
        return offering.Connected(connected=False, agent_taken=True)

    async def _not_connected(self, connect: offering.Connect, gone: Refused) -> offering.Connected:
        async with self.node.database.read() as session:
            if not await calls.is_unanswered(session, connect.call_id, connect.offer.attempt):
                # This step was done before and its result lost; what came after it has gone on since.
                return offering.Connected(connected=True)
        since = await self._together_since(connect)
        if since is not None:
            # Whether that was recorded shows when the recording is listed.
            return await self._connected(connect, since)
        log.info("a party left before the connection", call_id=connect.call_id, reason=str(gone))
        # A callback may wait for long now.
        await self.node.asterisk.destroy_bridge(ids.bridge(connect.call_id))
        try:
            await self.node.asterisk.start_music(connect.customer)
        except GONE:
            return offering.Connected(connected=False, customer_gone=True)
        return offering.Connected(connected=False)

    async def _record(self, call_id: str, customer: str, *, again: bool) -> bool:
        """Records what the customer hears and says: the recording follows the customer wherever the call goes.

        A pause of it was that of the agent before. False when it cannot be recorded: the talk matters more than that.
        """
        asterisk, name = self.node.asterisk, ids.recording(call_id, 1)
        for _ in range(_TRIES_TO_RECORD):
            try:
                await asterisk.start_recording(customer, name, ids.listener(call_id, 1))
                if again:
                    await asterisk.resume_recording(name)
            except (Refused, Failed, RequestTimedOut) as error:
                log.warning("recording not started", call_id=call_id, reason=str(error))
            else:
                return True
        return False

    @activity.defn(name=offering.RELEASE_LEG.name)
    async def release_leg(self, leg: offering.ReleaseLeg) -> None:
        """Hangs up a phone that was picked up too late."""
        await self.node.asterisk.hang_up(ids.agent_leg(leg.call_id, leg.attempt))


def _playing(connect: offering.Connect) -> tuple[str, ...]:
    """What either party may still hear."""
    dial = ids.parse_leg(connect.customer).dial
    ringback = (ids.ringback(connect.call_id, dial),) if dial else ()
    return (*ringback, *ids.played(connect.call_id, connect.playing))
