"""Callbacks of a node that is dead: they stand in line, and wait at another node from then on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from db.agents import release
from db.core.engine import WriteSession
from db.core.notices import Notice, publish
from db.queues import rules
from db.routing import claims
from domain.calls.arrival import Arrival, Waited
from domain.events.notice import NoticeKind
from domain.queues.queue import Queue
from domain.routing.matching import Match

# A callback whose customer has answered is a talk, which has ended with its node.
_TAKE = text("""
    WITH callback AS (
        UPDATE callbacks SET state = 'waiting'
        FROM calls
        WHERE callbacks.call_id = :call_id AND closed_at IS NULL AND calls.id = callbacks.call_id
            AND calls.answered_at IS NULL AND calls.ended_at IS NULL
        RETURNING callbacks.*
    ),
    call AS (
        UPDATE calls SET node = :node, stage = 'waiting', offered_at = NULL, trunk = NULL
        FROM callback WHERE calls.id = callback.call_id
        RETURNING calls.id, calls.our_number, calls.customer_name, calls.arrived_at, calls.dials
    ),
    participant AS (
        UPDATE participants SET until = :now FROM callback
        WHERE participants.call_id = callback.call_id AND participants.until IS NULL
    ),
    line AS (
        UPDATE waiting_calls SET offered_to = '{}' FROM callback WHERE waiting_calls.call_id = callback.call_id
    )
    SELECT call.*, callback.number, callback.queue_id, callback.attempts AS tries, greatest(
        (SELECT max(leg) FROM participants WHERE participants.call_id = call.id),
        (SELECT max(attempt) FROM agents WHERE agents.call_id = call.id), 0) AS legs
    FROM call CROSS JOIN callback
""")


@dataclass(frozen=True)
class Taken:
    """What the callback's workflow begins with anew, and the calls that found an agent whom it held."""

    arrival: Arrival
    matches: list[Match]


async def take(session: WriteSession, call_id: str, node: str, now: datetime) -> Taken | None:
    """Brings an open callback to another node. None for one that is over, or is a talk."""
    await claims.lock(session)
    row = (await session.execute(_TAKE, {"call_id": call_id, "node": node, "now": now})).first()
    queue = await rules.find(session, row.queue_id) if row is not None else None
    if row is None or queue is None:
        return None
    publish(session, Notice(NoticeKind.CALLBACK_POSTPONED, None, queue.queue_id, {"call_id": call_id}))
    released = await release.release(session, call_id, now, told=NoticeKind.CALL_LEFT)
    return Taken(_arrival(row, node, queue, now), released.matches)


def _arrival(row: Row[Any], node: str, queue: Queue, now: datetime) -> Arrival:
    """Legs and dials are counted on, and the next search is at once."""
    so_far = Waited(
        queue,
        attempts=row.legs,
        dial=row.dials,
        tries=row.tries,
        in_vain=0,
        missed_last_search=False,
        rescued=False,
        search_due=now,
    )
    return Arrival(
        row.id,
        node,
        row.our_number,
        row.number,
        row.customer_name,
        row.arrived_at,
        call_back_for=queue.queue_id,
        waited=so_far,
    )
