"""The list of past calls: my own, or everybody's for who may see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import Field

from api.access.visitors import SignedIn
from api.openapi.refusals import Refusal, told
from api.portal import ThePortal
from api.web.errors import ForbiddenError
from api.web.paging import NO_PAGE, Mark
from api.web.party import Party, ShownNumber, read_from
from api.web.schemas import Outgoing
from db.core.clock import now
from db.records import recent_calls
from db.records.recent_calls import CallFilter
from domain.agents.permissions import Permission
from domain.calls.call import CallType, Counted, Direction, Disposition, Involvement, RecordingState
from domain.calls.call import Party as CallParty
from domain.calls.failure import Failure
from domain.records.periods import days_begin

router = APIRouter(prefix="/api/v1/calls", tags=["calls"])

_OWN_ONLY = "You can see your own calls only."
_MOST = 100
_MOST_DAYS = 366
_COUNTED = 200


class CalledBackOut(Outgoing):
    """The latest call with a caller whom nobody had served."""

    agent: str
    at: datetime
    """When it began."""
    goes_on: bool
    direction: Direction
    """Outbound: we called, and the caller may not have answered. Inbound: the caller called again and was served."""


class CallPartOut(Outgoing):
    """An agent who had a call and passed it on."""

    agent: str
    wrap_up_code: str | None
    """How it came out for this agent."""


class PastCallOut(Outgoing):
    """A call that is over."""

    call_id: str
    type: CallType
    direction: Direction
    disposition: Disposition
    customer: Party | None = Field(validation_alias=read_from("customer_number"))
    """The customer's number; null when it is withheld."""
    received_number: ShownNumber | None
    """The number of who called us as the trunk wrote it; null for a call out, and for a call before this was kept."""
    customer_name: str
    our_number: str
    """What the customer has called, or what was shown to the customer."""
    queue: str | None
    wrap_up_code: str | None
    """How it came out. Of a call that the agent passed on, how the agent's own part did."""
    wrap_up_codes: Sequence[str]
    """What a call that the agent passed on may be coded with, until the last agent's wrap-up is over; else none."""
    parts: Sequence[CallPartOut]
    """The agents who had it and passed it on, in that order."""
    started_at: datetime
    duration: float
    """Seconds of talk, of the agent's own part alone when others had the call before or after; of ringing, when a call
    that was dialled by hand was unanswered or busy. When all calls are asked for, the whole talk."""
    part: Involvement | None
    """What the agent had to do with it; null when all calls are asked for. What was passed on may still go on, and so
    may what was missed."""
    counted: Counted | None
    """How the call counts in the agent's rate; null when it does not, and when all calls are asked for."""
    waited: float
    """Seconds in line."""
    ended_by: CallParty | None
    """Who ended the call; null while it goes on."""
    exit: str | None
    """How a call left a queue that did not serve it: the occasion, or `voicemail`, `callback`, `menu`; or
    `served`, a callback whose customer was talked with otherwise."""
    agent: str | None
    """The agent who had it last."""
    failure: Failure | None
    """Why a call of ours was not answered, by what its carrier said."""
    recording: RecordingState | None
    """What became of the recording of the talk; null when none was made."""
    called_back: CalledBackOut | None
    """What has followed a call whose caller nobody served; null when nothing has."""


class PastCalls(Outgoing):
    """A part of the list of calls, newest first."""

    items: Sequence[PastCallOut]
    next: str | None
    """The mark of the next part; null when there is none. A part may be short, or empty, and still not be the last:
    calls that one has missed are looked for among many that one has taken."""
    count: int | None = Field(examples=[2])
    """How many there are in all parts together, counted up to 200; null when it was not asked for, or when one would
    have to look through too many to know."""


@router.get("", responses=told(NO_PAGE, Refusal.of(ForbiddenError, "An agent asks for all calls.", _OWN_ONLY)))
async def list_calls(  # noqa: PLR0913 - each is a parameter of its own
    visitor: SignedIn,
    portal: ThePortal,
    *,
    mine: Annotated[bool, Query(description="Only my own; all need the permission `see_all_calls`.")] = True,
    missed: Annotated[
        bool,
        Query(
            description="Only those that rang me and that I did not take; of all: those of callers whom nobody served,"
            " also refused ones."
        ),
    ] = False,
    days: Annotated[
        int | None,
        Query(ge=1, le=_MOST_DAYS, description="Only those that came in the last so many days; 1 is today."),
    ] = None,
    counted: Annotated[bool, Query(description="Whether they are to be counted.")] = False,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")] = 10,
    before: Annotated[str | None, Query(description="The mark of the part, from the one before.")] = None,
) -> PastCalls:
    """The calls that are over, at least for who asks."""
    if not mine and not visitor.may(Permission.SEE_ALL_CALLS):
        raise ForbiddenError(_OWN_ONLY)
    since = days_begin(now(), ZoneInfo(portal.config.time_zone), days) if days is not None else None
    wanted = CallFilter(visitor.user_id if mine else None, missed, since)
    place = Mark.parse(before) if before is not None else None
    async with portal.database.read() as session:
        part = await recent_calls.listing(session, wanted, limit, (place.at, place.id) if place else None)
        count = await recent_calls.count(session, wanted, _COUNTED) if counted else None
    items = [PastCallOut.model_validate(call) for call in part.items]
    return PastCalls(items=items, next=str(Mark(*part.next)) if part.next else None, count=count)
