"""The audit log: changes with their user and their origin."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from db.core.engine import AnySession, WriteSession
from db.models import AuditEntry, User

ORIGIN: ContextVar[str | None] = ContextVar("ORIGIN", default=None)
"""Where the work of the present task comes from: an address, or an account of this machine."""


@dataclass(frozen=True)
class Entry:
    """Something that was done. `user` is None when nobody was logged in for it."""

    id: int
    at: datetime
    user_id: UUID | None
    user: str | None
    origin: str | None
    action: str
    subject: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which entries: of actions that begin so, by a user, before an entry."""

    action: str | None = None
    user_id: UUID | None = None
    before: int | None = None


async def note(  # noqa: PLR0913, PLR0917 - each is a different fact of the change
    session: WriteSession, by: UUID | None, action: str, subject: str, facts: Mapping[str, object], now: datetime
) -> None:
    """Writes down a change, in its transaction. Without a user it was made at the machine itself."""
    entry = AuditEntry(at=now, user_id=by, origin=ORIGIN.get(), action=action, subject=subject, facts=dict(facts))
    session.add(entry)
    await session.flush()


async def listing(session: AnySession, wanted: Wanted, limit: int) -> Sequence[Entry]:
    """Entries, newest first."""
    conditions = []
    if wanted.action is not None:
        conditions.append(AuditEntry.action.startswith(wanted.action, autoescape=True))
    if wanted.user_id is not None:
        conditions.append(AuditEntry.user_id == wanted.user_id)
    if wanted.before is not None:
        conditions.append(AuditEntry.id < wanted.before)
    found = await session.execute(
        select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.user_id,
            User.name,
            AuditEntry.origin,
            AuditEntry.action,
            AuditEntry.subject,
            AuditEntry.facts,
        )
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(*conditions)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [Entry(*row) for row in found]
