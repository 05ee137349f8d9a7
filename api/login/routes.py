from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.access.visitors import find_visitor
from api.login.first_page import lead_on
from api.login.service import Tried, WrongCredentialsError, log_in, log_out
from api.openapi.refusals import Responses
from api.portal import ThePortal
from api.web import cookies
from api.web.cookies import BROWSER, SESSION
from api.web.errors import TooManyAttemptsError
from api.web.pages import render
from db.users.sessions import LASTS

router = APIRouter(tags=["session"], default_response_class=HTMLResponse)

BROWSER_LASTS = 400 * 24 * 3600
"""Seconds that a browser is known for, the longest that browsers keep a cookie."""

_LED_ON: Responses = {303: {"description": "It is done; `Location` is the page to go on with."}}
_SAME_PAGE: Responses = {
    401: {"description": "The name or the password is not right.", "content": {"text/html": {}}},
    429: {
        "description": "Too many log-ins have failed; `Retry-After` says for how long.",
        "content": {"text/html": {}},
    },
}


@router.get("/login", include_in_schema=False)
async def show_login(request: Request, portal: ThePortal) -> Response:
    """The log-in page; a user who is logged in goes on to the first page."""
    visitor = await find_visitor(request, portal)
    if visitor is not None:
        return await lead_on(portal, visitor.user_id)
    return render(request, "login.html", {"name": "", "error": None})


@router.post("/login", summary="Log in", status_code=303, responses=_LED_ON | _SAME_PAGE)
async def submit_login(
    request: Request,
    portal: ThePortal,
    name: Annotated[str, Form(examples=["Anna Berg"])] = "",
    password: Annotated[str, Form(examples=["correct horse battery"])] = "",
) -> Response:
    """Logs in by name or agent id; what is wrong is told on the same page, in one plain sentence.

    The answer sets the cookie of the session. The user's other sessions end.
    """
    address = request.client.host if request.client else "unknown"
    before = await find_visitor(request, portal)
    tried = Tried(name.replace("\0", "").strip(), password, address, cookies.read(request, BROWSER))
    try:
        made = await log_in(portal, tried)
    except (WrongCredentialsError, TooManyAttemptsError) as error:
        context = {"name": name, "error": str(error)}
        return render(request, "login.html", context, status=error.status, headers=error.headers)
    if before is not None:
        # A log-in ends the session that this browser had before: calls would go on ringing for its user.
        await log_out(portal, before)
    answer = await lead_on(portal, made.user_id)
    cookies.give(request, answer, SESSION, made.token, seconds=int(LASTS.total_seconds()))
    cookies.give(request, answer, BROWSER, made.browser, seconds=BROWSER_LASTS)
    return answer


@router.post("/logout", summary="Log out", status_code=303, responses=_LED_ON)
async def submit_logout(request: Request, portal: ThePortal) -> Response:
    """Logs out; doing it twice does no harm."""
    visitor = await find_visitor(request, portal)
    if visitor is not None:
        await log_out(portal, visitor)
    # Pages are never stored, but assets are; cookies are not named here, for those of the neighbours would go as well.
    answer = RedirectResponse("/login", status_code=303, headers={"Clear-Site-Data": '"cache"'})
    cookies.take_back(request, answer, SESSION)
    return answer
