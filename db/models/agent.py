from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Moment


class Agent(Base):
    """What an agent is doing now.

    `until` ends a state by itself: an unconfirmed claim or a wrap-up is over when it has passed, whether or not
    anybody tidies the row. `wanted` is what the agent asked to become when the present call lets go. `portal_seen_at`
    is the last sign of life of the agent's page.
    """

    __tablename__ = "agents"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str]
    since: Mapped[Moment]
    until: Mapped[Moment | None]
    reason: Mapped[str | None]
    idle_since: Mapped[Moment]
    call_id: Mapped[str | None] = mapped_column(index=True)
    portal_seen_at: Mapped[Moment | None]
    wanted: Mapped[str | None]
    wanted_reason: Mapped[str | None]
