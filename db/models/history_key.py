from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key, Moment


class HistoryKey(Base):
    """A key by which what Temporal keeps of a day's calls is encrypted, itself encrypted by a secret of this machine.

    The row of a key that was destroyed stays, so that it can be told from one that never was.
    """

    __tablename__ = "history_keys"
    __table_args__ = (UniqueConstraint("day", "wrapped_by"),)

    id: Mapped[Key]
    day: Mapped[date]
    wrapped_by: Mapped[str]
    """Which secret it needs: a name computed from the secret, from which the secret cannot be computed."""
    wrapped: Mapped[bytes | None] = mapped_column()
    """None once it is destroyed."""
    made_at: Mapped[Moment]
    destroyed_at: Mapped[Moment | None]
