from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from db.models.base import Base, Moment


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The type's name in SQL."""
        return "xid8"


class Event(Base):
    """Something that changed, written in the transaction that changed it.

    Ids are given out before transactions commit, so a reader that remembers only the highest id could step over a
    slower one. By `transaction` it knows what its last snapshot has not shown.
    """

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    transaction: Mapped[int] = mapped_column(Xid8(), server_default=text("pg_current_xact_id()"))
    at: Mapped[Moment] = mapped_column(server_default=text("now()"), index=True)
    kind: Mapped[str]
    user_id: Mapped[UUID | None]
    queue_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)

    __table_args__ = (Index(None, "transaction", "id"),)
