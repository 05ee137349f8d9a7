from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key, Moment, by_month
from db.models.call import direction_of_type
from domain.calls.call import CallType, Direction, Disposition, Party, RecordingState
from domain.calls.failure import Failure
from domain.queues.exits import LeftBy


class Cdr(Base):
    """The record of a call: one row, written when the talk ends, completed after wrap-up.

    The numbers are as those of a call (db.models.call). Names are copied, so that the record stays true when a queue or
    a user is renamed. Durations are in seconds.
    `own_seconds` is how much of the talk was that of the agent who had the call last, None when that is not known.
    `recording_due` is how much of the talk was to be recorded, None when nothing was.
    A call has the same `arrived_at` wherever it stands: with `call_id` it is the key, by which a call has one record.
    `exit` is how a call left its queue that nobody answered and nobody gave up (domain.queues.exits); `failure` is why
    a call of ours was not answered (domain.calls.failure).
    """

    __tablename__ = "cdrs"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[CallType]
    direction: Mapped[Direction] = mapped_column(default=direction_of_type)
    disposition: Mapped[Disposition]
    customer_number: Mapped[str | None]
    received_number: Mapped[str | None]
    customer_name: Mapped[str]
    our_number: Mapped[str]
    queue_id: Mapped[UUID | None]
    queue_name: Mapped[str | None]
    user_id: Mapped[UUID | None]
    agent_name: Mapped[str | None]
    arrived_at: Mapped[Moment] = mapped_column(primary_key=True)
    queued_at: Mapped[Moment | None]
    answered_at: Mapped[Moment | None]
    ended_at: Mapped[Moment]
    wait_seconds: Mapped[float]
    talk_seconds: Mapped[float]
    own_seconds: Mapped[float | None]
    wrap_up_seconds: Mapped[float | None]
    ended_by: Mapped[Party]
    cause: Mapped[int]
    completed_at: Mapped[Moment | None]
    exit: Mapped[LeftBy | None]
    failure: Mapped[Failure | None]
    wrap_up_code: Mapped[str | None]
    recording_due: Mapped[float | None]

    __table_args__ = (
        Index(None, "arrived_at"),
        Index(None, "user_id", "arrived_at"),
        Index(None, "queue_id", "arrived_at"),
        Index(None, "customer_number", "arrived_at"),
        by_month("arrived_at"),
    )


class Recording(Base):
    """A recorded part of a call; `name` is the file's, without folder and ending. `status` is domain.calls.call's.

    `stored_at` is when its call ended, whenever it was listed: with `name` it is what a file is listed by once.
    """

    __tablename__ = "recordings"

    id: Mapped[Key]
    call_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    node: Mapped[str]
    status: Mapped[RecordingState]
    seconds: Mapped[float]
    stored_at: Mapped[Moment] = mapped_column(primary_key=True)

    __table_args__ = (UniqueConstraint("name", "stored_at"), by_month("stored_at"))
