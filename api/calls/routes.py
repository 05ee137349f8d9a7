from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from api.access.visitors import CallId, OwnCall, SignedIn
from api.openapi.refusals import Refusal, told
from api.portal import ThePortal
from api.web.errors import ForbiddenError, MissingError, RefusedError, UnavailableError
from api.web.schemas import Done, Incoming, Outgoing
from db.calls import own_calls
from db.core.clock import now
from db.records import call_parts, recent_calls
from db.users.sessions import Visitor
from domain.agents.permissions import Permission
from domain.calls.call import CallType, Counted, Direction, Disposition, Involvement, Party, RecordingState
from domain.calls.failure import Failure
from workflows.calls.updates import Asked, WrapUp
from workflows.calls.workflow import CallWorkflow

router = APIRouter(prefix="/api/v1/calls", tags=["calls"])

NOT_ALLOWED = Refusal.of(
    RefusedError,
    "The call does not allow it as it stands; `detail` says why.",
    "Only a call that is connected can be held.",
)
UNREACHABLE = Refusal.of(
    UnavailableError,
    "The call cannot be reached just now; it goes on.",
    "The call cannot be reached just now. It goes on; try again in a moment.",
)
_ASKED = told(NOT_ALLOWED, UNREACHABLE)
_NOT_PASSED_ON = Refusal.of(
    MissingError, "The user has not passed such a call on.", "You have not passed this call on."
)
_COMPLETE = Refusal.of(
    RefusedError,
    "The last agent's wrap-up is over.",
    "The call is over and its record complete, so it takes no code any more.",
)
_OWN_ONLY = "You can see your own calls only."

_MOST = 100
_LONGEST_CODE = 80
_LONGEST_REVISION = 80
_MOST_SECONDS = 600


class Request(Incoming):
    """What an agent asks of a call, as the agent has seen it."""

    seen: Annotated[str, StringConstraints(max_length=_LONGEST_REVISION)] = Field(examples=["connected.1.0"])
    """The call's `revision` that the agent has seen. When the call has gone on since, nothing is done."""


def asked_by(visitor: Visitor, request: Request) -> Asked:
    """Who asks, and what this user has seen of the call."""
    return Asked(visitor.user_id, request.seen)


class MuteRequest(Request):
    """Whether the agent's microphone is to be off."""

    muted: bool


class WrapUpRequest(Request):
    """How the call came out."""

    code: Annotated[str, StringConstraints(max_length=_LONGEST_CODE)] | None = None
    """One of the call's `wrap_up_codes`."""


class PartRequest(Incoming):
    """How a call came out for an agent who has passed it on."""

    code: Annotated[str, StringConstraints(max_length=_LONGEST_CODE)] | None
    """One of the call's `wrap_up_codes`; null takes the code back."""


class ExtendRequest(Request):
    """How much more time the agent needs for the wrap-up."""

    seconds: Annotated[int, Field(ge=1, le=_MOST_SECONDS)] = 30


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
    customer_number: str | None
    """In E.164 where it could be read so; null when it is withheld."""
    received_number: str | None
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
    ended_by: Party | None
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
    """Calls, newest first."""

    items: Sequence[PastCallOut]


@router.get("", responses=told(Refusal.of(ForbiddenError, "An agent asks for all calls.", _OWN_ONLY)))
async def list_calls(
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
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")] = 10,
) -> PastCalls:
    """The latest calls that are over, at least for who asks."""
    if not mine and not visitor.may(Permission.SEE_ALL_CALLS):
        raise ForbiddenError(_OWN_ONLY)
    async with portal.database.read() as session:
        found = await recent_calls.listing(session, visitor.user_id if mine else None, limit, missed=missed)
    return PastCalls(items=[PastCallOut.model_validate(call) for call in found])


@router.post("/{call_id}/decline", responses=_ASKED)
async def decline(call_id: OwnCall, request: Request, visitor: SignedIn, portal: ThePortal) -> Done:
    """Does not take the call that rings; it goes to the next agent."""
    await portal.calls.ask(CallWorkflow.decline, call_id, asked_by(visitor, request))
    return Done()


@router.post("/{call_id}/hang-up", responses=_ASKED)
async def hang_up(call_id: OwnCall, request: Request, visitor: SignedIn, portal: ThePortal) -> Done:
    """Ends the talk. Ends a consultation only: then the customer comes back. A guest leaves the others alone."""
    await portal.calls.ask(CallWorkflow.hang_up, call_id, asked_by(visitor, request))
    return Done()


@router.post("/{call_id}/mute", responses=_ASKED)
async def mute(call_id: OwnCall, request: MuteRequest, visitor: SignedIn, portal: ThePortal) -> Done:
    """Turns the agent's microphone off or on."""
    await portal.calls.ask(CallWorkflow.mute, call_id, asked_by(visitor, request), request.muted)
    return Done()


@router.post("/{call_id}/wrap-up/complete", responses=_ASKED)
async def complete_wrap_up(call_id: OwnCall, request: WrapUpRequest, visitor: SignedIn, portal: ThePortal) -> Done:
    """Ends the wrap-up, so that the next call can come; with a code, that is how the call came out."""
    code = request.code
    if code is not None:
        async with portal.database.read() as session:
            code = await own_calls.checked_code(session, visitor.user_id, call_id, code, now())
    await portal.calls.ask(CallWorkflow.complete_wrap_up, call_id, asked_by(visitor, request), WrapUp(code))
    return Done()


@router.put("/{call_id}/own-part", responses=told(_NOT_PASSED_ON, _COMPLETE))
async def code_own_part(call_id: CallId, request: PartRequest, visitor: SignedIn, portal: ThePortal) -> Done:
    """Says how a call came out for who has passed it on; whoever has it now is not held up and codes the rest."""
    async with portal.database.write() as session:
        await call_parts.put_code(session, call_id, visitor.user_id, request.code)
    return Done()


@router.post("/{call_id}/wrap-up/extend", responses=_ASKED)
async def extend_wrap_up(call_id: OwnCall, request: ExtendRequest, visitor: SignedIn, portal: ThePortal) -> Done:
    """Gives the agent more time, as often as needed up to the longest that a wrap-up may last."""
    await portal.calls.ask(CallWorkflow.extend_wrap_up, call_id, asked_by(visitor, request), request.seconds)
    return Done()
