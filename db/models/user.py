from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key, Moment
from domain.agents.agent import Role
from domain.users.login_session import EndReason


class User(Base):
    """Somebody who logs in: an agent, a supervisor or an administrator.

    A disabled user keeps the row for the records that name it; the name and the agent id are free again. Whom the user
    calls by hand sees `shown_number`.
    """

    __tablename__ = "users"

    id: Mapped[Key]
    agent_id: Mapped[str]
    name: Mapped[str]
    role: Mapped[Role]
    password_hash: Mapped[str]
    password_is_given: Mapped[bool] = mapped_column(server_default="false")
    """Somebody else has set it, so the user has to choose another one first."""
    created_at: Mapped[Moment]
    disabled_at: Mapped[Moment | None]
    shown_number: Mapped[str | None]

    __table_args__ = (
        Index("uq_users_name", text("lower(name)"), unique=True, postgresql_where=text("disabled_at IS NULL")),
        Index("uq_users_agent_id", "agent_id", unique=True, postgresql_where=text("disabled_at IS NULL")),
    )


class LoginSession(Base):
    """A log-in. Only the hash of its token is kept."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    end_reason: Mapped[EndReason | None]


class LoginFailure(Base):
    """A log-in that failed, or is being checked, kept to slow down guessing.

    `name_key` is the case-folded name that was tried, `address` a network or a known browser.
    """

    __tablename__ = "login_failures"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_key: Mapped[str]
    address: Mapped[str]
    at: Mapped[Moment]
    failed: Mapped[bool]

    __table_args__ = (Index(None, "name_key", "at"), Index(None, "address", "at"))
