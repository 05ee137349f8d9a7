"""What the portal tells about itself."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request

from api.access.visitors import SignedIn
from api.portal import ThePortal
from api.web.schemas import Outgoing

router = APIRouter()


class Health(Outgoing):
    """The portal can serve."""

    status: str


@router.get("/healthz", tags=["health"])
async def get_health(portal: ThePortal) -> Health:
    """Whether the portal and its database answer. They are looked at once a second at most."""
    await portal.pulse.check()
    return Health(status="ok")


@router.get("/api/v1/openapi.json", include_in_schema=False)
async def get_description(request: Request, visitor: SignedIn) -> dict[str, Any]:  # noqa: ARG001 - only who is logged in
    """The description of this API."""
    description: dict[str, Any] = request.app.openapi()
    return description
