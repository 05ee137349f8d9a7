from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query
from pydantic import BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from api.access.visitors import SignedIn
from api.desk.schemas import AgentOut, MembershipsOut, PhoneOut, Slice
from api.openapi.refusals import Refusal, told
from api.portal import ThePortal
from api.web.errors import BadRequestError, MissingError
from api.web.paging import LOST_PAGE, NO_PAGE, Mark
from api.web.schemas import Incoming, Outgoing
from db.agents import attendance, changes, pauses
from db.agents.changes import Span
from db.core.clock import now
from db.core.engine import AnySession
from db.desk import desk
from domain.agents.agent import AgentState

router = APIRouter(prefix="/api/v1/agent", tags=["agent"])

_NO_PHONE = Refusal.of(MissingError, "The user has no phone, and so is no agent.", "There is no such agent.")
_NOT_SERVED = Refusal.of(MissingError, "Not a queue of the agent's.", "You do not serve this queue.")

_LONGEST_REASON = 80
_MOST_CHANGES = 1000

Reason = Annotated[str, StringConstraints(max_length=_LONGEST_REASON)]
ServedQueue = Annotated[UUID, Path(description="A queue that the agent serves.")]


class StateRequest(Incoming):
    """What the agent wants to be. During a call it takes effect when the call lets go."""

    state: Literal["idle", "paused"]
    reason: Reason | None = None
    """Why the agent pauses: from the desk's `pause_reasons`, or any words while that list is empty."""


class PauseRequest(Incoming):
    """Why the agent pauses."""

    reason: Reason | None = None
    """From the desk's `pause_reasons`, or any words while that list is empty."""


class MicrophoneRequest(Incoming):
    """What the browser lets the page do."""

    usable: bool
    """False when there is no microphone, or the page may not use it."""


class ChangeOut(Slice):
    """The agent became something."""

    id: int
    at: datetime
    state: AgentState
    reason: str | None
    queue_id: UUID | None
    """The queue that this is about: `paused` for it alone, or `idle`, which is no more paused for it."""
    queue: str | None
    call_id: str | None


class Changes(Outgoing):
    """Changes, newest first. `next` is the mark of the next page, if there is one."""

    items: Sequence[ChangeOut]
    next: str | None


def _written_day(value: object) -> object:
    # Pydantic takes a bare number for seconds since 1970.
    if isinstance(value, str) and value.isdecimal():
        raise PydanticCustomError("date_parsing", "no day")
    return value


@router.put("/state", responses=told(_NO_PHONE))
async def change_state(request: StateRequest, visitor: SignedIn, portal: ThePortal) -> AgentOut:
    """Pauses the agent, or makes the agent ready for calls."""
    wanted = AgentState(request.state)
    moment = now()
    async with portal.database.write() as session:
        reason = await pauses.checked_reason(session, request.reason) if wanted is AgentState.PAUSED else None
        matches = await attendance.change(session, visitor.user_id, wanted, moment, reason)
        found = await desk.agents(session, [visitor.user_id], moment)
    await portal.calls.wake(matches)
    return AgentOut.model_validate(found[visitor.user_id])


@router.put("/microphone", responses=told(_NO_PHONE))
async def tell_microphone(request: MicrophoneRequest, visitor: SignedIn, portal: ThePortal) -> PhoneOut:
    """Says whether the page's microphone can be used. Without one the agent gets no calls."""
    async with portal.database.write() as session:
        matches = await attendance.tell_microphone(session, visitor.user_id, usable=request.usable, now=now())
        found = (await desk.phones(session, [visitor.user_id], now())).get(visitor.user_id)
    if found is None:
        raise MissingError("There is no such agent.")
    await portal.calls.wake(matches)
    return PhoneOut.model_validate(found)


@router.put("/queues/{queue_id}/pause", responses=told(_NOT_SERVED))
async def pause_queue(
    queue_id: ServedQueue, request: PauseRequest, visitor: SignedIn, portal: ThePortal
) -> MembershipsOut:
    """Pauses the agent for one queue. A call of it that rings already goes on ringing."""
    async with portal.database.write() as session:
        reason = await pauses.checked_reason(session, request.reason)
        await pauses.pause(session, visitor.user_id, queue_id, reason, now())
        return await _memberships(session, visitor.user_id)


@router.delete("/queues/{queue_id}/pause", responses=told(_NOT_SERVED))
async def resume_queue(queue_id: ServedQueue, visitor: SignedIn, portal: ThePortal) -> MembershipsOut:
    """Lets calls of the queue come to the agent again."""
    async with portal.database.write() as session:
        matches = await pauses.resume(session, visitor.user_id, queue_id, now())
        serves = await _memberships(session, visitor.user_id)
    await portal.calls.wake(matches)
    return serves


@router.get("/changes", responses=told(NO_PAGE))
async def list_changes(
    visitor: SignedIn,
    portal: ThePortal,
    *,
    day: Annotated[
        date | None,
        BeforeValidator(_written_day),
        Query(description="In the centre's time zone; today when it is left out."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST_CHANGES, description="How many at most.")] = 200,
    before: Annotated[str | None, Query(description="The mark of the page, from the one before.")] = None,
) -> Changes:
    """What the agent was on a day, and since when."""
    zone = ZoneInfo(portal.config.time_zone)
    span = _span(day or now().astimezone(zone).date(), zone)
    async with portal.database.read() as session:
        found = await changes.of_agent(session, visitor.user_id, span, limit=limit, before=_before(before))
    last = Mark(found[-1].at, str(found[-1].id)) if len(found) == limit else None
    return Changes(items=[ChangeOut.model_validate(change) for change in found], next=str(last) if last else None)


def _span(day: date, zone: ZoneInfo) -> Span:
    try:
        ends = datetime.combine(day + timedelta(days=1), time(), zone)
        return Span(datetime.combine(day, time(), zone), ends)
    except OverflowError as error:
        raise BadRequestError("There is no such day.") from error


def _before(value: str | None) -> tuple[datetime, int] | None:
    if value is None:
        return None
    mark = Mark.parse(value)
    if not mark.id.isdecimal():
        raise BadRequestError(LOST_PAGE)
    return mark.at, int(mark.id)


async def _memberships(session: AnySession, user_id: UUID) -> MembershipsOut:
    return MembershipsOut.model_validate({"items": (await desk.memberships(session, [user_id]))[user_id]})
