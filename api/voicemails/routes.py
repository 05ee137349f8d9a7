from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse

from api.access.visitors import SignedIn
from api.desk.schemas import Slice
from api.openapi.refusals import Refusal, Responses, told
from api.portal import ThePortal
from api.web.errors import BadRequestError, MissingError
from api.web.paging import COUNTED, LOST_PAGE, NO_PAGE, Mark, split
from api.web.party import Party, read_from
from api.web.schemas import Page
from db.audit import audit
from db.core.clock import now
from db.core.engine import AnySession
from db.desk import desk
from db.queues import queues
from db.users.sessions import Visitor
from db.voicemails import voicemails
from db.voicemails.voicemails import Message, MessageFilter
from domain.agents.permissions import Permission

router = APIRouter(prefix="/api/v1/voicemails", tags=["voicemails"])

_MOST = 100
_FROM_THE_START = "bytes=0-"
_MISSING = Refusal.of(
    MissingError, "There is no such voicemail, or it is another queue's.", "There is no such voicemail."
)
_SOUND = {"schema": {"type": "string", "format": "binary"}}
_WAV: Responses = {
    200: {"content": {"audio/wav": _SOUND}},
    416: {"description": "The header `Range` asks for a part that is not there."},
    206: {"description": "The part that the header `Range` asks for.", "content": {"audio/wav": _SOUND}},
}

VoicemailId = Annotated[UUID, Path(description="The voicemail's id, as the list tells it.")]


class VoicemailOut(Slice):
    """What a caller left for a queue."""

    id: UUID
    call_id: str
    queue_id: UUID
    queue: str
    customer: Party | None = Field(validation_alias=read_from("customer_number"))
    """The customer's number; null when it is withheld."""
    customer_name: str
    """As the caller sent it: never to be trusted, and never put into a page as markup."""
    seconds: float
    left_at: datetime
    heard_at: datetime | None
    heard_by: str | None
    """The name of the first user who heard it."""


class Voicemails(Page[VoicemailOut]):
    """Voicemails, newest first."""

    unheard: int
    """How many of all that the user may hear nobody has heard."""


@router.get("", responses=told(NO_PAGE))
async def list_voicemails(  # noqa: PLR0913 - each is a parameter of its own
    visitor: SignedIn,
    portal: ThePortal,
    *,
    queue_id: Annotated[UUID | None, Query(description="Only those for this queue.")] = None,
    heard: Annotated[
        bool | None, Query(description="Only those that somebody has heard, or with false those that nobody has.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")] = 20,
    before: Annotated[str | None, Query(description="The mark of the page, from the one before.")] = None,
) -> Voicemails:
    """The voicemails of the queues that the user sees."""
    async with portal.database.read() as session:
        mailboxes = await _mailboxes(session, visitor)
        wanted = MessageFilter(mailboxes if queue_id is None else mailboxes & {queue_id}, heard)
        found = await voicemails.listing(session, wanted, limit=limit + 1, before=_before(before))
        count = await voicemails.count(session, wanted, COUNTED)
        unheard = await voicemails.unheard(session, mailboxes)
    shown, following = split(found, limit, lambda message: Mark(message.left_at, str(message.id)))
    items = [VoicemailOut.model_validate(message) for message in shown]
    return Voicemails(items=items, next=following, count=count, unheard=unheard.count)


@router.get("/{voicemail_id}/audio", response_class=FileResponse, responses=_WAV | told(_MISSING))
async def get_audio(request: Request, voicemail_id: VoicemailId, visitor: SignedIn, portal: ThePortal) -> FileResponse:
    """The recording, as WAV. Parts of it can be asked for, so that a player can seek."""
    async with portal.database.read() as session:
        message = await _found(session, visitor, voicemail_id)
    folder = portal.config.recordings
    file = folder / f"{message.recording}.wav"
    if file.parent != folder or not await run_in_threadpool(file.is_file):
        raise MissingError("The recording of this voicemail is not on this machine any more.")
    if request.headers.get("range", _FROM_THE_START).startswith(_FROM_THE_START):
        # A player that seeks asks for many parts of one file: it is heard once.
        async with portal.database.write() as session:
            await audit.note(session, visitor.user_id, "voicemail.played", str(message.id), {}, now())
    return FileResponse(file, media_type="audio/wav")


@router.post("/{voicemail_id}/heard", responses=told(_MISSING))
async def mark_heard(voicemail_id: VoicemailId, visitor: SignedIn, portal: ThePortal) -> VoicemailOut:
    """Notes that the voicemail was heard; the first time counts."""
    async with portal.database.write() as session:
        message = await _found(session, visitor, voicemail_id)
        await voicemails.note_heard(session, message, visitor.user_id, now())
        return VoicemailOut.model_validate(await _found(session, visitor, voicemail_id))


async def _found(session: AnySession, visitor: Visitor, voicemail_id: UUID) -> Message:
    return await voicemails.find(session, voicemail_id, await _mailboxes(session, visitor))


async def _mailboxes(session: AnySession, visitor: Visitor) -> frozenset[UUID]:
    """The queues whose voicemails the user may hear: who sees all queues hears those of removed ones, too."""
    watched = await desk.watched(session, visitor.user_id, visitor.role)
    return watched | await queues.removed(session) if visitor.may(Permission.SEE_ALL_QUEUES) else watched


def _before(value: str | None) -> tuple[datetime, UUID] | None:
    if value is None:
        return None
    mark = Mark.parse(value)
    try:
        return mark.at, UUID(mark.id)
    except ValueError as error:
        raise BadRequestError(LOST_PAGE) from error
