from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import Field

from api.access.visitors import SignedIn, WatchedQueue
from api.desk.schemas import QueueLineOut, Slice
from api.openapi.refusals import Refusal, told
from api.portal import ThePortal
from api.web.errors import MissingError
from api.web.party import Party, read_from
from api.web.schemas import Incoming, Outgoing
from db.callbacks import callback_list
from db.core.clock import now
from db.desk import desk, queue_lines
from db.routing import line
from domain.queues.line import Move

router = APIRouter(prefix="/api/v1", tags=["queues"])

_MOST = 200
_LAST_PLACE = 100_000
_GONE = Refusal.of(MissingError, "The call is no longer in line.", "The call is no longer waiting in this queue.")

WaitingCall = Annotated[str, Path(description="A call that waits in the queue.", max_length=200)]


Place = Annotated[int, Field(ge=1, le=_LAST_PLACE, strict=True)]


class MoveRequest(Incoming):
    """Where the call is to go: one place up, one place down, to the top, to be served next, or to a place from 1.

    A place beyond the end of the line is its end.
    """

    to: Move | Place = Field(examples=["top", 3])


class CallbackOut(Slice):
    """Somebody who has hung up and is to be called back."""

    call_id: str
    queue_id: UUID
    queue: str
    customer: Party = Field(validation_alias=read_from("number"))
    name: str
    """As the caller sent it: never to be trusted, and never put into a page as markup."""
    state: str
    """`waiting`, or `dialling` while the customer is being called."""
    attempts: int
    """How often it was tried."""
    asked_at: datetime
    next_at: datetime | None
    """When the next try may come; null when it comes at its turn."""


class Callbacks(Outgoing):
    """Callbacks, those who have asked first first."""

    items: Sequence[CallbackOut]


@router.post(
    "/queues/{queue_id}/waiting/{call_id}/move",
    responses=told(_GONE),
)
async def move_waiting_call(
    queue_id: WatchedQueue, call_id: WaitingCall, request: MoveRequest, visitor: SignedIn, portal: ThePortal
) -> QueueLineOut:
    """Changes whose turn it is. The queue is served in the new order, which is returned."""
    async with portal.database.write() as session:
        moment = now()
        matches = await line.move(session, call_id, queue_id, request.to, visitor.user_id, moment)
        found = await queue_lines.listing(session, [queue_id], moment)
    await portal.calls.wake(matches)
    if not found:
        raise MissingError("You have no such queue.")
    return QueueLineOut.model_validate(found[0])


@router.get("/callbacks")
async def list_callbacks(
    visitor: SignedIn,
    portal: ThePortal,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")] = 100,
) -> Callbacks:
    """The callbacks that wait in the queues that the user sees."""
    async with portal.database.read() as session:
        watched = await desk.watched(session, visitor.user_id, visitor.role)
        found = await callback_list.waiting(session, watched, limit)
    return Callbacks(items=[CallbackOut.model_validate(promise) for promise in found])
