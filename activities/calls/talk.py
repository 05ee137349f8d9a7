"""The steps of a call's talk, as Temporal's local activities. Each may be repeated at any time and changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from temporalio import activity

from activities.calls.offers import Offers
from activities.calls.played import played
from activities.calls.wake import wake
from db.callbacks import callbacks
from db.calls import calls, cdrs, control
from db.core.clock import now
from db.recordings import recordings
from db.records import turned_away
from db.voicemails import voicemails
from domain.calls import ids
from domain.calls.call import Disposition, Party
from domain.calls.failure import Failure
from domain.queues.exits import ExitAction
from telephony.causes import HangupCause
from telephony.errors import GONE, Failed, NotFound, RecordingMissing, Refused, RequestTimedOut
from telephony.model import ChannelState
from workflows.calls import ending as ending_steps
from workflows.calls import offering, parties, probing, talk

log = structlog.get_logger(__name__)

_AT_ONCE = 1.0
"""Seconds that the end of a call may wait for its file; what takes longer is stored beside the wrap-up."""
_TRIES_TO_RECORD = 2
"""A fault that passes costs no recording, and one that lasts does not keep the parties apart."""


@dataclass(frozen=True)
class CallSteps:
    """What a call does with its agents, and its end. `closing` is told of calls whose legs we are about to hang up."""

    offers: Offers
    node: str
    closing: Callable[[str], None]

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [
            self.search,
            self.requeue,
            self.connect,
            self.finish,
            self.store,
            self.complete,
            self.extend_wrap_up,
            self.probe,
            self.release_leg,
            self.set_mute,
        ]

    @activity.defn(name=offering.SEARCH.name)
    async def search(self, search: offering.Search) -> offering.Found:
        """Rings agents for a call in line when some are free."""
        return await self.offers.next(search)

    @activity.defn(name=offering.REQUEUE.name)
    async def requeue(self, requeue: offering.Requeue) -> offering.Found:
        """Stops phones that ring, puts the call back at the front, and rings the next agents."""
        call_id = requeue.then.call_id
        await self._hang_up_agents(call_id, requeue.missed)
        await self.offers.take_back(requeue.missed, requeue.then, no_answer=requeue.no_answer)
        return offering.Found() if requeue.still_ringing else await self.offers.next(requeue.then)

    @activity.defn(name=offering.CONNECT.name)
    async def connect(self, connect: offering.Connect) -> offering.Connected:
        """Brings customer and agent together, stops the other phones and starts the recording."""
        if not await self.offers.holds(connect.call_id, connect.offer):
            return await self._too_late(connect)
        asterisk = self.offers.asterisk
        bridge = ids.bridge(connect.call_id)
        agent = ids.agent_leg(connect.call_id, connect.offer.attempt)
        legs = [connect.customer, agent]
        # A phone that dialled has heard it ring until now.
        answers = [asterisk.answer(agent)] if ids.is_own_phone(connect.call_id, connect.offer.attempt) else []
        try:
            *_, is_new = await asyncio.gather(
                # Their phones list no missed call.
                self._hang_up_agents(connect.call_id, connect.others, HangupCause.ANSWERED_ELSEWHERE),
                *(asterisk.stop_playing(playing) for playing in _playing(connect)),
                asterisk.stop_music(connect.customer),
                asterisk.create_bridge(bridge),
            )
            # Only then: who still hears a playback would keep this request waiting.
            await asyncio.gather(*answers)
            since = None if is_new else await self._together_since(connect)
            await asterisk.add_to_bridge(bridge, legs)
        except GONE as gone:
            return await self._not_connected(connect, gone)
        is_recorded = not connect.recorded or await self._record(connect.call_id, connect.customer, again=connect.again)
        return await self._connected(connect, since, is_recorded=is_recorded)

    async def _connected(
        self, connect: offering.Connect, since: datetime | None, *, is_recorded: bool = True
    ) -> offering.Connected:
        """Notes that the parties hear each other: since now, if not since then."""
        async with self.offers.database.write() as session:
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
        await wake(self.offers.client, matches)
        return offering.Connected(connected=True)

    async def _together_since(self, connect: offering.Connect) -> datetime | None:
        """Since when the parties have heard each other, if this step was broken off once it had brought them together.

        Both came into the bridge at once, so one who is still there has heard the other.
        """
        try:
            bridge = await self.offers.asterisk.bridge(ids.bridge(connect.call_id))
        except NotFound:
            return None
        agent = ids.agent_leg(connect.call_id, connect.offer.attempt)
        if connect.again:
            # The customer, and the bridge, may be of the talk before.
            return now() if agent in bridge.channels else None
        return bridge.created_at if {agent, connect.customer} & set(bridge.channels) else None

    async def _too_late(self, connect: offering.Connect) -> offering.Connected:
        """The agent is another call's, or this step was done before and what came after it has gone on since."""
        async with self.offers.database.read() as session:
            if not await calls.is_unanswered(session, connect.call_id, connect.offer.attempt):
                return offering.Connected(connected=True)
        log.warning("answered too late", call_id=connect.call_id, attempt=connect.offer.attempt)
        asterisk = self.offers.asterisk
        await asterisk.destroy_bridge(ids.bridge(connect.call_id))
        await asterisk.hang_up(ids.agent_leg(connect.call_id, connect.offer.attempt))
        try:
            await asterisk.start_music(connect.customer)
        except GONE:
            return offering.Connected(connected=False, customer_gone=True)
        return offering.Connected(connected=False, agent_taken=True)

    async def _not_connected(self, connect: offering.Connect, gone: Refused) -> offering.Connected:
        async with self.offers.database.read() as session:
            if not await calls.is_unanswered(session, connect.call_id, connect.offer.attempt):
                # This step was done before and its result lost; what came after it has gone on since.
                return offering.Connected(connected=True)
        since = await self._together_since(connect)
        if since is not None:
            # Whether that was recorded shows when the recording is listed.
            return await self._connected(connect, since)
        log.info("a party left before the connection", call_id=connect.call_id, reason=str(gone))
        # A callback may wait for long now.
        await self.offers.asterisk.destroy_bridge(ids.bridge(connect.call_id))
        try:
            await self.offers.asterisk.start_music(connect.customer)
        except GONE:
            return offering.Connected(connected=False, customer_gone=True)
        return offering.Connected(connected=False)

    async def _record(self, call_id: str, customer: str, *, again: bool) -> bool:
        """Records what the customer hears and says: the recording follows the customer wherever the call goes.

        A pause of it was that of the agent before. False when it cannot be recorded: the talk matters more than that.
        """
        asterisk, name = self.offers.asterisk, ids.recording(call_id, 1)
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

    async def _hang_up_agents(self, call_id: str, offers: Sequence[parties.Offer], cause: int | None = None) -> None:
        hang_up = self.offers.asterisk.hang_up
        await asyncio.gather(*(hang_up(ids.agent_leg(call_id, offer.attempt), cause) for offer in offers))

    @activity.defn(name=ending_steps.FINISH.name)
    async def finish(self, finish: ending_steps.Finish) -> ending_steps.Finished:
        """Hangs up whoever is left and writes the CDR; without wrap-up, the agents are free at once.

        Neither waits for the other: what Asterisk refuses is tried again once the agents are free. Then the recording
        is listed, if that can be done at once.
        """
        hung_up = await asyncio.gather(*self._hang_up(finish), return_exceptions=True)
        guest = finish.guest.target.user_id if finish.guest else None
        wrap_up = timedelta(seconds=finish.wrap_up_seconds)
        ending = cdrs.Ending(
            finish.call_id,
            finish.disposition,
            finish.ended_by,
            finish.cause,
            finish.ended_at,
            finish.exit,
            finish.failure,
        )
        async with self.offers.database.write() as session:
            released = await control.let_go(session, finish.call_id, guest, now(), as_guest=True) if guest else []
            if ids.is_callback(finish.call_id):
                await callbacks.close(session, finish.call_id, reached=finish.talked, now=finish.ended_at)
            await cdrs.end(session, ending, wrap_up)
            if finish.arrival is not None:
                end = turned_away.End(finish.disposition, finish.ended_by, finish.cause, finish.ended_at)
                await turned_away.note(session, finish.arrival, end)
            matches = await cdrs.complete(session, finish.call_id, now()) if not wrap_up else []
            if finish.exit == ExitAction.CALLBACK:
                matches += await callbacks.hung_up(session, finish.call_id, now())
        await wake(self.offers.client, [*released, *matches])
        for failure in hung_up:
            if isinstance(failure, BaseException):
                raise failure
        if finish.failure is Failure.SYSTEM:
            await self._hang_up_unknown(finish.call_id)
        return ending_steps.Finished(stored=finish.recorded and await self._store_at_once(finish))

    async def _hang_up_unknown(self, call_id: str) -> None:
        """A step that was broken off may have rung phones of which the call has not heard."""
        asterisk = self.offers.asterisk
        legs = [channel.id for channel in await asterisk.channels() if ids.parse_leg(channel.id).call_id == call_id]
        await asyncio.gather(*(asterisk.hang_up(leg) for leg in legs))

    def _hang_up(self, finish: ending_steps.Finish) -> list[Awaitable[Any]]:
        self.closing(finish.call_id)
        asterisk = self.offers.asterisk
        commands: list[Awaitable[Any]] = [
            self._hang_up_agents(finish.call_id, finish.offers, _cause_for_agents(finish)),
            asterisk.destroy_bridge(ids.bridge(finish.call_id)),
        ]
        if finish.guest:
            commands.append(asterisk.hang_up(ids.agent_leg(finish.call_id, finish.guest.attempt)))
        if finish.customer:
            commands.append(asterisk.hang_up(finish.customer, _cause_for_customer(finish)))
        return commands

    async def _store_at_once(self, finish: ending_steps.Finish) -> bool:
        """Lists the recording, which is closed already as a rule. What fails here is no fault of the call's end."""
        try:
            async with asyncio.timeout(_AT_ONCE):
                await self.store(ending_steps.Store(finish.call_id, finish.ended_at))
        except Exception:
            log.exception("recording not stored at once", call_id=finish.call_id)
            return False
        return True

    @activity.defn(name=ending_steps.STORE.name)
    async def store(self, store: ending_steps.Store) -> None:
        """Waits until the file of an ended call is closed, and lists it."""
        call_id = store.call_id
        name = ids.voicemail(call_id) if store.voicemail else ids.recording(call_id, 1)
        recording = await self._stored_recording(call_id, name)
        async with self.offers.database.write() as session:
            if recording.playable or not store.voicemail:
                await recordings.store(session, call_id, recording, store.ended_at)
            if recording.playable and store.voicemail:
                message = voicemails.NewMessage(call_id, recording.name, recording.seconds)
                await voicemails.store(session, message, store.ended_at)

    async def _stored_recording(self, call_id: str, name: str) -> recordings.StoredRecording:
        try:
            stored = await self.offers.asterisk.stop_recording(name)
        except RecordingMissing:
            log.warning("recording missing", call_id=call_id)
            return recordings.StoredRecording(name, self.node, 0.0, playable=False)
        return recordings.StoredRecording(name, self.node, stored.seconds, playable=stored.seconds > 0)

    @activity.defn(name=ending_steps.COMPLETE.name)
    async def complete(self, complete: ending_steps.Complete) -> None:
        """Completes the CDR and gives the agent back to the line."""
        async with self.offers.database.write() as session:
            matches = await cdrs.complete(session, complete.call_id, now(), complete.code)
        await wake(self.offers.client, matches)

    @activity.defn(name=ending_steps.EXTEND_WRAP_UP.name)
    async def extend_wrap_up(self, extend: ending_steps.ExtendWrapUp) -> None:
        """Lets the agent's wrap-up last longer."""
        async with self.offers.database.write() as session:
            await cdrs.extend_wrap_up(session, extend.call_id, extend.user_id, extend.until)

    @activity.defn(name=probing.PROBE.name)
    async def probe(self, probe: probing.Probe) -> probing.Legs:
        """Looks which legs of a call Asterisk still has."""
        customer, *agents = await asyncio.gather(
            self._state_of(probe.customer),
            *(self._state_of(ids.agent_leg(probe.call_id, attempt)) for attempt in probe.attempts),
        )
        found = dict(zip(probe.attempts, agents, strict=True))
        return probing.Legs(
            customer=customer is not None,
            customer_up=customer is ChannelState.UP,
            agents=tuple(attempt for attempt, state in found.items() if state is not None),
            agents_up=tuple(attempt for attempt, state in found.items() if state is ChannelState.UP),
            customer_rings=customer is ChannelState.RINGING,
            agents_ring=tuple(attempt for attempt, state in found.items() if state is ChannelState.RINGING),
        )

    async def _state_of(self, channel_id: str) -> ChannelState | None:
        try:
            return (await self.offers.asterisk.channel(channel_id)).state
        except NotFound:
            return None

    @activity.defn(name=offering.RELEASE_LEG.name)
    async def release_leg(self, leg: offering.ReleaseLeg) -> None:
        """Hangs up a phone that was picked up too late."""
        await self.offers.asterisk.hang_up(ids.agent_leg(leg.call_id, leg.attempt))

    @activity.defn(name=talk.SET_MUTE.name)
    async def set_mute(self, mute: talk.SetMute) -> None:
        """Turns the agent's microphone off or on, and tells the agent's page."""
        leg = ids.agent_leg(mute.call_id, mute.attempt)
        await (self.offers.asterisk.mute(leg) if mute.muted else self.offers.asterisk.unmute(leg))
        async with self.offers.database.write() as session:
            await calls.mute(session, mute.call_id, muted=mute.muted, guest=mute.guest)


def _playing(connect: offering.Connect) -> tuple[str, ...]:
    """What either party may still hear."""
    dial = ids.parse_leg(connect.customer).dial
    ringback = (ids.ringback(connect.call_id, dial),) if dial else ()
    return (*ringback, *played(connect.call_id, connect.playing))


def _cause_for_agents(finish: ending_steps.Finish) -> int | None:
    """What the phones of agents are told: one that dialled itself shows why nobody answered."""
    own_phone = any(ids.is_own_phone(finish.call_id, offer.attempt) for offer in finish.offers)
    if not own_phone or finish.talked or finish.ended_by is Party.AGENT:
        return None
    return finish.cause if finish.cause != HangupCause.NORMAL else HangupCause.NO_ANSWER


def _cause_for_customer(finish: ending_steps.Finish) -> HangupCause:
    """What a customer who is still there is told: the cause of a failure, else an ordinary hang-up."""
    return HangupCause.of(finish.cause) if finish.disposition is Disposition.FAILED else HangupCause.NORMAL
