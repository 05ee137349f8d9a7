from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Moment


class CallQuality(Base):
    """How a call sounded at one agent's browser: means over the talk; `loss` is a share between 0 and 1."""

    __tablename__ = "call_quality"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    jitter_ms: Mapped[float]
    loss: Mapped[float]
    round_trip_ms: Mapped[float | None]
    samples: Mapped[int]
    reported_at: Mapped[Moment]

    __table_args__ = (Index(None, "reported_at", postgresql_using="brin"),)
