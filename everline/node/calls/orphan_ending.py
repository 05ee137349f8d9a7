"""Ends calls that nobody runs any more, by what their rows tell."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog
from temporalio.service import RPCError, RPCStatusCode

from activities.calls.ending import EndingSteps
from activities.calls.node import Node
from activities.calls.wake import wake
from db.calls import cdrs, orphans
from db.core.clock import now
from db.recordings import recordings
from domain.calls import ids
from domain.calls.call import CallType, Disposition, Party, Purpose
from domain.calls.causes import HangupCause
from domain.calls.failure import Failure
from workflows.calls.ending import Finish, Store
from workflows.calls.parties import Guest, Offer
from workflows.calls.updates import Target

log = structlog.get_logger(__name__)


class Trouble(StrEnum):
    """Why a call does not go on."""

    GONE = "its workflow is gone"
    ELSEWHERE = "its workflow is another node's"
    CLOSED = "its workflow has ended without it"
    STUCK = "its workflow's task fails again and again"
    NODE_DEAD = "its node is dead"


@dataclass(frozen=True)
class OrphanEnding:
    """Hangs up what is left of a call, writes its record, frees its agents and its place, and says so."""

    node: Node
    steps: EndingSteps

    async def end(self, call_id: str, trouble: Trouble, gone_at: datetime | None = None) -> None:
        """Ends one call. `gone_at` is when its node was alive for the last time, if that is its trouble."""
        if trouble not in {Trouble.GONE, Trouble.CLOSED}:
            await self._terminate(call_id, trouble)
        async with self.node.database.read() as session:
            remains = await orphans.find(session, call_id)
        if remains is None:
            return
        log.error("call ended without its workflow", call_id=call_id, why=trouble.value, stage=remains.stage)
        if not remains.is_over:
            await self.steps.finish(_finish(remains, gone_at))
            if remains.recorded and remains.was_answered:
                await self._store(remains, gone_at)
        async with self.node.database.write() as session:
            matches = await cdrs.complete(session, call_id, now())
            await orphans.note(session, call_id, trouble.value, now())
        await wake(self.node.client, matches)

    async def _terminate(self, call_id: str, trouble: Trouble) -> None:
        try:
            await self.node.client.get_workflow_handle(ids.workflow(call_id)).terminate(trouble)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise

    async def _store(self, remains: orphans.Remains, gone_at: datetime | None) -> None:
        """Lists the recording. What another machine has recorded cannot be looked at."""
        if gone_at is None:
            await self.steps.store(Store(remains.call_id, now()))
            return
        lost = recordings.StoredRecording(ids.recording(remains.call_id, 1), remains.node, 0.0, playable=False)
        async with self.node.database.write() as session:
            await recordings.store(session, remains.call_id, lost, gone_at)


def _finish(remains: orphans.Remains, gone_at: datetime | None) -> Finish:
    guest = None
    if remains.guest is not None:
        user_id, number, purpose, attempt = remains.guest
        guest = Guest(attempt, Target(Purpose(purpose), user_id, number))
    disposition = Disposition.FAILED if gone_at is None else _disposition(remains)
    return Finish(
        call_id=remains.call_id,
        customer=remains.customer,
        offers=tuple(Offer(user_id, attempt) for user_id, attempt in remains.legs),
        disposition=disposition,
        ended_by=Party.SYSTEM,
        cause=HangupCause.FAILURE,
        ended_at=gone_at or now(),
        talked=remains.was_answered,
        wrap_up_seconds=0,
        guest=guest,
        failure=Failure.SYSTEM if disposition is Disposition.FAILED else None,
    )


def _disposition(remains: orphans.Remains) -> Disposition:
    """How a call ended for its customer, who lost the line with the node: as when Asterisk alone has died."""
    if remains.was_answered:
        return Disposition.ANSWERED
    return Disposition.ABANDONED if remains.type is CallType.INBOUND else Disposition.FAILED
