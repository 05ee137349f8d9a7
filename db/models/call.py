from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Moment
from domain.calls.call import CallStage, CallType, Direction, Party


def direction_of_type(context: DefaultExecutionContext) -> Direction:
    """The direction of a row that is written, by its type."""
    row = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return CallType(row["type"]).direction


class Call(Base):
    """A call that is going on, from its arrival to the end of wrap-up. Its history is the CDR.

    `customer_number` is in E.164 where it could be read so, None when it is withheld; `received_number` is how the
    trunk of a call in wrote it. `our_number` is what the customer has called, or what is shown to the customer.

    Its participants are rows of their own. `talk_since` is when the customer got the agents who talk now, `lost_at`
    when the last of them was gone; `talked` are the seconds of the talks before, from which the call went back to the
    line.
    `dials` is how often the customer has been dialled, each way out counted; `trunk` is what the customer is on.
    While an agent who was cut off is rung again, `returning_to` is the stage at which the call was left.
    The recording is paused since `recording_paused_at`, and was before for `recording_paused_seconds`.
    `recording_failed`: it was to be recorded, and is not.
    """

    __tablename__ = "calls"

    id: Mapped[str] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(index=True)
    type: Mapped[CallType]
    direction: Mapped[Direction] = mapped_column(default=direction_of_type)
    stage: Mapped[CallStage]
    customer_number: Mapped[str | None]
    received_number: Mapped[str | None]
    customer_name: Mapped[str]
    our_number: Mapped[str]
    queue_id: Mapped[UUID | None] = mapped_column(ForeignKey("queues.id", ondelete="SET NULL"))
    arrived_at: Mapped[Moment]
    queued_at: Mapped[Moment | None]
    offered_at: Mapped[Moment | None]
    answered_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    talk_since: Mapped[Moment | None]
    lost_at: Mapped[Moment | None]
    talked: Mapped[float] = mapped_column(server_default="0")
    recorded: Mapped[bool] = mapped_column(default=False)
    recording_paused: Mapped[bool] = mapped_column(server_default="false")
    recording_paused_at: Mapped[Moment | None]
    recording_paused_seconds: Mapped[float] = mapped_column(server_default="0")
    recording_failed: Mapped[bool] = mapped_column(server_default="false")
    returning_to: Mapped[CallStage | None]
    ended_by: Mapped[Party | None]
    priority: Mapped[int] = mapped_column(server_default="50")
    dials: Mapped[int] = mapped_column(server_default="0")
    trunk: Mapped[str | None] = mapped_column(index=True)


class WaitingCall(Base):
    """A call in line; its row goes when the call is answered or leaves the queue.

    `place` orders the line by hand, before priority (99 is the most urgent) and age. `skills` are the levels that the
    call wants at first, by skill id. `offered_to` are being rung; `missed_by` were and did not take it. A call that is
    to be served later waits until `not_before`.
    """

    __tablename__ = "waiting_calls"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    queue_id: Mapped[UUID] = mapped_column(ForeignKey("queues.id", ondelete="CASCADE"))
    place: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(server_default="50")
    entered_at: Mapped[Moment]
    not_before: Mapped[Moment | None]
    skills: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    offered_to: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)), server_default="{}")
    missed_by: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)), default=list)

    __table_args__ = (Index(None, "queue_id", "place", "entered_at"),)
