from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from api.access.visitors import ManagesQueues
from api.agents.schemas import KnownSkillOut, LevelIn, SkillList
from api.portal import ThePortal
from api.web.schemas import Done, Made, Named, NewNamed
from db.agents import skills
from db.core.clock import now

router = APIRouter(prefix="/api/v1/admin", tags=["administration"])

SkillId = Annotated[UUID, Path(description="The skill's id.")]


@router.get("/skills")
async def list_skills(_: ManagesQueues, portal: ThePortal) -> SkillList:
    """What agents may know, and who knows it how well."""
    async with portal.database.read() as session:
        there, known = await skills.listing(session), await skills.of_agents(session)
    return SkillList(
        items=[Named.model_validate(skill) for skill in there],
        agents=[KnownSkillOut.model_validate(found) for found in known],
    )


@router.post("/skills", status_code=201)
async def add_skill(request: NewNamed, visitor: ManagesQueues, portal: ThePortal) -> Made:
    """Makes a skill."""
    async with portal.database.write() as session:
        return Made(id=await skills.add(session, request.name, visitor.user_id, now()))


@router.put("/skills/{skill_id}")
async def rename_skill(skill_id: SkillId, request: NewNamed, visitor: ManagesQueues, portal: ThePortal) -> Done:
    """Gives a skill another name."""
    async with portal.database.write() as session:
        await skills.rename(session, skill_id, request.name, visitor.user_id, now())
    return Done()


@router.delete("/skills/{skill_id}")
async def remove_skill(skill_id: SkillId, visitor: ManagesQueues, portal: ThePortal) -> Done:
    """Forgets a skill. Calls that waited for somebody who has it may ring an agent at once."""
    async with portal.database.write() as session:
        matches = await skills.remove(session, skill_id, visitor.user_id, now())
    await portal.calls.wake(matches)
    return Done()


@router.put("/agents/{user_id}/skills/{skill_id}")
async def grant_skill(
    user_id: Annotated[UUID, Path(description="The agent's id.")],
    skill_id: SkillId,
    request: LevelIn,
    visitor: ManagesQueues,
    portal: ThePortal,
) -> Done:
    """Says how well an agent knows it. A waiting call may ring the agent at once."""
    async with portal.database.write() as session:
        matches = await skills.grant(session, user_id, skill_id, request.level, visitor.user_id, now())
    await portal.calls.wake(matches)
    return Done()
