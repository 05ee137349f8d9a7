"""The page on which users replace the password that an administrator gave them. Until then there is no other."""

from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.access.visitors import LoggedIn
from api.login.first_page import lead_on
from api.login.routes import BROWSER_LASTS
from api.login.service import change_password
from api.portal import ThePortal
from api.web import cookies
from api.web.cookies import BROWSER
from api.web.errors import ApiError
from api.web.pages import render
from db.core.errors import UnusableValueError

router = APIRouter(prefix="/password", include_in_schema=False, default_response_class=HTMLResponse)


class _Form(BaseModel):
    """What was typed."""

    current: str = ""
    new: str = ""
    again: str = ""

    def usable(self) -> str:
        """The new password, if it is one. Raises UnusableValueError."""
        if self.new != self.again:
            raise UnusableValueError("The two new passwords are not the same. Type the new one twice.")
        if self.new == self.current:
            raise UnusableValueError("This is the password that you were given. Choose another one.")
        return self.new


@router.get("")
async def show_first_password(request: Request, visitor: LoggedIn, portal: ThePortal) -> Response:
    """The page; a user who has chosen already goes on to the first page."""
    if not visitor.password_is_given:
        return await lead_on(portal, visitor.user_id)
    return render(request, "password.html", {"user": visitor, "error": None})


@router.post("")
async def submit_first_password(
    request: Request, visitor: LoggedIn, portal: ThePortal, form: Annotated[_Form, Form()]
) -> Response:
    """Takes the new password and goes on; what is wrong is told on the same page."""
    try:
        browser = await change_password(portal, visitor, form.current, form.usable())
    except (ApiError, UnusableValueError) as error:
        status, headers = (error.status, error.headers) if isinstance(error, ApiError) else (422, None)
        return render(request, "password.html", {"user": visitor, "error": str(error)}, status=status, headers=headers)
    answer = await lead_on(portal, visitor.user_id)
    cookies.give(request, answer, BROWSER, browser, seconds=BROWSER_LASTS)
    return answer
