"""The end of a call: its record, its file, and the wrap-up of its agent."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from domain.calls.arrival import Arrival
    from domain.calls.call import CallStage, Disposition, EventKind, Party
    from domain.calls.causes import HangupCause
    from domain.calls.failure import Failure
    from workflows.calls.event import CallEvent
    from workflows.calls.parties import Guest, Offer
    from workflows.calls.state import CallState
    from workflows.core import timeouts
    from workflows.core.step import Step


@dataclass(frozen=True)
class Finish:
    """End the talk or the wait: hang up what is left, write the CDR, send the agent to wrap-up.

    `exit` is how the call left its queue when it was neither answered nor given up. `arrival` is told of a call that
    could not be let in, and may not have been written down. `recorded` asks for the talk's recording to be listed, too.
    """

    call_id: str
    customer: str | None
    offers: tuple[Offer, ...]
    disposition: Disposition
    ended_by: Party
    cause: int
    ended_at: datetime
    talked: bool
    wrap_up_seconds: int
    exit: str | None = None
    guest: Guest | None = None
    failure: Failure | None = None
    arrival: Arrival | None = None
    recorded: bool = False


@dataclass(frozen=True)
class Finished:
    """The call has ended. Where `stored` is not true, its recording is still to be listed."""

    stored: bool = False


@dataclass(frozen=True)
class Store:
    """Close the file of a call that has ended, and list it: the recording of the talk, or the caller's message."""

    call_id: str
    ended_at: datetime
    voicemail: bool = False


@dataclass(frozen=True)
class Complete:
    """The agent's work on the call is over."""

    call_id: str
    code: str | None = None


@dataclass(frozen=True)
class ExtendWrapUp:
    """The agent needs more time for the wrap-up."""

    call_id: str
    user_id: UUID
    until: datetime


FINISH: Step[Finish, Finished] = Step("finish", Finished)
STORE: Step[Store, None] = Step("store", type(None))
COMPLETE: Step[Complete, None] = Step("complete", type(None))
EXTEND_WRAP_UP: Step[ExtendWrapUp, None] = Step("extend_wrap_up", type(None), timeouts.Effort.OPTIONAL)


async def finish(  # noqa: PLR0913 - each is a different fact of the end
    call: CallState,
    disposition: Disposition,
    ended_by: Party,
    cause: int = HangupCause.NORMAL,
    *,
    voicemail: bool = False,
    failure: Failure | None = None,
) -> None:
    """Ends the call; after a talk the agent wraps up, and the file of the call is stored meanwhile."""
    wrap_up = call.kind.wrap_up(call) if disposition is Disposition.ANSWERED and call.agent else timedelta(0)
    agents = [*([call.agent] if call.agent else []), *call.ringing.values()]
    ended_at = min(call.event_at or workflow.now(), workflow.now())
    call.ended_by = ended_by
    # It is dealt with late when a process stood still: the wrap-up is not shorter for it.
    late = workflow.now() - ended_at if wrap_up else timedelta(0)
    recorded = call.talked and call.recorded
    finished = await FINISH(
        Finish(
            call_id=call.call_id,
            customer=call.customer if call.has_customer else None,
            offers=tuple(agents),
            disposition=disposition,
            ended_by=ended_by,
            cause=cause,
            ended_at=ended_at,
            talked=call.talked,
            wrap_up_seconds=round((wrap_up + late).total_seconds()),
            exit=call.left_by,
            failure=failure,
            guest=call.guest,
            arrival=call.arrival if call.has_customer and not call.is_let_in else None,
            recorded=recorded,
        ),
    )
    files = ([True] if voicemail else []) + ([False] if recorded and not finished.stored else [])
    if files:
        stores = [Store(call.call_id, ended_at, voicemail=is_message) for is_message in files]
        call.storing = asyncio.create_task(_store(stores))
    call.guest = None
    call.stage = CallStage.WRAP_UP if wrap_up else CallStage.CLOSED
    call.after(EventKind.WRAP_UP_OVER, wrap_up)


async def _store(stores: Iterable[Store]) -> None:
    for store in stores:
        try:
            await STORE(store)
        except FailureError:
            workflow.logger.error("the file of a call could not be stored")


async def complete(call: CallState, event: CallEvent) -> None:
    """Ends the wrap-up: the record gets its code, and the agent is free. The workflow ends with it."""
    await COMPLETE(Complete(call.call_id, event.code))
    call.stage = CallStage.CLOSED


async def extend_wrap_up(call: CallState, event: CallEvent) -> None:
    """Gives the agent more time, up to the longest overtime."""
    if call.agent is None:
        return
    due = call.due.get(EventKind.WRAP_UP_OVER, workflow.now())
    until = min(due + timedelta(seconds=event.seconds), workflow.now() + timeouts.WRAP_UP_OVERTIME)
    await EXTEND_WRAP_UP(ExtendWrapUp(call.call_id, call.agent.user_id, until))
    call.due[EventKind.WRAP_UP_OVER] = until
