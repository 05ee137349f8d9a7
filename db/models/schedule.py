from datetime import date, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key


class Schedule(Base):
    """Opening hours, in a time zone of their own."""

    __tablename__ = "schedules"

    id: Mapped[Key]
    name: Mapped[str]
    time_zone: Mapped[str]

    __table_args__ = (Index("uq_schedules_name", text("lower(name)"), unique=True),)


class OpeningHours(Base):
    """A span of a weekday (Monday is 0) in which a schedule is open; `closes` at midnight means the day's end."""

    __tablename__ = "opening_hours"

    id: Mapped[Key]
    schedule_id: Mapped[UUID] = mapped_column(ForeignKey("schedules.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]


class Holiday(Base):
    """A day that has its own hours: closed all day when it has none."""

    __tablename__ = "holidays"

    schedule_id: Mapped[UUID] = mapped_column(ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    opens: Mapped[time | None]
    closes: Mapped[time | None]
