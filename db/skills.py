"""What agents know, and how well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from db import audit, routing
from db.engine import AnySession, WriteSession
from db.errors import AlreadyTakenError, NotFoundError, UnusableValueError
from db.models import AgentSkill, Skill, User
from db.texts import checked_name
from domain import ids
from domain.routing import Match


@dataclass(frozen=True)
class SkillRow:
    """Something that agents know."""

    id: UUID
    name: str


async def listing(session: AnySession) -> Sequence[SkillRow]:
    """All skills, by name."""
    found = await session.execute(select(Skill.id, Skill.name).order_by(func.lower(Skill.name)))
    return [SkillRow(*row) for row in found]


async def add(session: WriteSession, name: str, by: UUID | None, now: datetime) -> UUID:
    """Makes a skill. Raises AlreadyTakenError and UnusableValueError."""
    plain = checked_name(name, "a skill")
    made: UUID | None = await session.scalar(
        insert(Skill).values(id=ids.uuid7(), name=plain).on_conflict_do_nothing().returning(Skill.id)
    )
    if made is None:
        raise AlreadyTakenError(f"There is a skill {plain} already.")
    await audit.note(session, by, "skill.added", plain, {}, now)
    return made


async def grant(  # noqa: PLR0913, PLR0917 - each is a different fact of the change
    session: WriteSession, user_id: UUID, skill_id: UUID, level: int, by: UUID | None, now: datetime
) -> list[Match]:
    """Says how well an agent knows it; 0 means not at all. Returns the calls that found the agent.

    Raises NotFoundError and UnusableValueError.
    """
    if not 0 <= level <= 10:
        raise UnusableValueError("A level is 1 to 10, or 0 for none.")
    if await session.get(Skill, skill_id) is None or await session.get(User, user_id) is None:
        raise NotFoundError("There is no such skill, or no such agent.")
    if level:
        await session.execute(
            insert(AgentSkill)
            .values(user_id=user_id, skill_id=skill_id, level=level)
            .on_conflict_do_update(index_elements=["user_id", "skill_id"], set_={"level": level})
        )
    else:
        await session.execute(delete(AgentSkill).where(AgentSkill.user_id == user_id, AgentSkill.skill_id == skill_id))
    await audit.note(session, by, "skill.granted", str(user_id), {"skill_id": str(skill_id), "level": level}, now)
    return await routing.match_agent(session, user_id, now)
