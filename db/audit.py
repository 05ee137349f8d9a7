"""Who changed what."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from db.engine import WriteSession
from db.models import AuditEntry


async def note(  # noqa: PLR0913, PLR0917 - each is a different fact of the change
    session: WriteSession, by: UUID | None, action: str, subject: str, facts: Mapping[str, object], now: datetime
) -> None:
    """Writes down a change, in its transaction. Without a user it was made at the machine itself."""
    session.add(AuditEntry(at=now, user_id=by, action=action, subject=subject, facts=dict(facts)))
    await session.flush()
