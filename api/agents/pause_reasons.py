from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from api.access.visitors import ManagesQueues
from api.agents.schemas import NewReason, ReasonList, ReasonOut
from api.portal import ThePortal
from api.web.schemas import Done, Made
from db.agents import pause_reasons
from db.core.clock import now

router = APIRouter(prefix="/api/v1/admin", tags=["administration"])

ReasonId = Annotated[UUID, Path(description="The reason's id.")]


@router.get("/pause-reasons")
async def list_reasons(_: ManagesQueues, portal: ThePortal) -> ReasonList:
    """Why agents may pause."""
    async with portal.database.read() as session:
        found = await pause_reasons.listing(session)
    return ReasonList(items=[ReasonOut.model_validate(reason) for reason in found])


@router.post("/pause-reasons", status_code=201)
async def add_reason(request: NewReason, visitor: ManagesQueues, portal: ThePortal) -> Made:
    """Adds a reason at the end of the list."""
    async with portal.database.write() as session:
        return Made(id=await pause_reasons.add(session, request.name, visitor.user_id, now()))


@router.delete("/pause-reasons/{reason_id}")
async def remove_reason(reason_id: ReasonId, visitor: ManagesQueues, portal: ThePortal) -> Done:
    """Removes a reason. Agents who are paused for it stay paused."""
    async with portal.database.write() as session:
        await pause_reasons.remove(session, reason_id, visitor.user_id, now())
    return Done()
