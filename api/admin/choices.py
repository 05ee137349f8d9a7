from uuid import UUID

from fastapi import APIRouter

from api.access import Administrator
from api.admin.models import CodeList, CodeOut, Done, LevelIn, Made, Named, NamedList, NewCodeIn, NewNamed
from api.portal import ThePortal
from api.problems import Problem
from db import choices, skills
from db.choices import NewCode
from db.clock import now

router = APIRouter(
    prefix="/api/v1/admin",
    tags=["administration"],
    responses={
        403: {"model": Problem, "description": "Administrators only."},
        404: {"model": Problem, "description": "There is no such thing."},
        409: {"model": Problem, "description": "The name is taken, or matters stand in the way."},
    },
)


@router.get("/pause-reasons")
async def list_reasons(_: Administrator, portal: ThePortal) -> NamedList:
    """Why agents may pause."""
    async with portal.database.read() as session:
        found = await choices.pause_reasons(session)
    return NamedList(items=[Named.model_validate(reason) for reason in found])


@router.post("/pause-reasons", status_code=201)
async def add_reason(request: NewNamed, visitor: Administrator, portal: ThePortal) -> Made:
    """Adds a reason at the end of the list."""
    async with portal.database.write() as session:
        return Made(id=await choices.add_pause_reason(session, request.name, visitor.user_id, now()))


@router.delete("/pause-reasons/{reason_id}")
async def remove_reason(reason_id: UUID, visitor: Administrator, portal: ThePortal) -> Done:
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


@router.post("/wrap-up-codes", status_code=201)
async def add_code(request: NewCodeIn, visitor: Administrator, portal: ThePortal) -> Made:
    """Adds a code at the end of the list."""
    new = NewCode(request.name, request.key, request.queue_id)
    async with portal.database.write() as session:
        return Made(id=await choices.add_wrap_up_code(session, new, visitor.user_id, now()))


@router.delete("/wrap-up-codes/{code_id}")
async def remove_code(code_id: UUID, visitor: Administrator, portal: ThePortal) -> Done:
    """Takes a code away; calls that have it keep it."""
    async with portal.database.write() as session:
        await choices.remove_wrap_up_code(session, code_id, visitor.user_id, now())
    return Done()


@router.get("/skills")
async def list_skills(_: Administrator, portal: ThePortal) -> NamedList:
    """What agents may know."""
    async with portal.database.read() as session:
        found = await skills.listing(session)
    return NamedList(items=[Named.model_validate(skill) for skill in found])


@router.post("/skills", status_code=201)
async def add_skill(request: NewNamed, visitor: Administrator, portal: ThePortal) -> Made:
    """Makes a skill."""
    async with portal.database.write() as session:
        return Made(id=await skills.add(session, request.name, visitor.user_id, now()))


@router.put("/agents/{user_id}/skills/{skill_id}")
async def grant_skill(
    user_id: UUID, skill_id: UUID, request: LevelIn, visitor: Administrator, portal: ThePortal
) -> Done:
    """Says how well an agent knows it. A waiting call may ring the agent at once."""
    async with portal.database.write() as session:
        matches = await skills.grant(session, user_id, skill_id, request.level, visitor.user_id, now())
    await portal.calls.wake(matches)
    return Done()
