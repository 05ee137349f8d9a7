from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Moment


class Call(Base):
    """A call that is going on, from its arrival to the end of wrap-up. Its history is the CDR."""

    __tablename__ = "calls"

    id: Mapped[str] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(index=True)
    type: Mapped[str]
    stage: Mapped[str]
    caller_number: Mapped[str]
    caller_name: Mapped[str]
    dialled: Mapped[str]
    queue_id: Mapped[UUID | None] = mapped_column(ForeignKey("queues.id", ondelete="SET NULL"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    attempt: Mapped[int] = mapped_column(default=0)
    arrived_at: Mapped[Moment]
    queued_at: Mapped[Moment | None]
    offered_at: Mapped[Moment | None]
    answered_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    muted: Mapped[bool] = mapped_column(default=False)
    recorded: Mapped[bool] = mapped_column(default=False)


class WaitingCall(Base):
    """A call in line. `place` orders the line before the time of arrival; `missed_by` did not take it."""

    __tablename__ = "waiting_calls"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    queue_id: Mapped[UUID] = mapped_column(ForeignKey("queues.id", ondelete="CASCADE"))
    place: Mapped[int] = mapped_column(default=0)
    entered_at: Mapped[Moment]
    offered_to: Mapped[UUID | None]
    missed_by: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)), default=list)

    __table_args__ = (Index(None, "queue_id", "place", "entered_at"),)
