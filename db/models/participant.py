from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Moment
from domain.calls.call import CallRole, GuestOutcome, Purpose
from domain.calls.failure import Failure

HOLDS_NOW = "participants.until IS NULL AND participants.role IN ('agent', 'third_party')"
"""Whether somebody has a part now that nobody else can have beside them. An index has these rows, however long the
past is."""

LEFT_TO_OTHERS = "until IS NOT NULL AND joined_at IS NOT NULL AND wrap_up_seconds IS NULL AND user_id IS NOT NULL"
"""Whether a user talked in a call and left it before its end. The last agent's row has a wrap-up instead."""


class Participant(Base):
    """Somebody in a call: `since` the ring or the dial, `until` the end of that. The row stays as a part of the past.

    `leg` numbers the leg of a user or of a third party. The talk began at `joined_at`; `away` says that the leg was
    lost since then, and is rung again. `seconds` is how long the talk was, known once it is over. `trunk` is what a
    third party outside is on, `outcome` what became of a third party, `failure` why it was not reached. `arrived_at` is
    the call's, so that the calls of a user can be listed in the order of their records.
    """

    __tablename__ = "participants"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    call_id: Mapped[str]
    role: Mapped[CallRole]
    user_id: Mapped[UUID | None]
    number: Mapped[str | None]
    leg: Mapped[int] = mapped_column(server_default="0")
    purpose: Mapped[Purpose | None]
    arrived_at: Mapped[Moment]
    since: Mapped[Moment]
    joined_at: Mapped[Moment | None]
    until: Mapped[Moment | None]
    away: Mapped[bool] = mapped_column(server_default="false")
    muted: Mapped[bool] = mapped_column(server_default="false")
    seconds: Mapped[float | None]
    trunk: Mapped[str | None]
    outcome: Mapped[GuestOutcome | None]
    failure: Mapped[Failure | None]
    wrap_up_code: Mapped[str | None]
    wrap_up_seconds: Mapped[float | None]

    __table_args__ = (
        Index(None, "call_id"),
        # A call has one agent at a time, and one third party.
        Index(
            "ix_participants_one",
            "call_id",
            "role",
            unique=True,
            postgresql_where=text(HOLDS_NOW.replace("participants.", "")),
        ),
        Index("ix_participants_trunk", "trunk", postgresql_where=text("until IS NULL AND trunk IS NOT NULL")),
        # For what is old: rows come in the order of this time, so the index is small.
        Index(None, "arrived_at", postgresql_using="brin"),
        # The parts of users who left a call to others.
        Index("ix_participants_left", "user_id", "arrived_at", postgresql_where=text(LEFT_TO_OTHERS)),
    )
