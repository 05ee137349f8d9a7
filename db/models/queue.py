from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key, Moment


class Queue(Base):
    """Where calls wait for agents. Times are in seconds."""

    __tablename__ = "queues"

    id: Mapped[Key]
    name: Mapped[str]
    ring_seconds: Mapped[int] = mapped_column(default=20)
    wrap_up_seconds: Mapped[int] = mapped_column(default=10)
    recorded: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]

    __table_args__ = (Index("uq_queues_name", text("lower(name)"), unique=True),)


class QueueMember(Base):
    """An agent who takes calls of a queue."""

    __tablename__ = "queue_members"

    queue_id: Mapped[UUID] = mapped_column(ForeignKey("queues.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)


class Number(Base):
    """A number that callers dial, and the queue it leads to."""

    __tablename__ = "numbers"

    number: Mapped[str] = mapped_column(primary_key=True)
    queue_id: Mapped[UUID] = mapped_column(ForeignKey("queues.id"), index=True)
