from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key, Moment, by_month
from domain.callbacks.callback import CallbackState
from domain.queues.exits import Outcome


class QueueVisit(Base):
    """A call's stay in a queue, written when it leaves: answered, abandoned or flowed out. `wait_seconds` in line."""

    __tablename__ = "queue_visits"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    queue_id: Mapped[UUID] = mapped_column(primary_key=True)
    entered_at: Mapped[Moment] = mapped_column(primary_key=True)
    left_at: Mapped[Moment]
    outcome: Mapped[Outcome]
    wait_seconds: Mapped[float]

    __table_args__ = (Index(None, "queue_id", "left_at"), by_month("entered_at"))


class Voicemail(Base):
    """A message that a caller left for a queue; `recording` is the name of its file."""

    __tablename__ = "voicemails"

    id: Mapped[Key]
    call_id: Mapped[str] = mapped_column(unique=True)
    queue_id: Mapped[UUID]
    customer_number: Mapped[str | None]
    customer_name: Mapped[str]
    recording: Mapped[str]
    seconds: Mapped[float]
    left_at: Mapped[Moment]
    heard_at: Mapped[Moment | None]
    heard_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    __table_args__ = (Index(None, "queue_id", "left_at"),)


class Callback(Base):
    """A caller who wants to be called back and keeps the place in line. `call_id` is the call that will do it."""

    __tablename__ = "callbacks"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    asked_in_call_id: Mapped[str] = mapped_column(unique=True)
    queue_id: Mapped[UUID]
    number: Mapped[str]
    name: Mapped[str]
    state: Mapped[CallbackState]
    attempts: Mapped[int] = mapped_column(server_default="0")
    asked_at: Mapped[Moment]
    next_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]

    __table_args__ = (
        Index(None, "queue_id", "state"),
        Index("ix_callbacks_open", "queue_id", postgresql_where=text("closed_at IS NULL")),
    )
