from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key


class Skill(Base):
    """Something that agents know, at levels 1 to 10."""

    __tablename__ = "skills"

    id: Mapped[Key]
    name: Mapped[str]

    __table_args__ = (Index("uq_skills_name", text("lower(name)"), unique=True),)


class AgentSkill(Base):
    """How well an agent knows it."""

    __tablename__ = "agent_skills"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(ForeignKey("skills.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[int]


class QueueSkill(Base):
    """How well an agent must know it for a queue's calls, when they begin to wait."""

    __tablename__ = "queue_skills"

    queue_id: Mapped[UUID] = mapped_column(ForeignKey("queues.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(ForeignKey("skills.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[int]
