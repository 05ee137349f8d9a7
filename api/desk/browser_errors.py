"""What goes wrong in the page, told by itself: kept in the portal's log, without what it was about."""

import re
from typing import Annotated

import structlog
from fastapi import APIRouter
from pydantic import Field, StringConstraints

from api.access.visitors import SignedIn
from api.openapi.refusals import Refusal, told
from api.portal import ERROR_REPORTS, ERROR_REPORTS_WITHIN, ThePortal
from api.web.errors import TooManyAttemptsError
from api.web.problems import of_error
from api.web.schemas import Done, Incoming

log = structlog.get_logger(__name__)
router = APIRouter(tags=["desk"])

_TOO_MANY = "There are enough reports of this page for now."
_REFUSED = Refusal(
    f"The user has sent {ERROR_REPORTS} reports within {ERROR_REPORTS_WITHIN} seconds.",
    of_error(TooManyAttemptsError(_TOO_MANY, ERROR_REPORTS_WITHIN)),
)
_QUOTED = re.compile(r"""["'`“«].*""", re.DOTALL)
_DIGITS = re.compile(r"\+?\d[\d\s()./-]*")
_Place = Annotated[str, StringConstraints(max_length=120, pattern=r"^/static/dist/[\w.-]+:\d+:\d+$")]


class BrowserError(Incoming):
    """An error that no part of the page has caught."""

    name: str = Field(max_length=60, pattern=r"^\w+$", examples=["TypeError"])
    message: str = Field(max_length=500, examples=["The page has no [data-queues]"])
    """From the first quotation mark on, and all numbers, it is left out of the log: they may be a customer's."""
    places: list[_Place] = Field(max_length=20, examples=[["/static/dist/shell-0A1B2C3D.js:1:2345"]])
    """Where in our own scripts it was, the innermost first."""
    page: str = Field(max_length=200, pattern=r"^/[\w/-]*$", examples=["/calls"])
    """The path of the page, without what was searched for there."""


@router.post("/api/v1/browser-errors", summary="Report an error of the page", responses=told(_REFUSED))
async def report_error(error: BrowserError, visitor: SignedIn, portal: ThePortal) -> Done:
    """Notes an error of the page in the portal's log, for the centre's operators."""
    if not portal.error_reports.take(visitor.user_id):
        raise TooManyAttemptsError(_TOO_MANY, ERROR_REPORTS_WITHIN)
    log.warning(
        "error in a page",
        error=error.name,
        message=_without_data(error.message),
        places=error.places,
        page=error.page,
        user_id=str(visitor.user_id),
    )
    return Done()


def _without_data(message: str) -> str:
    return _DIGITS.sub("… ", _QUOTED.sub("…", message)).strip()
