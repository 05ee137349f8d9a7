"""What users change about themselves."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.access.visitors import LoggedIn
from api.login.routes import BROWSER_LASTS
from api.login.service import NOT_RIGHT
from api.login.service import change_password as change_password_of
from api.openapi.refusals import Refusal, told
from api.portal import ThePortal
from api.web import cookies
from api.web.cookies import BROWSER
from api.web.errors import ForbiddenError, TooManyAttemptsError
from api.web.schemas import Incoming, Outgoing
from db.users import passwords

router = APIRouter(prefix="/api/v1/account", tags=["session"])

_NOT_RIGHT = Refusal.of(ForbiddenError, "The present password is wrong.", NOT_RIGHT)
_TOO_OFTEN = Refusal(
    "The present password was wrong too often; `Retry-After` says for how long.",
    Refusal.of(ForbiddenError, "", "").problem.model_copy(
        update={
            "status": TooManyAttemptsError.status,
            "title": TooManyAttemptsError.title,
            "type": "urn:everline:problem:too-many-attempts",
            "detail": "Too many log-ins have failed. Try again in 16 seconds.",
        }
    ),
)

_Password = Annotated[str, StringConstraints(max_length=passwords.LONGEST)]


class PasswordChange(Incoming):
    """The password of now, and the one that the user wants."""

    current: _Password = Field(examples=["k7hd-9fw2-mqpx-3zva"])
    """The password that the user logs in with now."""
    new: _Password = Field(examples=["correct horse battery"])
    """10 to 128 characters, and none of the passwords that are tried first."""


class PasswordChanged(Outgoing):
    """It is done."""

    changed: bool = True


@router.put("/password", responses=told(_NOT_RIGHT, _TOO_OFTEN), response_model=PasswordChanged)
async def change_password(request: Request, change: PasswordChange, visitor: LoggedIn, portal: ThePortal) -> Response:
    """Gives the user another password. The session goes on; other browsers are strangers to the log-in again."""
    browser = await change_password_of(portal, visitor, change.current, change.new)
    answer = JSONResponse(PasswordChanged().model_dump())
    cookies.give(request, answer, BROWSER, browser, seconds=BROWSER_LASTS)
    return answer
