from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from api.access.visitors import SignedIn
from api.portal import ThePortal
from api.web.schemas import Outgoing
from db.agents import colleagues
from db.agents.colleagues import Relation
from db.core.clock import now
from domain.agents.agent import AgentState, Role

router = APIRouter(prefix="/api/v1/colleagues", tags=["calls"])


class ColleagueOut(Outgoing):
    """Somebody who can be asked, or be given a call."""

    user_id: UUID
    name: str
    role: Role
    relation: Relation
    """A supervisor, an agent of one of my queues, or another agent."""
    extension: str
    state: AgentState
    available: bool
    """Whether the phone is there and nothing else is going on."""


class Colleagues(Outgoing):
    """Supervisors first, then agents of my queues, then others; in each, those who are available first."""

    items: Sequence[ColleagueOut]


@router.get("")
async def list_colleagues(visitor: SignedIn, portal: ThePortal) -> Colleagues:
    """Everybody else who is logged in now."""
    async with portal.database.read() as session:
        found = await colleagues.listing(session, visitor.user_id, now())
    return Colleagues(items=[ColleagueOut.model_validate(colleague) for colleague in found])
