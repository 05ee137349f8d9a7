from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from api.access.visitors import CallId, OwnCall, SignedIn
from api.openapi.refusals import Refusal, told
from api.portal import ThePortal
from api.web.errors import MissingError, RefusedError, UnavailableError
from api.web.schemas import Done, Incoming
from db.calls import own_calls
from db.core.clock import now
from db.records import call_parts
from db.users.sessions import Visitor
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
