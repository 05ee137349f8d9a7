"""What agents must know for a queue's calls, and how well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from db.agents import skills
from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.notices import Notice, publish
from db.models import QueueSkill, Skill
from db.queues import queue_settings
from db.routing import claims
from domain.events.notice import NoticeKind
from domain.routing.matching import Match

# Calls that wait already are to be served by the rule as it is now.
_WANT = text("""
    UPDATE waiting_calls SET skills = skills || jsonb_build_object(CAST(:skill AS text), CAST(:level AS int))
    WHERE queue_id = :queue_id
""")
_WANT_NO_MORE = text("UPDATE waiting_calls SET skills = skills - CAST(:skill AS text) WHERE queue_id = :queue_id")


@dataclass(frozen=True)
class WantedSkill:
    """What an agent must know, and how well."""

    skill_id: UUID
    name: str
    level: int


async def listing(session: AnySession, queue_id: UUID) -> Sequence[WantedSkill]:
    """What the queue's calls want, by name."""
    found = await session.execute(
        select(QueueSkill.skill_id, Skill.name, QueueSkill.level)
        .join(Skill, Skill.id == QueueSkill.skill_id)
        .where(QueueSkill.queue_id == queue_id)
        .order_by(func.lower(Skill.name)),
    )
    return [WantedSkill(*row) for row in found]


async def put(  # noqa: PLR0913, PLR0917 - each is a different fact of the change
    session: WriteSession, queue_id: UUID, skill_id: UUID, level: int, by: UUID | None, now: datetime
) -> list[Match]:
    """Says how well agents must know something for the queue's calls, also for those that wait; 0 is not at all.

    Returns the calls that found an agent by it. Raises NotFoundError and UnusableValueError.
    """
    skills.check_level(level)
    await claims.lock(session)
    await queue_settings.get(session, queue_id)
    skill = await skills.get(session, skill_id)
    about = {"queue_id": queue_id, "skill": str(skill_id)}
    if level:
        await session.execute(
            insert(QueueSkill)
            .values(queue_id=queue_id, skill_id=skill_id, level=level)
            .on_conflict_do_update(index_elements=["queue_id", "skill_id"], set_={"level": level})
        )
        await session.execute(_WANT, {**about, "level": level})
    else:
        await session.execute(
            delete(QueueSkill).where(QueueSkill.queue_id == queue_id, QueueSkill.skill_id == skill_id)
        )
        await session.execute(_WANT_NO_MORE, about)
    facts = {"skill_id": str(skill_id), "name": skill.name, "level": level}
    await audit.note(session, by, "queue.skill_set", str(queue_id), facts, now)
    publish(session, Notice(NoticeKind.QUEUE_CHANGED, None, queue_id))
    return await claims.match(session, [queue_id], now)
