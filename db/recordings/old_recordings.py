"""Recordings that are older than they are to be kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select, update

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.models import Recording, Voicemail
from domain.calls.call import RecordingState


async def due(session: AnySession, node: str, before: datetime, most: int) -> Sequence[str]:
    """Names of a node's recordings that were stored before a moment, the oldest first. Messages are kept."""
    is_message = exists().where(Voicemail.recording == Recording.name)
    found = await session.scalars(
        select(Recording.name)
        .where(
            Recording.node == node,
            Recording.status != RecordingState.REMOVED,
            Recording.stored_at < before,
            ~is_message,
        )
        .order_by(Recording.stored_at)
        .limit(most)
    )
    return found.all()


async def remove(session: WriteSession, node: str, names: Sequence[str], now: datetime) -> None:
    """Writes down that these files are gone."""
    await session.execute(
        update(Recording)
        .where(Recording.name.in_(names))
        .values(status=RecordingState.REMOVED)
        .execution_options(synchronize_session=False)
    )
    await audit.note(session, None, "recordings.removed", node, {"count": len(names), "last": names[-1]}, now)
