"""What an agent does with a call while it goes on."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from api.access.visitors import LedCall, OwnCall, SignedIn
from api.calls import outside
from api.calls.routes import NOT_ALLOWED, UNREACHABLE, Request, asked_by
from api.openapi.refusals import told
from api.portal import ThePortal
from api.web.schemas import Done
from domain.calls.call import Purpose
from workflows.calls.updates import Target
from workflows.calls.workflow import CallWorkflow

router = APIRouter(
    prefix="/api/v1/calls/{call_id}",
    tags=["calls"],
    responses=told(NOT_ALLOWED, UNREACHABLE),
)

_LONGEST_NUMBER = 40
_MOST_KEYS = 32


class HoldRequest(Request):
    """Whether the customer is to hear music."""

    held: bool = Field(examples=[True])


class ReachRequest(Request):
    """The third party to bring into the call, a colleague or a number, and what for."""

    purpose: Purpose = Field(examples=["consult"])
    user_id: UUID | None = None
    """A colleague, as `GET /api/v1/colleagues` names them."""
    number: Annotated[str, StringConstraints(max_length=_LONGEST_NUMBER)] | None = None
    """Anybody with a telephone that may be called, or the extension of a colleague."""


class KeysRequest(Request):
    """Keys of a telephone."""

    digits: Annotated[str, StringConstraints(pattern=r"^[0-9*#]+$", max_length=_MOST_KEYS)] = Field(examples=["42#"])


class RecordingRequest(Request):
    """Whether the recording is to be paused."""

    paused: bool = Field(examples=[True])


@router.post("/hold")
async def hold(call_id: LedCall, request: HoldRequest, visitor: SignedIn, portal: ThePortal) -> Done:
    """Lets the customer hear music, or talks with the customer again."""
    await portal.calls.ask(CallWorkflow.hold, call_id, asked_by(visitor, request), request.held)
    return Done()


@router.post("/rejoin", summary="Ring the agent again")
async def rejoin(call_id: OwnCall, request: Request, visitor: SignedIn, portal: ThePortal) -> Done:
    """Rings the agent again whose page has lost its part of the call; the customer hears music until then.

    Also the third party, for whom the agent waits, or talks on with the customer in a conference.
    """
    await portal.calls.ask(CallWorkflow.rejoin, call_id, asked_by(visitor, request))
    return Done()


@router.post("/reach", summary="Ring a third party")
async def reach(call_id: LedCall, request: ReachRequest, visitor: SignedIn, portal: ThePortal) -> Done:
    """Rings a third party, while the customer hears music.

    A third party who is consulted talks with the agent first. A transfer that nobody answers comes back.
    """
    number, user_id = request.number, request.user_id
    if number is not None and user_id is None:
        async with portal.database.read() as session:
            number, user_id = await outside.number_or_colleague(session, number, portal.config.region)
    await portal.calls.ask(
        CallWorkflow.reach, call_id, asked_by(visitor, request), Target(request.purpose, user_id, number)
    )
    return Done()


@router.post("/cancel", summary="Let the third party go")
async def cancel(call_id: LedCall, request: Request, visitor: SignedIn, portal: ThePortal) -> Done:
    """Lets the third party go, whether it rings or talks; the customer comes back."""
    await portal.calls.ask(CallWorkflow.cancel, call_id, asked_by(visitor, request))
    return Done()


@router.post("/hand-over")
async def hand_over(call_id: LedCall, request: Request, visitor: SignedIn, portal: ThePortal) -> Done:
    """Gives the customer to the third party: after a consultation, or by leaving a conference."""
    await portal.calls.ask(CallWorkflow.hand_over, call_id, asked_by(visitor, request))
    return Done()


@router.post("/conference", summary="Let all three talk")
async def conference(call_id: LedCall, request: Request, visitor: SignedIn, portal: ThePortal) -> Done:
    """Lets the customer join a consultation."""
    await portal.calls.ask(CallWorkflow.conference, call_id, asked_by(visitor, request))
    return Done()


@router.post("/keys")
async def press_keys(call_id: LedCall, request: KeysRequest, visitor: SignedIn, portal: ThePortal) -> Done:
    """Presses keys towards the parties who hear the agent, as for a menu: the customer, the third party, or both."""
    await portal.calls.ask(CallWorkflow.send_digits, call_id, asked_by(visitor, request), request.digits)
    return Done()


@router.post("/recording")
async def pause_recording(call_id: LedCall, request: RecordingRequest, visitor: SignedIn, portal: ThePortal) -> Done:
    """Puts nothing that is said on disk, or goes on with the recording."""
    await portal.calls.ask(CallWorkflow.pause_recording, call_id, asked_by(visitor, request), request.paused)
    return Done()
