"""The steps of a call with its caller alone: to be admitted, to enter a queue, to hear and to answer by keys."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from temporalio import activity

from activities.calls import legs
from activities.calls.manual import ManualCalls
from activities.calls.node import Node
from activities.calls.offers import LATE, Offers, offer_of
from activities.calls.speech import speak_instead
from activities.calls.wake import wake
from db.calls import arrivals, leaving
from db.core.clock import now
from db.core.engine import WriteSession
from db.inbound import destination, menus
from db.queues import rules
from db.routing import estimates, line
from db.routing.claims import Claim
from db.trunks import channels
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.inbound import speech
from domain.numbering.number_format import spellings
from domain.queues.exits import Exit, ExitAction, Occasion
from domain.queues.queue import Queue
from domain.routing.matching import USUAL_PRIORITY, Match
from telephony.errors import GONE
from workflows.calls import ivr, offering

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class IvrSteps:
    """What a call does before an agent has it. `admitted` is told of calls that have come in."""

    node: Node
    offers: Offers
    manual_calls: ManualCalls
    admitted: Callable[[str], None]

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self.admit, self.enter_queue, self.announce, self.say]

    @activity.defn(name=ivr.ADMIT.name)
    async def admit(self, arrival: Arrival) -> ivr.Admitted:
        """Writes the call down and answers it: with music while an agent is rung, or with what its number leads to."""
        try:
            return await self._admit(arrival)
        finally:
            self.admitted(arrival.call_id)

    async def _went_unseen(self, arrival: Arrival, channel: str) -> bool:
        """Whether who calls, of whom we hear late, has gone again. Asked then only: the call's end is told anyway."""
        return now() - arrival.arrived_at > LATE and not await self.node.asterisk.exists(channel)

    async def _claim(
        self, session: WriteSession, search: offering.Search, *, is_new: bool, gone: bool
    ) -> tuple[Sequence[Claim], Sequence[Match]]:
        return ((), ()) if gone else await self.offers.claim(session, search, is_new=is_new)

    async def _admit(self, arrival: Arrival) -> ivr.Admitted:
        if arrival.dialled_by is not None:
            return await self.manual_calls.ring_own_phone(arrival, arrival.dialled_by)
        if arrival.dialled_on is not None:
            gone = await self._went_unseen(arrival, ids.agent_leg(arrival.call_id, 1))
            return await self.manual_calls.take_from_phone(arrival, arrival.dialled_on, gone=gone)
        if arrival.call_back_for is not None:
            return await self._admit_callback(arrival, arrival.call_back_for)
        seen_at, gone = now(), await self._went_unseen(arrival, arrival.call_id)
        async with self.node.database.write() as session:
            found = await destination.find(session, spellings(arrival.our_number, self.node.region), arrival.trunk)
            to, arrival = found.destination, arrival.read_as(found.number_format, self.node.region)
            channel = channels.Channel(arrival.trunk, arrival.call_id)
            if to and to.is_limited and not await channels.lets_in(session, channel):
                return ivr.Admitted(is_full=True, arrival=arrival)
            queue = await rules.find(session, to.queue_id) if to and to.queue_id else None
            menu = await menus.find(session, to.menu_id) if to and to.menu_id else None
            priority = to.priority if to else USUAL_PRIORITY
            if queue is None:
                await arrivals.enter(session, arrival, None, now(), priority=priority)
                entry = None
            else:
                entry = await arrivals.come_in(session, arrival, queue, now(), priority=priority)
            if queue is not None and entry is not None and entry.occasion is None:
                search = _search_of(arrival, queue)
                claims, matches = await self._claim(session, search, is_new=entry.is_new, gone=gone)
        if queue is None or entry is None or entry.occasion is not None:
            occasion = entry.occasion if entry else None
            if menu is not None or occasion is not None:
                await self._answer(arrival.call_id)
            return ivr.Admitted(queue, (), menu, _exit(queue, occasion), arrival)
        try:
            # Agents are rung while the caller is answered.
            _, rung, _ = await asyncio.gather(
                self._welcome(arrival.call_id, queue.music),
                self.offers.ring(claims, search, seen_at),
                wake(self.node.client, matches, but=arrival.call_id),
            )
        except GONE as left:
            # The caller hung up meanwhile; the event that tells so is on its way.
            log.info("caller has left", call_id=arrival.call_id, reason=str(left))
            rung = offering.Found(tuple(offer_of(claim) for claim in claims))
        return ivr.Admitted(queue, rung.offers, arrival=arrival, in_vain=rung.in_vain)

    async def _admit_callback(self, arrival: Arrival, queue_id: UUID) -> ivr.Admitted:
        async with self.node.database.read() as session:
            queue = await rules.find(session, queue_id)
        if queue is None:
            return ivr.Admitted()
        found = await self.offers.next(_search_of(arrival, queue))
        return ivr.Admitted(queue, found.offers, in_vain=found.in_vain)

    async def _welcome(self, channel: str, music: str) -> None:
        await self.node.asterisk.answer(channel)
        await self.node.asterisk.start_music(channel, music)

    async def _answer(self, channel: str) -> None:
        try:
            await self.node.asterisk.answer(channel)
        except GONE as gone:
            log.info("caller has left", channel=channel, reason=str(gone))

    @activity.defn(name=ivr.ENTER_QUEUE.name)
    async def enter_queue(self, enter: ivr.EnterQueue) -> ivr.Admitted:
        """Puts a call that is there in a queue's line, with music, and rings an agent when one is free."""
        customer = enter.customer or enter.call_id
        async with self.node.database.write() as session:
            queue = await rules.find(session, enter.queue_id)
            if queue is None:
                return ivr.Admitted(exit=Exit(Occasion.CLOSED, ExitAction.HANG_UP))
            occasion = await arrivals.go_in(session, enter.call_id, queue, now())
            if occasion is not None:
                return ivr.Admitted(queue, exit=_exit(queue, occasion))
        try:
            await self.node.asterisk.start_music(customer, queue.music)
        except GONE as gone:
            log.info("caller has left", call_id=enter.call_id, reason=str(gone))
        search = offering.Search(enter.call_id, queue, enter.attempt, enter.caller_number, enter.caller_name, customer)
        found = await self.offers.next(search)
        return ivr.Admitted(queue, found.offers, in_vain=found.in_vain)

    @activity.defn(name=ivr.ANNOUNCE.name)
    async def announce(self, announce: ivr.Announce) -> None:
        """Tells the caller the position and the wait; then the music goes on."""
        sounds = await self._announcement(announce.call_id, announce.queue)
        if not sounds:
            return
        asterisk = self.node.asterisk
        playback = ids.line_announcement(announce.call_id, announce.count)
        try:
            await asterisk.speak(announce.customer, playback, sounds)
            await asterisk.start_music(announce.customer, announce.queue.music)
        except GONE as gone:
            log.info("announcement not heard", call_id=announce.call_id, reason=str(gone))

    async def _announcement(self, call_id: str, queue: Queue) -> tuple[str, ...]:
        wanted = queue.announcements
        if wanted is None:
            return ()
        async with self.node.database.read() as session:
            place = await line.place_of(session, call_id, now())
            if place is None:
                return ()
            wait = await estimates.wait(session, queue.queue_id, place) if wanted.wait else None
        return (
            *(speech.position(place) if wanted.position else ()),
            *(speech.wait(wait) if wait is not None else ()),
            *(speech.callback_offer(queue.callback_key) if queue.callback_key else ()),
        )

    @activity.defn(name=ivr.SAY.name)
    async def say(self, say: ivr.Speak) -> ivr.Spoken:
        """Speaks to the caller in place of what was spoken, or of the music."""
        if say.ringing:
            async with self.node.database.write() as session:
                matches = await leaving.interrupt(session, say.call_id, now())
            await wake(self.node.client, matches, but=say.call_id)
            await legs.hang_up_agents(self.node.asterisk, say.call_id, say.ringing)
        elif say.aside:
            async with self.node.database.write() as session:
                if not await leaving.step_aside(session, say.call_id, now()):
                    return ivr.Spoken(spoken=False)
        try:
            await speak_instead(self.node.asterisk, say.call_id, say.customer, say.sounds, say.count)
        except GONE:
            return ivr.Spoken(spoken=True, customer_gone=True)
        return ivr.Spoken(spoken=True)


def _search_of(arrival: Arrival, queue: Queue) -> offering.Search:
    customer = arrival.call_id if arrival.call_back_for is None else None
    return offering.Search(arrival.call_id, queue, 1, arrival.customer_number or "", arrival.customer_name, customer)


def _exit(queue: Queue | None, occasion: Occasion | None) -> Exit | None:
    if queue is None or occasion is None:
        return None
    return queue.exit_on(occasion) or Exit(occasion, ExitAction.HANG_UP)
