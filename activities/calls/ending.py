"""The end of a call, as Temporal's local activities. Each may be repeated at any time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from temporalio import activity

from activities.calls import legs
from activities.calls.node import Node
from activities.calls.wake import wake
from db.callbacks import callbacks
from db.calls import cdrs, handing_over
from db.core.clock import now
from db.recordings import recordings
from db.records import turned_away
from db.voicemails import voicemails
from domain.calls import ids
from domain.calls.call import Disposition, Party
from domain.calls.causes import HangupCause
from domain.calls.failure import Failure
from domain.queues.exits import ExitAction
from telephony.errors import RecordingMissing
from workflows.calls import ending

log = structlog.get_logger(__name__)

_AT_ONCE = 1.0
"""Seconds that the end of a call may wait for its file; what takes longer is stored beside the wrap-up."""


@dataclass(frozen=True)
class EndingSteps:
    """Ends a call, stores its file, and ends the wrap-up. `closing` is told of calls that are about to be hung up."""

    node: Node
    closing: Callable[[str], None]

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self.finish, self.store, self.complete, self.extend_wrap_up]

    @activity.defn(name=ending.FINISH.name)
    async def finish(self, finish: ending.Finish) -> ending.Finished:
        """Hangs up the legs that are left and writes the CDR; without wrap-up, the agents are free at once.

        Neither waits for the other: what Asterisk refuses is tried again once the agents are free. Then the recording
        is listed, if that can be done at once.
        """
        hung_up = await asyncio.gather(*self._hang_up(finish), return_exceptions=True)
        guest = finish.guest.target.user_id if finish.guest else None
        wrap_up = timedelta(seconds=finish.wrap_up_seconds)
        end = cdrs.Ending(
            finish.call_id,
            finish.disposition,
            finish.ended_by,
            finish.cause,
            finish.ended_at,
            finish.exit,
            finish.failure,
        )
        async with self.node.database.write() as session:
            released = await handing_over.let_go(session, finish.call_id, guest, now(), as_guest=True) if guest else []
            if ids.is_callback(finish.call_id):
                await callbacks.close(session, finish.call_id, reached=finish.talked, now=finish.ended_at)
            await cdrs.end(session, end, wrap_up)
            if finish.arrival is not None:
                refused = turned_away.End(finish.disposition, finish.ended_by, finish.cause, finish.ended_at)
                await turned_away.note(session, finish.arrival, refused, self.node.region)
            matches = await cdrs.complete(session, finish.call_id, now()) if not wrap_up else []
            if finish.exit == ExitAction.CALLBACK:
                matches += await callbacks.hung_up(session, finish.call_id, now())
        await wake(self.node.client, [*released, *matches])
        for failure in hung_up:
            if isinstance(failure, BaseException):
                raise failure
        if finish.failure is Failure.SYSTEM:
            await self._hang_up_unknown(finish.call_id)
        return ending.Finished(stored=finish.recorded and await self._store_at_once(finish))

    async def _hang_up_unknown(self, call_id: str) -> None:
        """A step that was broken off may have rung phones of which the call has not heard."""
        asterisk = self.node.asterisk
        legs = [channel.id for channel in await asterisk.channels() if ids.parse_leg(channel.id).call_id == call_id]
        await asyncio.gather(*(asterisk.hang_up(leg) for leg in legs))

    def _hang_up(self, finish: ending.Finish) -> list[Awaitable[Any]]:
        self.closing(finish.call_id)
        asterisk = self.node.asterisk
        commands: list[Awaitable[Any]] = [
            legs.hang_up_agents(self.node.asterisk, finish.call_id, finish.offers, _cause_for_agents(finish)),
            asterisk.destroy_bridge(ids.bridge(finish.call_id)),
        ]
        if finish.guest:
            commands.append(asterisk.hang_up(ids.agent_leg(finish.call_id, finish.guest.attempt)))
        if finish.customer:
            commands.append(asterisk.hang_up(finish.customer, _cause_for_customer(finish)))
        return commands

    async def _store_at_once(self, finish: ending.Finish) -> bool:
        """Lists the recording, which is closed already as a rule. What fails here is no fault of the call's end."""
        try:
            async with asyncio.timeout(_AT_ONCE):
                await self.store(ending.Store(finish.call_id, finish.ended_at))
        except Exception:
            log.exception("recording not stored at once", call_id=finish.call_id)
            return False
        return True

    @activity.defn(name=ending.STORE.name)
    async def store(self, store: ending.Store) -> None:
        """Waits until the file of an ended call is closed, and lists it."""
        call_id = store.call_id
        name = ids.voicemail(call_id) if store.voicemail else ids.recording(call_id, 1)
        recording = await self._stored_recording(call_id, name)
        async with self.node.database.write() as session:
            if recording.playable or not store.voicemail:
                await recordings.store(session, call_id, recording, store.ended_at)
            if recording.playable and store.voicemail:
                message = voicemails.NewMessage(call_id, recording.name, recording.seconds)
                await voicemails.store(session, message, store.ended_at)

    async def _stored_recording(self, call_id: str, name: str) -> recordings.StoredRecording:
        try:
            stored = await self.node.asterisk.stop_recording(name)
        except RecordingMissing:
            log.warning("recording missing", call_id=call_id)
            return recordings.StoredRecording(name, self.node.name, 0.0, playable=False)
        return recordings.StoredRecording(name, self.node.name, stored.seconds, playable=stored.seconds > 0)

    @activity.defn(name=ending.COMPLETE.name)
    async def complete(self, complete: ending.Complete) -> None:
        """Completes the CDR and gives the agent back to the line."""
        async with self.node.database.write() as session:
            matches = await cdrs.complete(session, complete.call_id, now(), complete.code)
        await wake(self.node.client, matches)

    @activity.defn(name=ending.EXTEND_WRAP_UP.name)
    async def extend_wrap_up(self, extend: ending.ExtendWrapUp) -> None:
        """Lets the agent's wrap-up last longer."""
        async with self.node.database.write() as session:
            await cdrs.extend_wrap_up(session, extend.call_id, extend.user_id, extend.until)


def _cause_for_agents(finish: ending.Finish) -> int | None:
    """What the phones of agents are told: one that dialled itself shows why nobody answered."""
    own_phone = any(ids.is_own_phone(finish.call_id, offer.attempt) for offer in finish.offers)
    if not own_phone or finish.talked or finish.ended_by is Party.AGENT:
        return None
    return finish.cause if finish.cause != HangupCause.NORMAL else HangupCause.NO_ANSWER


def _cause_for_customer(finish: ending.Finish) -> HangupCause:
    """What a customer who is still there is told: the cause of a failure, else an ordinary hang-up."""
    return HangupCause.of(finish.cause) if finish.disposition is Disposition.FAILED else HangupCause.NORMAL
