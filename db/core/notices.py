"""Events, written in the transaction of the change they tell of."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.events.notice import NoticeKind

CHANNEL = "everline_events"
"""The `LISTEN` channel that wakes readers of the event log. Its payload is empty."""

_KEY = "notices"
_WRITE = text("""
    WITH told AS (
        INSERT INTO events (kind, user_id, queue_id, facts)
        SELECT kind, user_id, queue_id, facts
        FROM jsonb_to_recordset(CAST(:notices AS jsonb))
            AS notice (kind text, user_id uuid, queue_id uuid, facts jsonb)
    )
    SELECT pg_notify(:channel, '')
""")


@dataclass(frozen=True)
class Notice:
    """Something that changed, for one user (`user_id`) and for those who watch a queue (`queue_id`)."""

    kind: NoticeKind
    user_id: UUID | None = None
    queue_id: UUID | None = None
    facts: dict[str, Any] | None = None


def publish(session: AsyncSession, *notices: Notice) -> None:
    """Tells of a change when the transaction commits, and not when it fails."""
    session.info.setdefault(_KEY, []).extend(notices)


async def write_published(session: AsyncSession) -> None:
    """Writes what was published in this transaction, in one statement. `Database.write` calls it before the commit."""
    notices: list[Notice] = session.info.pop(_KEY, [])
    if notices:
        rows = [
            {
                "kind": notice.kind,
                "user_id": str(notice.user_id) if notice.user_id else None,
                "queue_id": str(notice.queue_id) if notice.queue_id else None,
                "facts": notice.facts or {},
            }
            for notice in notices
        ]
        await session.execute(_WRITE, {"notices": json.dumps(rows), "channel": CHANNEL})
