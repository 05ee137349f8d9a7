"""The recording of a call that has ended, held against its talk."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import text

from db.core.engine import WriteSession
from db.core.partitions import LONGEST_CALL
from domain.calls import ids
from domain.calls.call import RecordingState

log = structlog.get_logger(__name__)


_HARDLY = 1.0
"""Seconds of talk below which a recording that is not there has not failed: nobody has had the call."""


_MISSING_SECONDS, _MISSING_PART = 2.0, 0.02
"""How much a recording may be shorter than its talk: the clocks of both are not one, and sound comes in packets."""


WHETHER_SHORT = f"""
    CASE WHEN :seconds < due - greatest({_MISSING_SECONDS}, {_MISSING_PART} * due) THEN 'short' ELSE 'stored' END
"""
"""What a recording of `:seconds` is, of a talk of which so much was `due`."""

# The months have no common key of names, and a step that is repeated may tell another time.
_LOCK_NAME = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_STORE = text(f"""
    WITH talk AS (
        SELECT coalesce(max(talk_seconds), 0) AS talked, coalesce(max(recording_due), 0) AS due
        FROM cdrs
        WHERE call_id = :call_id AND arrived_at > CAST(:stored_at AS timestamptz) - interval '{LONGEST_CALL.days} days'
    ),
    recording AS (
        INSERT INTO recordings (id, call_id, name, node, status, seconds, stored_at)
        SELECT :id, :call_id, :name, :node,
            CASE WHEN :playable THEN {WHETHER_SHORT} ELSE 'failed' END,
            :seconds, :stored_at
        FROM talk WHERE (:playable OR talked >= {_HARDLY}) AND NOT EXISTS (
            SELECT FROM recordings
            WHERE call_id = :call_id AND name = :name
                AND stored_at > CAST(:stored_at AS timestamptz) - interval '{LONGEST_CALL.days} days')
        RETURNING status
    )
    SELECT status, due FROM recording CROSS JOIN talk
""")  # noqa: S608 - made of constants


@dataclass(frozen=True)
class StoredRecording:
    """A recording's file: its name without folder and ending, its length, and whether it can be played."""

    name: str
    node: str
    seconds: float
    playable: bool


async def store(session: WriteSession, call_id: str, recording: StoredRecording, now: datetime) -> None:
    """Lists the recording of a call that has ended. A second time changes nothing."""
    values = {
        "id": ids.uuid7(),
        "call_id": call_id,
        "name": recording.name,
        "node": recording.node,
        "playable": recording.playable,
        "seconds": recording.seconds,
        "stored_at": now,
    }
    await session.execute(_LOCK_NAME, {"name": recording.name})
    stored = (await session.execute(_STORE, values)).first()
    if stored is not None and stored.status != RecordingState.STORED:
        log.error("recording %s", stored.status, call_id=call_id, seconds=recording.seconds, due=stored.due)
