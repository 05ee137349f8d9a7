"""Where a number that callers dial leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from db.core.engine import AnySession

_DESTINATION = text("""
    SELECT number.queue_id, number.menu_id, number.priority, limited.name IS NOT NULL
    FROM (
        SELECT * FROM numbers WHERE number = ANY(:spellings)
        ORDER BY array_position(CAST(:spellings AS text[]), CAST(number AS text)) LIMIT 1
    ) AS number
    LEFT JOIN trunks AS limited
        ON limited.name = :trunk AND limited.removed_at IS NULL AND limited.limits_inbound AND limited.max_channels > 0
""")


@dataclass(frozen=True)
class Destination:
    """Where a number leads: a queue or a menu, and how urgent its calls are.

    `is_limited` says that the trunk by which the call comes has a number of channels for such calls.
    """

    queue_id: UUID | None
    menu_id: UUID | None
    priority: int
    is_limited: bool = False


async def find(session: AnySession, spellings: Sequence[str], trunk: str) -> Destination | None:
    """Where a number leads that may be written in these ways, the likeliest first; None when it is not ours."""
    row = (await session.execute(_DESTINATION, {"spellings": list(spellings), "trunk": trunk})).first()
    return Destination(*row) if row else None
