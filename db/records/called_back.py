"""What has become of callers whom nobody served: who has called them back, or talks with them now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from db.core.engine import AnySession
from domain.calls.call import Direction

# By the number, for a caller may call again by another queue, and an agent may dial the number by hand.
_LATER = text("""
    SELECT missed.call_id, later.agent, later.at, later.goes_on, later.direction
    FROM unnest(CAST(:call_ids AS text[]), CAST(:numbers AS text[]), CAST(:since AS timestamptz[]))
        AS missed(call_id, number, since)
    CROSS JOIN LATERAL (
        (SELECT users.name AS agent, calls.arrived_at AS at, true AS goes_on, calls.direction
            FROM calls
            JOIN participants ON participants.call_id = calls.id AND role = 'agent' AND until IS NULL
            JOIN users ON users.id = participants.user_id
            WHERE calls.customer_number = missed.number AND calls.arrived_at > missed.since
                AND (calls.type <> 'inbound' OR calls.answered_at IS NOT NULL)
                AND NOT EXISTS (SELECT FROM cdrs
                    WHERE cdrs.call_id = calls.id AND cdrs.arrived_at = calls.arrived_at)
            LIMIT 1)
        UNION ALL
        (SELECT agent_name, arrived_at, false, direction FROM cdrs
            WHERE customer_number = missed.number AND arrived_at > missed.since AND agent_name IS NOT NULL
                AND (type <> 'inbound' OR disposition = 'answered')
            ORDER BY arrived_at DESC LIMIT 1)
        ORDER BY goes_on DESC LIMIT 1
    ) AS later
""")


@dataclass(frozen=True)
class CalledBack:
    """The latest call with a caller whom nobody had served: by whom, when it began, and whether it goes on.

    Outbound: we called, and the caller may not have answered. Inbound: the caller called again and was served.
    """

    agent: str
    at: datetime
    goes_on: bool
    direction: Direction


async def find(session: AnySession, missed: Sequence[tuple[str, str, datetime]]) -> Mapping[str, CalledBack]:
    """By call, what has followed it. `missed` are calls with their callers' numbers and when they came."""
    if not missed:
        return {}
    call_ids, numbers, since = zip(*missed, strict=True)
    found = await session.execute(_LATER, {"call_ids": list(call_ids), "numbers": list(numbers), "since": list(since)})
    return {
        call_id: CalledBack(agent, at, goes_on, Direction(direction))
        for call_id, agent, at, goes_on, direction in found
    }
