from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key, Moment


class DestinationRule(Base):
    """Numbers in E.164 that begin with `prefix` may be called, or may not."""

    __tablename__ = "destination_rules"

    id: Mapped[Key]
    prefix: Mapped[str] = mapped_column(unique=True)
    allowed: Mapped[bool]
    name: Mapped[str | None]


class DialLimit(Base):
    """How much a user may call out by hand; without a user, how much everybody may who has no row.

    What is null is as for everybody, or as usual.
    """

    __tablename__ = "dial_limits"

    id: Mapped[Key]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    a_minute: Mapped[int | None]
    at_once: Mapped[int | None]

    __table_args__ = (
        Index(
            "uq_dial_limits_user_id",
            text("coalesce(user_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            unique=True,
        ),
    )


class OutsideDial(Base):
    """A user has dialled a number outside: for a call by hand, or, on a leg `attempt`, to bring it into a call."""

    __tablename__ = "outside_dials"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    at: Mapped[Moment]

    __table_args__ = (Index(None, "user_id", "at"),)
