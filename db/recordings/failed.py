"""Recordings that count as failed, and of which a file turns up."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text

from db.core.engine import AnySession, WriteSession
from db.core.partitions import LONGEST_CALL
from db.models import Recording
from db.recordings.recordings import WHETHER_SHORT
from domain.calls.call import RecordingState

_DAYS = timedelta(days=14)
"""How long a node may have been away whose recordings are looked for."""

_FOUND = text(f"""
    UPDATE recordings SET seconds = :seconds, status = {WHETHER_SHORT}
    FROM (
        SELECT cdrs.call_id, coalesce(recording_due, 0) AS due FROM cdrs JOIN recordings USING (call_id)
        WHERE name = :name AND stored_at > :since
            AND arrived_at > CAST(:since AS timestamptz) - interval '{LONGEST_CALL.days} days'
    ) AS talk
    WHERE recordings.name = :name AND status = 'failed' AND stored_at > :since AND talk.call_id = recordings.call_id
""")  # noqa: S608 - made of constants


async def listing(session: AnySession, node: str, now: datetime) -> Sequence[str]:
    """The failed recordings of a node, by name."""
    found = await session.scalars(
        select(Recording.name).where(
            Recording.node == node, Recording.status == RecordingState.FAILED, Recording.stored_at > now - _DAYS
        )
    )
    return list(found)


async def found(session: WriteSession, name: str, seconds: float, now: datetime) -> None:
    """The file of a failed recording is there, and so long."""
    await session.execute(_FOUND, {"name": name, "seconds": seconds, "since": now - _DAYS})
