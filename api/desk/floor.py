from fastapi import APIRouter
from pydantic import BaseModel

from api.access.visitors import SupervisorSignedIn
from api.desk.schemas import ColleagueOut
from api.portal import ThePortal
from db.core.clock import now
from db.desk import floor

router = APIRouter(prefix="/api/v1/agents", tags=["floor"])


class Floor(BaseModel):
    """Everybody who has a phone, by name."""

    items: tuple[ColleagueOut, ...]


@router.get("")
async def list_agents(visitor: SupervisorSignedIn, portal: ThePortal) -> Floor:  # noqa: ARG001 - only who may ask
    """What all agents are doing. Changes come as live events named `colleague`."""
    async with portal.database.read() as session:
        found = await floor.listing(session, now())
    return Floor(items=tuple(ColleagueOut.model_validate(colleague) for colleague in found))
