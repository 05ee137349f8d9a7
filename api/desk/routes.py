from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.access.visitors import SignedIn
from api.desk.schemas import DeskOut
from api.desk.snapshot import NO_PHONE, read_desk
from api.openapi.refusals import told
from api.portal import ThePortal
from api.web.pages import render
from db.core.clock import now

router = APIRouter(tags=["desk"])


PAGES = ("/", "/calls", "/voicemails", "/users")
"""The paths of the pages in web/src/pages; each is drawn in the browser, into one shell."""


async def show_page(request: Request, visitor: SignedIn, portal: ThePortal) -> HTMLResponse:
    """The shell, which stays while pages come and go in it."""
    return render(request, "shell.html", {"user": visitor, "time_zone": portal.config.time_zone})


for path in PAGES:
    router.add_api_route(path, show_page, include_in_schema=False)


@router.get("/api/v1/desk", responses=told(NO_PHONE))
async def get_desk(visitor: SignedIn, portal: ThePortal) -> DeskOut:
    """Everything that the agent's page shows, with the cursor from which the live events go on."""
    async with portal.database.read() as session:
        return await read_desk(session, visitor, now())
