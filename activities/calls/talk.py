"""What agents do in a talk, as Temporal's local activities. Each may be repeated at any time."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.calls.node import Node
from activities.calls.wake import wake
from db.calls import calls, control, handing_over, third_parties
from db.core.clock import now
from domain.calls import ids
from domain.calls.call import CallStage
from telephony.asterisk import Asterisk
from telephony.errors import GONE, Refused
from workflows.calls import talk
from workflows.calls.failures import REFUSED

log = structlog.get_logger(__name__)

_ON_ITS_WAY = 0.3
"""Seconds that sound may take from a mouth to the recording: what was said in a pause must not come after it."""


@dataclass(frozen=True)
class TalkSteps:
    """Hold, mute, keys, the pause of the recording, and the agent's leaving."""

    node: Node

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self.hold, self.resume, self.set_mute, self.send_digits, self.pause_recording, self.let_go]

    @activity.defn(name=talk.HOLD.name)
    async def hold(self, hold: talk.Hold) -> None:
        """Takes the customer out of the talk, to music; not out of a conference from which only the agent is gone."""
        if hold.returning_to is not CallStage.CONFERENCE:
            await to_music(self.node.asterisk, hold.call_id, hold.customer, hold.music)
        stage = CallStage.RETURNING if hold.returning_to else CallStage.HELD
        await note_stage(self.node, hold.call_id, stage, hold.returning_to)

    @activity.defn(name=talk.RESUME.name)
    async def resume(self, resume: talk.Resume) -> None:
        """Brings the customer and the others together again."""
        await self.node.asterisk.stop_music(resume.customer)
        await bring_together(self.node.asterisk, resume.call_id, [resume.customer], resume.attempts)
        stage = CallStage.CONFERENCE if resume.conference else CallStage.CONNECTED
        await note_stage(self.node, resume.call_id, stage)

    @activity.defn(name=talk.SET_MUTE.name)
    async def set_mute(self, mute: talk.SetMute) -> None:
        """Turns the agent's microphone off or on, and tells the agent's page."""
        asterisk, leg = self.node.asterisk, ids.agent_leg(mute.call_id, mute.attempt)
        await (asterisk.mute(leg) if mute.muted else asterisk.unmute(leg))
        async with self.node.database.write() as session:
            await calls.mute(session, mute.call_id, muted=mute.muted, guest=mute.guest)

    @activity.defn(name=talk.SEND_DIGITS.name)
    async def send_digits(self, digits: talk.SendDigits) -> None:
        """Presses keys towards everybody who hears the agent."""
        for channel in digits.channels:
            try:
                await self.node.asterisk.send_dtmf(channel, digits.digits)
            except GONE as gone:
                log.info("keys not pressed", call_id=digits.call_id, reason=str(gone))

    @activity.defn(name=talk.PAUSE_RECORDING.name)
    async def pause_recording(self, pause: talk.PauseRecording) -> None:
        """Stops writing the recording to disk, or goes on. Raises ApplicationError when nothing is recorded."""
        asterisk, name = self.node.asterisk, ids.recording(pause.call_id, 1)
        if not pause.paused:
            await asyncio.sleep(_ON_ITS_WAY)
        try:
            await (asterisk.pause_recording(name) if pause.paused else asterisk.resume_recording(name))
        except Refused as refusal:
            log.warning("recording neither paused nor resumed", call_id=pause.call_id, reason=str(refusal))
            # The agent must be told: one who believes that nothing is recorded says what must not be on disk.
            sentence = "This call is not being recorded just now."
            # Benign: the answer is for the agent, and is no error for the log.
            category = ApplicationErrorCategory.BENIGN
            raise ApplicationError(sentence, type=REFUSED, non_retryable=True, category=category) from refusal
        async with self.node.database.write() as session:
            await control.pause_recording(session, pause.call_id, now(), paused=pause.paused)

    @activity.defn(name=talk.LET_GO.name)
    async def let_go(self, go: talk.LetGo) -> None:
        """The agent leaves the call."""
        await self.node.asterisk.hang_up(ids.agent_leg(go.call_id, go.agent.attempt))
        async with self.node.database.write() as session:
            matches = await handing_over.let_go(session, go.call_id, go.agent.user_id, now())
            if go.rings_on:
                await third_parties.ring_on(session, go.call_id)
        await wake(self.node.client, matches)


async def bring_together(asterisk: Asterisk, call_id: str, customers: Sequence[str], attempts: Sequence[int]) -> None:
    """Puts these legs into the call's bridge, one by one: a leg that has gone must not keep the others out."""
    bridge = ids.bridge(call_id)
    await asterisk.create_bridge(bridge)
    for leg in (*customers, *(ids.agent_leg(call_id, attempt) for attempt in attempts)):
        try:
            await asterisk.add_to_bridge(bridge, [leg])
        except GONE as gone:
            log.info("a party left before the talk", call_id=call_id, leg=leg, reason=str(gone))


async def to_music(asterisk: Asterisk, call_id: str, customer: str, music: str) -> None:
    """Takes the customer out of the call's bridge; the customer hears music."""
    await asterisk.remove_from_bridge(ids.bridge(call_id), customer)
    try:
        await asterisk.start_music(customer, music)
    except GONE as gone:
        log.info("customer left", call_id=call_id, reason=str(gone))


async def note_stage(node: Node, call_id: str, stage: CallStage, returning_to: CallStage | None = None) -> None:
    """Writes down the stage of a call, which tells pages. `returning_to`: the stage that an agent comes back to."""
    async with node.database.write() as session:
        await control.move(session, call_id, stage, now(), returning_to)
