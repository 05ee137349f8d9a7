"""What agents know, and how well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import AlreadyTakenError, NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.core.texts import checked_name, known
from db.core.unique import or_taken
from db.models import AgentSkill, QueueSkill, Skill, User
from db.routing import claims
from db.users import users
from domain.calls import ids
from domain.events.notice import NoticeKind
from domain.routing.matching import Match

HIGHEST_LEVEL = 10

_WANT_NO_MORE = text("""
    UPDATE waiting_calls SET skills = skills - CAST(:skill AS text)
    WHERE jsonb_exists(skills, CAST(:skill AS text)) RETURNING queue_id
""")


@dataclass(frozen=True)
class SkillRow:
    """Something that agents know."""

    id: UUID
    name: str


@dataclass(frozen=True)
class KnownSkill:
    """How well an agent knows something."""

    skill_id: UUID
    skill: str
    user_id: UUID
    name: str
    level: int


async def listing(session: AnySession) -> Sequence[SkillRow]:
    """All skills, by name."""
    found = await session.execute(select(Skill.id, Skill.name).order_by(func.lower(Skill.name)))
    return [SkillRow(*row) for row in found]


async def find(session: AnySession, name: str) -> SkillRow:
    """The skill of that name. Raises NotFoundError, which names the skills there are."""
    row = (await session.execute(select(Skill.id, Skill.name).where(func.lower(Skill.name) == name.lower()))).first()
    if row is None:
        raise NotFoundError(
            f"There is no skill {name}. {known('skills', [found.name for found in await listing(session)])}"
        )
    return SkillRow(*row)


async def get(session: AnySession, skill_id: UUID) -> SkillRow:
    """The skill with that id. Raises NotFoundError."""
    row = (await session.execute(select(Skill.id, Skill.name).where(Skill.id == skill_id))).first()
    if row is None:
        raise NotFoundError("There is no such skill.")
    return SkillRow(*row)


async def of_agents(session: AnySession) -> Sequence[KnownSkill]:
    """The skills of all agents, by skill and name."""
    found = await session.execute(
        select(AgentSkill.skill_id, Skill.name, AgentSkill.user_id, User.name, AgentSkill.level)
        .join(Skill, Skill.id == AgentSkill.skill_id)
        .join(User, User.id == AgentSkill.user_id)
        .where(User.disabled_at.is_(None))
        .order_by(func.lower(Skill.name), func.lower(User.name)),
    )
    return [KnownSkill(*row) for row in found]


async def add(session: WriteSession, name: str, by: UUID | None, now: datetime) -> UUID:
    """Makes a skill. Raises AlreadyTakenError and UnusableValueError."""
    plain = checked_name(name, "a skill")
    made: UUID | None = await session.scalar(
        insert(Skill).values(id=ids.uuid7(), name=plain).on_conflict_do_nothing().returning(Skill.id)
    )
    if made is None:
        raise AlreadyTakenError(_taken(plain))
    await audit.note(session, by, "skill.added", str(made), {"name": plain}, now)
    publish(session, Notice(NoticeKind.SKILL_CHANGED))
    return made


async def rename(session: WriteSession, skill_id: UUID, name: str, by: UUID | None, now: datetime) -> None:
    """Gives a skill another name. Raises NotFoundError, AlreadyTakenError and UnusableValueError."""
    plain = checked_name(name, "a skill")
    await get(session, skill_id)
    async with or_taken(session, _taken(plain)):
        await session.execute(update(Skill).where(Skill.id == skill_id).values(name=plain))
    await audit.note(session, by, "skill.renamed", str(skill_id), {"name": plain}, now)
    publish(session, Notice(NoticeKind.SKILL_CHANGED))


async def remove(session: WriteSession, skill_id: UUID, by: UUID | None, now: datetime) -> list[Match]:
    """Forgets a skill: nobody has it, and no queue's calls want it. Returns the calls that found an agent by it.

    Raises NotFoundError.
    """
    await claims.lock(session)
    skill = await get(session, skill_id)
    queue_ids = set(await session.scalars(select(QueueSkill.queue_id).where(QueueSkill.skill_id == skill_id)))
    queue_ids |= set(await session.scalars(_WANT_NO_MORE, {"skill": str(skill_id)}))
    await session.execute(delete(Skill).where(Skill.id == skill_id))
    await audit.note(session, by, "skill.removed", str(skill_id), {"name": skill.name}, now)
    publish(session, Notice(NoticeKind.SKILL_CHANGED))
    return await claims.match(session, queue_ids, now)


async def grant(  # noqa: PLR0913, PLR0917 - each is a different fact of the change
    session: WriteSession, user_id: UUID, skill_id: UUID, level: int, by: UUID | None, now: datetime
) -> list[Match]:
    """Says how well an agent knows it; 0 means not at all. Returns the calls that found the agent.

    Raises NotFoundError and UnusableValueError.
    """
    check_level(level)
    await claims.lock(session)
    account, skill = await users.get(session, user_id), await get(session, skill_id)
    if level:
        await session.execute(
            insert(AgentSkill)
            .values(user_id=user_id, skill_id=skill_id, level=level)
            .on_conflict_do_update(index_elements=["user_id", "skill_id"], set_={"level": level})
        )
    else:
        await session.execute(delete(AgentSkill).where(AgentSkill.user_id == user_id, AgentSkill.skill_id == skill_id))
    facts = {"skill_id": str(skill_id), "skill": skill.name, "name": account.name, "level": level}
    await audit.note(session, by, "user.skill_set", str(user_id), facts, now)
    publish(session, Notice(NoticeKind.SKILL_CHANGED))
    return await claims.match_agents(session, [user_id], now)


def check_level(level: int) -> None:
    """Raises UnusableValueError for a level that there is not."""
    if not 0 <= level <= HIGHEST_LEVEL:
        raise UnusableValueError(f"A level is a whole number from 1 to {HIGHEST_LEVEL}, or 0 for not at all.")


def _taken(name: str) -> str:
    return f"There is a skill {name} already. Choose another name."
