from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.access import COOKIE, find_visitor
from api.errors import TooManyAttemptsError
from api.login.service import WrongCredentialsError, log_in, log_out
from api.pages import render
from api.portal import ThePortal
from db.sessions import LASTS

router = APIRouter(include_in_schema=False)


@router.get("/login")
async def show_login(request: Request, portal: ThePortal) -> Response:
    """The log-in page; whoever is logged in goes on to the dashboard."""
    if await find_visitor(request, portal) is not None:
        return RedirectResponse("/", status_code=303)
    return render(request, "login.html", {"name": "", "error": None})


@router.post("/login")
async def submit_login(
    request: Request, portal: ThePortal, name: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
) -> Response:
    """Logs in; what is wrong is told on the same page, in one plain sentence."""
    address = request.client.host if request.client else "unknown"
    before = await find_visitor(request, portal)
    try:
        token = await log_in(portal, name.replace("\0", "").strip(), password, address)
    except (WrongCredentialsError, TooManyAttemptsError) as error:
        context = {"name": name, "error": str(error)}
        return render(request, "login.html", context, status=error.status, headers=error.headers)
    if before is not None:
        # Who takes over a browser logs out whoever left it, or calls would go on ringing for them.
        await log_out(portal, before)
    answer = RedirectResponse("/", status_code=303)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/logout")
async def submit_logout(request: Request, portal: ThePortal) -> Response:
    """Logs out; doing it twice does no harm."""
    visitor = await find_visitor(request, portal)
    if visitor is not None:
        await log_out(portal, visitor)
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer
