from fastapi import APIRouter

from api.access.visitors import SeesFloor
from api.desk.schemas import FloorAgentOut
from api.portal import ThePortal
from api.web.schemas import Outgoing
from db.core.clock import now
from db.desk import floor

router = APIRouter(prefix="/api/v1/agents", tags=["floor"])


class Floor(Outgoing):
    """Everybody who has a phone, by name."""

    items: tuple[FloorAgentOut, ...]


@router.get("")
async def list_agents(visitor: SeesFloor, portal: ThePortal) -> Floor:  # noqa: ARG001 - only who may ask
    """What all agents are doing. Changes come as live events named `colleague`."""
    async with portal.database.read() as session:
        found = await floor.listing(session, now())
    return Floor(items=tuple(FloorAgentOut.model_validate(colleague) for colleague in found))
