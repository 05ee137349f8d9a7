"""The audit, for administrators."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.access.visitors import ReadsAudit
from api.openapi.refusals import told
from api.portal import ThePortal
from api.web.errors import BadRequestError
from api.web.paging import LOST_PAGE, NO_PAGE
from api.web.schemas import Outgoing
from db.audit import audit

router = APIRouter(prefix="/api/v1/admin/audit", tags=["administration"])

_MOST = 500
_LONGEST_ACTION = 80
_LONGEST_MARK = 18


class EntryOut(Outgoing):
    """Something that was done or refused."""

    id: int = Field(examples=[48213])
    at: datetime
    user_id: UUID | None
    """Who did it; null when nobody was logged in: at the command line, or before a log-in."""
    user: str | None = Field(examples=["Anna Berg"])
    origin: str | None = Field(examples=["203.0.113.9"])
    """Where from: an address, or the account of the machine that ran a command."""
    action: str = Field(examples=["user.password_reset"])
    subject: str = Field(examples=["019a6f6e-0000-7000-8000-000000000000"])
    """What it was done to: an id or a name."""
    facts: Mapping[str, Any] = Field(examples=[{"name": "Anna Berg"}])


class Entries(Outgoing):
    """Entries, newest first. `next` is the mark of the next page, if there is one."""

    items: Sequence[EntryOut]
    next: str | None


@router.get("", responses=told(NO_PAGE))
async def list_audit(  # noqa: PLR0913 - each is a parameter of its own
    visitor: ReadsAudit,  # noqa: ARG001 - only who administers
    portal: ThePortal,
    *,
    action: Annotated[
        str | None, Query(max_length=_LONGEST_ACTION, description="Only what begins so, such as `login` or `user.`.")
    ] = None,
    user_id: Annotated[UUID | None, Query(description="Only what this user did.")] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")] = 100,
    before: Annotated[str | None, Query(description="The mark of the page, from the one before.")] = None,
) -> Entries:
    """What was changed, who logged in, was refused or listened to a voicemail: by whom, when and from where."""
    wanted = audit.Wanted(action, user_id, _mark(before))
    async with portal.database.read() as session:
        found = await audit.listing(session, wanted, limit)
    following = str(found[-1].id) if len(found) == limit else None
    return Entries(items=[EntryOut.model_validate(entry) for entry in found], next=following)


def _mark(before: str | None) -> int | None:
    if before is None:
        return None
    if not (before.isascii() and before.isdecimal() and len(before) <= _LONGEST_MARK):
        raise BadRequestError(LOST_PAGE)
    return int(before)
