"""The steps of a caller who talks with no agent: sent away from a queue, and the voicemail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from temporalio import activity

from activities.calls import legs
from activities.calls.node import Node
from activities.calls.speech import speak_instead
from activities.calls.wake import wake
from db.calls import leaving as rows
from db.core.clock import now
from domain.calls import ids
from telephony.errors import GONE
from workflows.calls import leaving

log = structlog.get_logger(__name__)

_VOICEMAIL_SECONDS = 180
_VOICEMAIL_PROMPT = ("vm-intro", "beep")


@dataclass(frozen=True)
class LeavingSteps:
    """Says why the queue does not serve a caller, and takes a message."""

    node: Node

    def all(self) -> Sequence[Callable[..., Any]]:
        """The activities to register with a worker."""
        return [self.leave, self.take_voicemail]

    @activity.defn(name=leaving.LEAVE.name)
    async def leave(self, out: leaving.Leave) -> None:
        """Takes the call out of its queue and tells the caller why."""
        async with self.node.database.write() as session:
            matches = await rows.leave(session, out.call_id, now())
        await wake(self.node.client, matches, but=out.call_id)
        await legs.hang_up_agents(self.node.asterisk, out.call_id, out.ringing)
        try:
            await speak_instead(self.node.asterisk, out.call_id, out.customer, out.sounds, out.count)
        except GONE as gone:
            log.info("caller left", call_id=out.call_id, reason=str(gone))

    @activity.defn(name=leaving.TAKE_VOICEMAIL.name)
    async def take_voicemail(self, take: leaving.TakeVoicemail) -> None:
        """Asks for a message after the tone, and records it."""
        asterisk = self.node.asterisk
        try:
            await asterisk.speak(take.customer, ids.announcement(take.call_id, take.count), _VOICEMAIL_PROMPT)
            await asterisk.record_message(take.customer, ids.voicemail(take.call_id), _VOICEMAIL_SECONDS)
        except GONE as gone:
            log.info("caller left before the tone", call_id=take.call_id, reason=str(gone))
