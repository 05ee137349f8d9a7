from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from api.access.visitors import SignedIn
from api.live.events import HeartbeatEvent, SessionReplacedEvent
from api.live.hub import Farewell, Listener, Update
from api.live.keeper import BEAT
from api.openapi.refusals import Refusal, Responses, refuses
from api.portal import Portal, ThePortal
from api.web.errors import ForeignOriginError
from db.agents import attendance
from db.core.clock import now
from db.events.outbox import Cursor

router = APIRouter(tags=["live"])

_MOST = 1 << 63
_EXAMPLE = """\
event: heartbeat
data: {}

id: 48213.90178
event: memberships
data: {"items": []}

"""
_SCHEMA = {
    "type": "string",
    "description": "Server-sent events. Each is a `LiveEvent`: its name, and its data as JSON.",
}
_STREAM: Responses = {200: {"content": {"text/event-stream": {"schema": _SCHEMA, "example": _EXAMPLE}}}}

_PATIENCE = 10.0
"""Seconds that one write may take; a page that reads more slowly is dropped, and comes back by itself."""


_FOREIGN = Refusal.of(
    ForeignOriginError,
    "A page of another site leads here, or a browser asks for it as for a page.",
    "Live changes are for Everline's own pages. Open Everline itself.",
)


@refuses(_FOREIGN)
async def _from_our_page(request: Request) -> None:
    # A user who follows events is present, and calls ring there: a link on a foreign page must not bring that about.
    site, mode = request.headers.get("sec-fetch-site"), request.headers.get("sec-fetch-mode")
    if site in {"cross-site", "same-site"} or mode == "navigate" or "text/html" in request.headers.get("accept", ""):
        raise ForeignOriginError(_FOREIGN.problem.detail)


@router.get(
    "/api/v1/events",
    response_class=EventSourceResponse,
    responses=_STREAM,
    dependencies=[Depends(_from_our_page)],
)
async def get_events(
    visitor: SignedIn,
    portal: ThePortal,
    after: Annotated[str | None, Query(description="The desk's cursor, on the first connection.")] = None,
    last_event_id: Annotated[str | None, Header(description="Sent by browsers when they reconnect.")] = None,
) -> EventSourceResponse:
    """Live changes of the desk as server-sent events, without end. The schema `LiveEvent` has all of them.

    Most replace the part of the desk that has their name; a queue and a colleague are matched on their ids. `desk`
    replaces all of it and comes when the cursor is too old or unreadable.
    """
    listener = Listener(visitor, _cursor(last_event_id or after))
    async with portal.database.write() as session:
        matches = await attendance.returned(session, visitor.user_id, now())
    await portal.calls.wake(matches)
    return EventSourceResponse(
        _events(portal, listener), ping=BEAT, ping_message_factory=_heartbeat, send_timeout=_PATIENCE
    )


def _cursor(value: str | None) -> Cursor | None:
    try:
        cursor = Cursor.parse(value or "")
    except ValueError:
        return None
    # A number that PostgreSQL cannot hold must not reach the reader that serves everybody.
    return cursor if max(cursor.oldest_open, cursor.next, *cursor.open) < _MOST else None


def _heartbeat() -> ServerSentEvent:
    return _sent(HeartbeatEvent())


def _sent(event: HeartbeatEvent | SessionReplacedEvent) -> ServerSentEvent:
    return ServerSentEvent(event.data.model_dump_json(), event=event.event)


def _together(updates: Sequence[Update], cursor: Cursor) -> bytes:
    """Events in one piece. The cursor comes with the last one only: a page that lost the line before gets all again."""
    return b"\n".join(update.lines for update in updates) + f"id: {cursor}\n\n".encode()


async def _events(portal: Portal, listener: Listener) -> AsyncIterator[ServerSentEvent | bytes]:
    portal.hub.attach(listener)
    try:
        yield _heartbeat()
        async for updates, cursor in listener.batches():
            yield _together(updates, cursor)
        if listener.farewell is Farewell.REPLACED:
            yield _sent(SessionReplacedEvent())
    finally:
        portal.hub.detach(listener)
