from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text, union_all
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key, Moment
from domain.queues.exits import ExitAction, Occasion
from domain.queues.queue import ServiceLevel, Strategy


class Queue(Base):
    """Where calls wait for agents, and by which rules. Times are in seconds; what is null never happens."""

    __tablename__ = "queues"

    id: Mapped[Key]
    name: Mapped[str]
    ring_seconds: Mapped[int] = mapped_column(default=20)
    wrap_up_seconds: Mapped[int] = mapped_column(default=10)
    recorded: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]
    strategy: Mapped[Strategy] = mapped_column(server_default="longest_idle")
    weight: Mapped[int] = mapped_column(server_default="0")
    no_answer_limit: Mapped[int | None] = mapped_column(server_default="3")
    max_wait_seconds: Mapped[int | None]
    max_waiting: Mapped[int | None]
    aging_seconds: Mapped[int | None]
    skill_widening_seconds: Mapped[int | None]
    service_level_seconds: Mapped[int] = mapped_column(server_default="20")
    service_level_formula: Mapped[ServiceLevel] = mapped_column(server_default="answered_in/(answered+abandoned)")
    short_abandon_seconds: Mapped[int] = mapped_column(server_default="5")
    music: Mapped[str] = mapped_column(server_default="default")
    wrap_up_code_required: Mapped[bool] = mapped_column(server_default=text("false"))
    announce_seconds: Mapped[int | None]
    announce_position: Mapped[bool] = mapped_column(server_default=text("true"))
    announce_wait: Mapped[bool] = mapped_column(server_default=text("true"))
    callback_key: Mapped[str | None]
    callback_attempts: Mapped[int] = mapped_column(server_default="3")
    callback_busy_seconds: Mapped[int] = mapped_column(server_default="300")
    callback_no_answer_seconds: Mapped[int] = mapped_column(server_default="1800")
    schedule_id: Mapped[UUID | None] = mapped_column(ForeignKey("schedules.id", ondelete="SET NULL"))
    shown_number: Mapped[str | None]

    __table_args__ = (Index("uq_queues_name", text("lower(name)"), unique=True),)


class RemovedQueue(Base):
    """A queue that was removed: what happened in it stays, under its name."""

    __tablename__ = "removed_queues"

    id: Mapped[Key]
    name: Mapped[str]
    removed_at: Mapped[Moment]


QUEUE_NAMES = union_all(select(Queue.id, Queue.name), select(RemovedQueue.id, RemovedQueue.name)).subquery(
    "queue_names"
)
"""The names of all queues, of removed ones, too: for what is past."""


class QueueExit(Base):
    """Where a call goes that a queue does not serve: for each occasion at most one action (domain.queues.exits)."""

    __tablename__ = "queue_exits"

    queue_id: Mapped[UUID] = mapped_column(ForeignKey("queues.id", ondelete="CASCADE"), primary_key=True)
    occasion: Mapped[Occasion] = mapped_column(primary_key=True)
    action: Mapped[ExitAction]
    target_queue_id: Mapped[UUID | None] = mapped_column(ForeignKey("queues.id", ondelete="CASCADE"))
    message: Mapped[str | None]


class QueueMember(Base):
    """An agent who takes calls of a queue, and what the queue's strategy remembers of the agent.

    `position` orders members for the linear strategy. `answered` counts the calls taken on the day `answered_on`, which
    is the centre's.
    """

    __tablename__ = "queue_members"

    queue_id: Mapped[UUID] = mapped_column(ForeignKey("queues.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    penalty: Mapped[int] = mapped_column(server_default="0")
    position: Mapped[int] = mapped_column(server_default="0")
    paused_at: Mapped[Moment | None]
    paused_reason: Mapped[str | None]
    offered_at: Mapped[Moment | None]
    answered: Mapped[int] = mapped_column(server_default="0")
    answered_on: Mapped[date | None]


class Number(Base):
    """A number that callers dial, and the queue or the menu it leads to."""

    __tablename__ = "numbers"

    number: Mapped[str] = mapped_column(primary_key=True)
    queue_id: Mapped[UUID | None] = mapped_column(ForeignKey("queues.id"), index=True)
    menu_id: Mapped[UUID | None] = mapped_column(ForeignKey("menus.id"), index=True)
    priority: Mapped[int] = mapped_column(server_default="50")

    __table_args__ = (CheckConstraint("num_nonnulls(queue_id, menu_id) = 1", name="one_destination"),)
