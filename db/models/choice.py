from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key


class PauseReason(Base):
    """Why agents may pause, in the order in which they are shown."""

    __tablename__ = "pause_reasons"

    id: Mapped[Key]
    name: Mapped[str]
    position: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (Index("uq_pause_reasons_name", text("lower(name)"), unique=True),)


class WrapUpCode(Base):
    """An outcome that agents give a call by one key; of one queue, or of all when it names none."""

    __tablename__ = "wrap_up_codes"

    id: Mapped[Key]
    name: Mapped[str]
    key: Mapped[str | None]
    position: Mapped[int] = mapped_column(server_default="0")
    queue_id: Mapped[UUID | None] = mapped_column(ForeignKey("queues.id", ondelete="CASCADE"))

    __table_args__ = (
        Index(
            "uq_wrap_up_codes_name",
            text("lower(name)"),
            text("coalesce(queue_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            unique=True,
        ),
    )
