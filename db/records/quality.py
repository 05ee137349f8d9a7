"""How calls sounded, as the browsers of their agents measured it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from db.core.engine import WriteSession
from db.core.errors import NotFoundError
from db.core.partitions import LONGEST_CALL
from db.models import CallQuality

_TOOK_PART = text("""
    SELECT EXISTS (SELECT FROM participants
            WHERE call_id = :call_id AND user_id = :user_id AND arrived_at > :since)
        OR EXISTS (SELECT FROM cdrs WHERE call_id = :call_id AND user_id = :user_id AND arrived_at > :since)
        OR EXISTS (SELECT FROM agent_changes
            WHERE call_id = :call_id AND user_id = :user_id AND state = 'on_call' AND at > :since)
""")


@dataclass(frozen=True)
class Report:
    """Means over a talk, of so many samples."""

    jitter_ms: float
    loss: float
    round_trip_ms: float | None
    samples: int


async def note(session: WriteSession, call_id: str, user_id: UUID, report: Report, now: datetime) -> None:
    """Keeps what an agent's browser measured; the last report counts. Raises NotFoundError for another's call."""
    about = {"call_id": call_id, "user_id": user_id, "since": now - LONGEST_CALL}
    if not await session.scalar(_TOOK_PART, about):
        raise NotFoundError("You had no part in such a call.")
    values = {**asdict(report), "reported_at": now}
    await session.execute(
        insert(CallQuality)
        .values(call_id=call_id, user_id=user_id, **values)
        .on_conflict_do_update(index_elements=["call_id", "user_id"], set_=values)
    )
