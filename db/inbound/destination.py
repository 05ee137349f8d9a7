"""Where a number that callers dial leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from db.core.engine import AnySession
from domain.numbering.number_format import NumberFormat

_DESTINATION = text("""
    SELECT number.queue_id, number.menu_id, number.priority,
        coalesce(trunk.limits_inbound AND trunk.max_channels > 0, false), trunk.number_format
    FROM (SELECT) AS call
    LEFT JOIN (
        SELECT * FROM numbers WHERE number = ANY(:spellings)
        ORDER BY array_position(CAST(:spellings AS text[]), CAST(number AS text)) LIMIT 1
    ) AS number ON true
    LEFT JOIN trunks AS trunk ON trunk.name = :trunk AND trunk.removed_at IS NULL
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


@dataclass(frozen=True)
class Found:
    """Where a call is to go, None when its number is not ours; and how its trunk writes numbers."""

    destination: Destination | None
    number_format: NumberFormat


async def find(session: AnySession, spellings: Sequence[str], trunk: str) -> Found:
    """Where a number leads that may be written in these ways, the likeliest first."""
    row = (await session.execute(_DESTINATION, {"spellings": list(spellings), "trunk": trunk})).one()
    *leads, number_format = row
    destination = Destination(*leads) if row.queue_id or row.menu_id else None
    return Found(destination, NumberFormat(number_format or NumberFormat.PLUS))
