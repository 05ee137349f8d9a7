"""Wrap-up codes, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from api.access.visitors import ManagesQueues
from api.openapi.refusals import MISSING, told
from api.portal import ThePortal
from api.queues.schemas import CodeList, CodeOut, NewCodeIn
from api.web.schemas import Done, Made
from db.core.clock import now
from db.queues import wrap_up_codes
from db.queues.wrap_up_codes import NewCode

router = APIRouter(prefix="/api/v1/admin", tags=["administration"])

CodeId = Annotated[UUID, Path(description="The code's id.")]


@router.get("/wrap-up-codes")
async def list_codes(_: ManagesQueues, portal: ThePortal) -> CodeList:
    """What outcomes agents may give a call."""
    async with portal.database.read() as session:
        found = await wrap_up_codes.listing(session)
    return CodeList(items=[CodeOut.model_validate(code) for code in found])


@router.post("/wrap-up-codes", status_code=201, responses=told(MISSING))
async def add_code(request: NewCodeIn, visitor: ManagesQueues, portal: ThePortal) -> Made:
    """Adds a code at the end of the list."""
    new = NewCode(request.name, request.key, request.queue_id)
    async with portal.database.write() as session:
        return Made(id=await wrap_up_codes.add(session, new, visitor.user_id, now()))


@router.delete("/wrap-up-codes/{code_id}")
async def remove_code(code_id: CodeId, visitor: ManagesQueues, portal: ThePortal) -> Done:
    """Takes a code away; calls that have it keep it."""
    async with portal.database.write() as session:
        await wrap_up_codes.remove(session, code_id, visitor.user_id, now())
    return Done()
