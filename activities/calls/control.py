"""What agents do with a call while they talk, as Temporal's local activities. Each may be repeated at any time."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.calls import dialling
from activities.calls.offers import Offers
from activities.calls.wake import wake
from db.calls import control, manual
from db.calls.control import Phone
from db.core.clock import now
from db.trunks import trunks
from db.trunks.trunks import Route
from domain.agents.agent import ExtensionKind
from domain.calls import ids
from domain.calls.call import CallStage
from domain.calls.failure import Failure
from telephony.dialling import ANSWER_AT_ONCE, extension_endpoint
from telephony.errors import GONE, Refused
from workflows.calls import agent_return, guest_return, parties, talk, third_party, trunk_tries
from workflows.calls.failures import REFUSED
from workflows.core import timeouts

log = structlog.get_logger(__name__)

_CUSTOMER_GONE = "The customer has hung up."

_NO_WAY = {
    Failure.NO_ROUTE: "There is no trunk by which to call out.",
    Failure.CARRIER_DOWN: "No trunk can be used just now.",
    Failure.NO_CHANNEL: "All lines to the outside are taken just now. Try again in a moment.",
}
"""Why somebody outside cannot even be dialled."""
_ON_ITS_WAY = 0.3
"""Seconds that sound may take from a mouth to the recording: what was said in a pause must not come after it."""


@dataclass(frozen=True)
class ControlSteps:
    """Moves the parties of a call in and out of its bridge, and notes who belongs to it.

    Numbers outside are called from `region` (ISO 3166).
    """

    offers: Offers
    region: str

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [
            self.hold,
            self.resume,
            self.reach,
            self.join,
            self.drop_guest,
            self.hand_over,
            self.ring_guest,
            self.rejoin,
            self.let_go,
            self.ring_again,
            self.send_digits,
            self.pause_recording,
        ]

    @activity.defn(name=talk.HOLD.name)
    async def hold(self, hold: talk.Hold) -> None:
        """Takes the customer out of the talk, to music; not out of a conference from which only the agent is gone."""
        if hold.returning_to is not CallStage.CONFERENCE:
            await self._to_music(hold.call_id, hold.customer, hold.music)
        stage = CallStage.RETURNING if hold.returning_to else CallStage.HELD
        await self._move(hold.call_id, stage, hold.returning_to)

    @activity.defn(name=talk.RESUME.name)
    async def resume(self, resume: talk.Resume) -> None:
        """Brings the customer and the others together again."""
        asterisk = self.offers.asterisk
        await asterisk.stop_music(resume.customer)
        await self._talk(resume.call_id, [resume.customer], resume.attempts)
        await self._move(resume.call_id, CallStage.CONFERENCE if resume.conference else CallStage.CONNECTED)

    @activity.defn(name=third_party.REACH.name)
    async def reach(self, reach: third_party.Reach) -> third_party.Reached:
        """Rings a third party, while the customer hears music and the agent that it rings."""
        target = reach.target
        if not reach.before and not await self.offers.asterisk.exists(reach.customer):
            # The event that tells so is on its way, or lost with the process that heard it.
            guest = parties.Guest(reach.attempt, target)
            await self._drop(third_party.DropGuest(reach.call_id, guest, missed=False), told=False)
            return third_party.Reached(refusal=_CUSTOMER_GONE)
        who = (target.user_id, target.number)
        wanted = control.Wanted(reach.call_id, reach.attempt, target.purpose, *who, self.region, reach.before)
        ring = timedelta(seconds=reach.ring_seconds) + timeouts.RING_MARGIN * 2
        async with self.offers.database.write() as session:
            found = await control.reach(session, wanted, now(), ring)
            number = found.number
            shown = await manual.shown_in(session, reach.call_id, reach.shown)
            routes = await trunks.candidates(session, number, shown, self.region) if number else []
        if found.refusal is not None:
            return third_party.Reached(refusal=found.refusal)
        guest = parties.Guest(reach.attempt, target, web=_is_web(found.phone))
        refusal, way = await self._ring(reach, found, routes)
        if reach.before or reach.agent is None:
            # Everybody is where they were; whoever has asked for it hears it ring on.
            return third_party.Reached(guest if refusal is None else None, refusal, way)
        if refusal is not None:
            await self._drop(third_party.DropGuest(reach.call_id, guest, missed=False), told=False)
            await self._move(reach.call_id, CallStage.HELD if reach.held else CallStage.CONNECTED)
            return third_party.Reached(refusal=refusal, way=way)
        asterisk, agent = self.offers.asterisk, ids.agent_leg(reach.call_id, reach.agent.attempt)
        await asterisk.remove_from_bridge(ids.bridge(reach.call_id), agent)
        await self._to_music(reach.call_id, reach.customer, reach.music)
        await self._let_hear_ringing(reach.call_id, agent, guest)
        return third_party.Reached(guest, way=way)

    async def _let_hear_ringing(self, call_id: str, agent: str, guest: parties.Guest) -> None:
        try:
            await self.offers.asterisk.play_ringback(agent, ids.guest_ringback(call_id, guest.ringing))
        except GONE as gone:
            log.info("agent left while somebody is rung", call_id=call_id, reason=str(gone))

    async def _ring(
        self, reach: third_party.Reach, found: control.Found, routes: Sequence[Route]
    ) -> tuple[str | None, trunk_tries.Way]:
        """Rings the third party's phone once; says why when it cannot be rung."""
        leg = ids.agent_leg(reach.call_id, reach.attempt)
        if found.phone is not None:
            is_rung = await self._ring_phone(reach, leg, found.phone)
            return None if is_rung else "The phone cannot be rung just now.", trunk_tries.Way()
        if not found.is_new:
            # Somebody outside is dialled once: what became of it is told by Asterisk, and never by dialling again.
            is_there = await self.offers.asterisk.exists(leg)
            return None if is_there else "The number was not reached.", trunk_tries.Way()
        if reach.before:
            await self.offers.asterisk.hang_up(ids.agent_leg(reach.call_id, reach.before))
        outside = dialling.Leg(reach.call_id, leg, f"agent,{reach.call_id}", is_guest=True)
        way = await dialling.call(self.offers, outside, routes, reach.avoid)
        return _NO_WAY.get(way.failure) if way.failure else None, way

    async def _ring_phone(self, reach: third_party.Reach, leg: str, phone: Phone) -> bool:
        try:
            await self.offers.asterisk.originate(
                leg,
                endpoint=extension_endpoint(phone.number),
                app_args=f"agent,{reach.call_id}",
                caller_name=reach.caller_name,
                caller_number=reach.caller_number,
                timeout=reach.ring_seconds,
            )
        except Refused as refusal:
            log.info("third party cannot be rung", call_id=reach.call_id, reason=str(refusal))
            return False
        return True

    @activity.defn(name=third_party.JOIN.name)
    async def join(self, join: third_party.Join) -> None:
        """Lets agent and guest talk. A guest who has become another call's is let go, which ends the consultation."""
        await self.offers.asterisk.stop_playing(ids.guest_ringback(join.call_id, join.guest.ringing))
        if not await self._has(join.call_id, join.guest):
            await self.offers.asterisk.hang_up(ids.agent_leg(join.call_id, join.guest.attempt))
            return
        here = (join.guest.attempt,) if join.returning else (join.agent.attempt, join.guest.attempt)
        await self._talk(join.call_id, [], here)
        if join.returning:
            await self._move(join.call_id, CallStage.RETURNING, CallStage.CONSULTING)
        else:
            await self._move(join.call_id, join.stage)
        if join.again:
            async with self.offers.database.read() as session:
                is_muted = await control.is_guest_muted(session, join.call_id)
            if is_muted:
                await self._mute_again(join.call_id, ids.agent_leg(join.call_id, join.guest.attempt))

    @activity.defn(name=guest_return.RING_GUEST.name)
    async def ring_guest(self, ring: guest_return.RingGuest) -> None:
        """Rings the guest who was cut off, when the phone is there; without it the call waits until it is."""
        asterisk, user_id = self.offers.asterisk, ring.guest.target.user_id
        await asterisk.hang_up(ids.agent_leg(ring.call_id, ring.before))
        if user_id is None:
            return
        async with self.offers.database.write() as session:
            phone = await control.ring_guest(session, ring.call_id, user_id, ring.guest.attempt, ring.stage)
        if ring.stage is CallStage.REACHING and ring.agent is not None:
            agent = ids.agent_leg(ring.call_id, ring.agent.attempt)
            await asterisk.remove_from_bridge(ids.bridge(ring.call_id), agent)
            await self._let_hear_ringing(ring.call_id, agent, ring.guest)
        if phone is not None:
            leg = ids.agent_leg(ring.call_id, ring.guest.attempt)
            await self._ring_anew(ring, leg, phone, at_once=ring.at_once)

    @activity.defn(name=agent_return.REJOIN.name)
    async def rejoin(self, again: agent_return.Rejoin) -> None:
        """Brings the agent back to where the call was left: on hold stays on hold, muted stays muted."""
        asterisk, agent = self.offers.asterisk, ids.agent_leg(again.call_id, again.agent.attempt)
        others = [again.customer] if again.stage in {CallStage.CONNECTED, CallStage.CONFERENCE} else []
        if again.stage is CallStage.CONNECTED:
            await asterisk.stop_music(again.customer)
        if again.stage is CallStage.REACHING and again.guest is not None:
            await self._let_hear_ringing(again.call_id, agent, again.guest)
        else:
            guest = (again.guest.attempt,) if again.guest is not None else ()
            await self._talk(again.call_id, others, (again.agent.attempt, *guest))
        async with self.offers.database.write() as session:
            await control.move(session, again.call_id, again.stage, now())
            is_muted = await control.is_muted(session, again.call_id)
        if is_muted:
            await self._mute_again(again.call_id, agent)

    async def _mute_again(self, call_id: str, agent: str) -> None:
        try:
            await self.offers.asterisk.mute(agent)
        except GONE as gone:
            log.info("agent left again", call_id=call_id, reason=str(gone))

    @activity.defn(name=third_party.DROP_GUEST.name)
    async def drop_guest(self, drop: third_party.DropGuest) -> None:
        """Hangs up the guest's phone."""
        await self._drop(drop)

    async def _drop(self, drop: third_party.DropGuest, *, told: bool = True) -> None:
        asterisk, guest = self.offers.asterisk, drop.guest
        await asyncio.gather(
            asterisk.hang_up(ids.agent_leg(drop.call_id, guest.attempt)),
            asterisk.stop_playing(ids.guest_ringback(drop.call_id, guest.ringing)),
        )
        became = control.Became(drop.outcome, drop.failure) if told else None
        async with self.offers.database.write() as session:
            matches = await control.drop_guest(
                session, drop.call_id, guest.target.user_id, now(), missed=drop.missed, became=became
            )
        await wake(self.offers.client, matches)

    @activity.defn(name=third_party.HAND_OVER.name)
    async def hand_over(self, over: third_party.HandOver) -> third_party.HandedOver:
        """Brings customer and guest together, and lets the agent go.

        A guest who is gone, or has become another call's meanwhile, takes nobody.
        """
        asterisk, guest = self.offers.asterisk, over.guest
        async with self.offers.database.read() as session:
            is_done = await control.is_handed_over(session, over.call_id, guest.attempt)
        if not is_done:
            is_there = await asterisk.exists(ids.agent_leg(over.call_id, guest.attempt))
            if not is_there or not await self._has(over.call_id, guest):
                return third_party.HandedOver(guest_gone=True)
        await asterisk.stop_music(over.customer)
        await self._talk(over.call_id, [over.customer], (guest.attempt,))
        if over.agent is not None:
            await asterisk.hang_up(ids.agent_leg(over.call_id, over.agent.attempt))
        await self._record_again(over.call_id)
        former = over.agent.user_id if over.agent else None
        async with self.offers.database.write() as session:
            handed = control.Handed(over.call_id, former, guest.target.user_id, guest.attempt)
            matches = await control.hand_over(session, handed, now())
        await wake(self.offers.client, matches)
        return third_party.HandedOver()

    async def _has(self, call_id: str, guest: parties.Guest) -> bool:
        """Whether the call still has its guest, who may have picked up late. Somebody outside is nobody else's."""
        return guest.offer is None or await self.offers.holds(call_id, guest.offer)

    async def _record_again(self, call_id: str) -> None:
        """A pause of the recording was the former agent's."""
        try:
            await self.offers.asterisk.resume_recording(ids.recording(call_id, 1))
        except Refused as refusal:
            # It is not recorded; the end of the call flags a file that is missing.
            log.info("recording not resumed", call_id=call_id, reason=str(refusal))

    @activity.defn(name=talk.LET_GO.name)
    async def let_go(self, leave: talk.LetGo) -> None:
        """The agent leaves the call."""
        await self.offers.asterisk.hang_up(ids.agent_leg(leave.call_id, leave.agent.attempt))
        async with self.offers.database.write() as session:
            matches = await control.let_go(session, leave.call_id, leave.agent.user_id, now())
            if leave.rings_on:
                await control.ring_on(session, leave.call_id)
        await wake(self.offers.client, matches)

    @activity.defn(name=agent_return.RING_AGAIN.name)
    async def ring_again(self, again: agent_return.RingAgain) -> agent_return.RungAgain:
        """Rings the agent who was cut off, when the phone is there."""
        asterisk = self.offers.asterisk
        await asyncio.gather(*(asterisk.hang_up(ids.agent_leg(again.call_id, attempt)) for attempt in again.before))
        async with self.offers.database.write() as session:
            phone = await control.ring_again(session, again.call_id, again.agent.user_id, again.attempt)
        if phone is None:
            return agent_return.RungAgain(None)
        if not await self._ring_anew(again, ids.agent_leg(again.call_id, again.attempt), phone, at_once=True):
            return agent_return.RungAgain(None)
        return agent_return.RungAgain(parties.Offer(again.agent.user_id, again.attempt, _is_web(phone)))

    async def _ring_anew(
        self, ring: agent_return.RingAgain | guest_return.RingGuest, leg: str, phone: Phone, *, at_once: bool
    ) -> bool:
        """Rings somebody who was cut off; `at_once` the phone answers by itself. False when it is not there yet."""
        try:
            await self.offers.asterisk.originate(
                leg,
                endpoint=extension_endpoint(phone.number),
                app_args=f"agent,{ring.call_id}",
                caller_name=ring.caller_name,
                caller_number=ring.caller_number,
                timeout=ring.ring_seconds,
                variables=ANSWER_AT_ONCE if at_once else None,
            )
        except Refused as refusal:
            log.info("who was cut off is not back yet", call_id=ring.call_id, reason=str(refusal))
            return False
        return True

    @activity.defn(name=talk.SEND_DIGITS.name)
    async def send_digits(self, digits: talk.SendDigits) -> None:
        """Presses keys towards everybody who hears the agent."""
        for channel in digits.channels:
            try:
                await self.offers.asterisk.send_dtmf(channel, digits.digits)
            except GONE as gone:
                log.info("keys not pressed", call_id=digits.call_id, reason=str(gone))

    @activity.defn(name=talk.PAUSE_RECORDING.name)
    async def pause_recording(self, pause: talk.PauseRecording) -> None:
        """Stops writing the recording to disk, or goes on. Raises ApplicationError when nothing is recorded."""
        asterisk, name = self.offers.asterisk, ids.recording(pause.call_id, 1)
        if not pause.paused:
            await asyncio.sleep(_ON_ITS_WAY)
        try:
            await (asterisk.pause_recording(name) if pause.paused else asterisk.resume_recording(name))
        except Refused as refusal:
            log.warning("recording neither paused nor resumed", call_id=pause.call_id, reason=str(refusal))
            # Whoever is told that nothing is on disk will say what must not be.
            sentence = "This call is not being recorded just now."
            # Benign: a refusal is for whoever has asked, and no error for the log.
            category = ApplicationErrorCategory.BENIGN
            raise ApplicationError(sentence, type=REFUSED, non_retryable=True, category=category) from refusal
        async with self.offers.database.write() as session:
            await control.pause_recording(session, pause.call_id, now(), paused=pause.paused)

    async def _to_music(self, call_id: str, customer: str, music: str) -> None:
        asterisk = self.offers.asterisk
        await asterisk.remove_from_bridge(ids.bridge(call_id), customer)
        try:
            await asterisk.start_music(customer, music)
        except GONE as gone:
            # The customer hung up meanwhile; the event that tells so is on its way.
            log.info("customer left", call_id=call_id, reason=str(gone))

    async def _talk(self, call_id: str, others: list[str], attempts: Sequence[int]) -> None:
        """Puts these parties into the call's bridge, each for itself: one who is gone must not keep the others out."""
        asterisk, bridge = self.offers.asterisk, ids.bridge(call_id)
        await asterisk.create_bridge(bridge)
        for leg in (*others, *(ids.agent_leg(call_id, attempt) for attempt in attempts)):
            try:
                await asterisk.add_to_bridge(bridge, [leg])
            except GONE as gone:
                log.info("a party left before the talk", call_id=call_id, leg=leg, reason=str(gone))

    async def _move(self, call_id: str, stage: CallStage, returning_to: CallStage | None = None) -> None:
        async with self.offers.database.write() as session:
            await control.move(session, call_id, stage, now(), returning_to)


def _is_web(phone: Phone | None) -> bool:
    return phone is not None and phone.kind is ExtensionKind.WEB
