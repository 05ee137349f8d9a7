from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from api.access import SignedIn
from api.desk.models import AgentOut
from api.portal import ThePortal
from db import attendance, desk
from db.clock import now
from domain.agent import AgentState

router = APIRouter(prefix="/api/v1/agent", tags=["agent"])

_LONGEST_REASON = 80


class StateRequest(BaseModel):
    """What the agent wants to be. During a call it takes effect when the call lets go."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    state: Literal["idle", "paused"]
    reason: Annotated[str, StringConstraints(max_length=_LONGEST_REASON)] | None = None
    """Why the agent pauses."""


@router.put("/state")
async def change_state(request: StateRequest, visitor: SignedIn, portal: ThePortal) -> AgentOut:
    """Pauses the agent, or makes the agent ready for calls."""
    wanted = AgentState(request.state)
    reason = "".join(letter for letter in request.reason or "" if letter.isprintable()).strip() or None
    moment = now()
    async with portal.database.write() as session:
        matches = await attendance.change(
            session, visitor.user_id, wanted, moment, reason if wanted is AgentState.PAUSED else None
        )
        found = await desk.agents(session, [visitor.user_id], moment)
    await portal.calls.wake(matches)
    return AgentOut.model_validate(found[visitor.user_id])
