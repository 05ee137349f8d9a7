from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from api.access.visitors import Administrator
from api.openapi.refusals import MISSING, told
from api.portal import ThePortal
from api.queues.schemas import CodeList, CodeOut, Done, Made, NewCodeIn, NewReason, ReasonList, ReasonOut
from db.agents import choices
from db.agents.choices import NewCode
from db.core.clock import now

router = APIRouter(prefix="/api/v1/admin", tags=["administration"])

ReasonId = Annotated[UUID, Path(description="The reason's id.")]
CodeId = Annotated[UUID, Path(description="The code's id.")]


@router.get("/pause-reasons")
async def list_reasons(_: Administrator, portal: ThePortal) -> ReasonList:
    """Why agents may pause."""
    async with portal.database.read() as session:
        found = await choices.pause_reasons(session)
    return ReasonList(items=[ReasonOut.model_validate(reason) for reason in found])


@router.post("/pause-reasons", status_code=201)
async def add_reason(request: NewReason, visitor: Administrator, portal: ThePortal) -> Made:
    """Adds a reason at the end of the list."""
    async with portal.database.write() as session:
        return Made(id=await choices.add_pause_reason(session, request.name, visitor.user_id, now()))


@router.delete("/pause-reasons/{reason_id}")
async def remove_reason(reason_id: ReasonId, visitor: Administrator, portal: ThePortal) -> Done:
    """Takes a reason away; whoever is paused for it stays so."""
    async with portal.database.write() as session:
        await choices.remove_pause_reason(session, reason_id, visitor.user_id, now())
    return Done()


@router.get("/wrap-up-codes")
async def list_codes(_: Administrator, portal: ThePortal) -> CodeList:
    """What outcomes agents may give a call."""
    async with portal.database.read() as session:
        found = await choices.all_wrap_up_codes(session)
    return CodeList(items=[CodeOut.model_validate(code) for code in found])


@router.post("/wrap-up-codes", status_code=201, responses=told(MISSING))
async def add_code(request: NewCodeIn, visitor: Administrator, portal: ThePortal) -> Made:
    """Adds a code at the end of the list."""
    new = NewCode(request.name, request.key, request.queue_id)
    async with portal.database.write() as session:
        return Made(id=await choices.add_wrap_up_code(session, new, visitor.user_id, now()))


@router.delete("/wrap-up-codes/{code_id}")
async def remove_code(code_id: CodeId, visitor: Administrator, portal: ThePortal) -> Done:
    """Takes a code away; calls that have it keep it."""
    async with portal.database.write() as session:
        await choices.remove_wrap_up_code(session, code_id, visitor.user_id, now())
    return Done()
