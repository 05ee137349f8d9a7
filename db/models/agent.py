from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Moment, by_month
from domain.agents.agent import AgentState


class Agent(Base):
    """What an agent is doing now.

    `until` ends a state by itself: an unconfirmed claim or a wrap-up is over when it has passed, whether or not
    anybody tidies the row. `wanted` is what the agent asked to become when the present call lets go. `attempt` numbers
    the leg that rings the agent for `call_id`. `missed` counts the calls in a row that the agent let ring.
    `portal_seen_at` is the last sign of life of the agent's page.
    """

    __tablename__ = "agents"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[AgentState]
    since: Mapped[Moment]
    until: Mapped[Moment | None]
    reason: Mapped[str | None]
    idle_since: Mapped[Moment]
    call_id: Mapped[str | None] = mapped_column(index=True)
    attempt: Mapped[int | None]
    missed: Mapped[int] = mapped_column(server_default="0")
    portal_seen_at: Mapped[Moment | None]
    wanted: Mapped[AgentState | None]
    wanted_reason: Mapped[str | None]


_CHANGES = Sequence("agent_change_ids", data_type=BigInteger, metadata=Base.metadata)


class AgentChange(Base):
    """An agent became something, at a time. With a queue, it is about that queue only: paused there, or no more.

    The database writes these rows itself, whatever changes an agent or a membership (migration 0002).
    """

    __tablename__ = "agent_changes"

    id: Mapped[int] = mapped_column(BigInteger, server_default=_CHANGES.next_value(), primary_key=True)
    user_id: Mapped[UUID]
    queue_id: Mapped[UUID | None]
    state: Mapped[AgentState]
    reason: Mapped[str | None]
    call_id: Mapped[str | None]
    at: Mapped[Moment] = mapped_column(primary_key=True)

    __table_args__ = (
        Index(None, "user_id", "at"),
        Index(None, "at"),
        # For db.records.rates, which counts what rang an agent and what the agent took.
        Index(
            "ix_agent_changes_rung",
            "user_id",
            "at",
            postgresql_include=["id", "state", "call_id"],
            postgresql_where=text("state IN ('offered', 'on_call')"),
        ),
        by_month("at"),
    )
