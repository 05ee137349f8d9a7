"""The line of a queue as people see it, and their changes to its order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import NotFoundError
from db.core.notices import Notice, publish
from db.routing import claims
from db.routing.candidates import URGENCY
from domain.events.notice import NoticeKind
from domain.queues.line import Move, moved, places
from domain.routing.matching import Match

# The order in which domain.routing.matching.in_order serves a queue's line; callbacks that are due later come last.
# A caller in a dialog comes back to the same place: no other caller may be told that place.
_PLACE_IN_LINE = f"""
    row_number() OVER (
        PARTITION BY waiting_calls.queue_id
        ORDER BY coalesce(callbacks.next_at > :now, false), waiting_calls.place,
            {URGENCY} DESC, waiting_calls.entered_at, waiting_calls.call_id
    )
"""
_LISTING = text(f"""
    SELECT waiting_calls.call_id, waiting_calls.queue_id, calls.customer_number, calls.customer_name,
        waiting_calls.entered_at, waiting_calls.priority, waiting_calls.offered_to <> '{{}}' AS offered,
        calls.type = 'auto' AS callback, callbacks.next_at, {_PLACE_IN_LINE} AS place_in_line,
        waiting_calls.place <> 0 AS by_hand
    FROM waiting_calls
    JOIN calls ON calls.id = waiting_calls.call_id
    JOIN queues ON queues.id = waiting_calls.queue_id
    LEFT JOIN callbacks ON callbacks.call_id = waiting_calls.call_id
    WHERE waiting_calls.queue_id = ANY(:queues)
    ORDER BY waiting_calls.entered_at DESC, waiting_calls.call_id
""")  # noqa: S608 - made of constants
_PLACE_OF = text(f"""
    SELECT place_in_line FROM (
        SELECT waiting_calls.call_id, {_PLACE_IN_LINE} AS place_in_line
        FROM waiting_calls JOIN queues ON queues.id = waiting_calls.queue_id
        LEFT JOIN callbacks ON callbacks.call_id = waiting_calls.call_id
        WHERE queues.id = (SELECT queue_id FROM waiting_calls WHERE call_id = :call_id)
    ) AS line
    WHERE call_id = :call_id
""")  # noqa: S608
_PLACE = text("""
    UPDATE waiting_calls SET place = placed.place
    FROM unnest(CAST(:calls AS text[]), CAST(:places AS int[])) AS placed(call_id, place)
    WHERE waiting_calls.call_id = placed.call_id
""")


@dataclass(frozen=True)
class Waiting:
    """A call in line; `place_in_line` counts from 1, and is `by_hand` when somebody chose it.

    A callback is one whose caller has hung up to be called.
    """

    call_id: str
    queue_id: UUID
    customer_number: str | None
    customer_name: str
    entered_at: datetime
    priority: int
    offered: bool
    callback: bool
    not_before: datetime | None
    place_in_line: int
    by_hand: bool


async def listing(session: AnySession, queue_ids: Collection[UUID], now: datetime) -> Sequence[Waiting]:
    """Everybody in these queues' lines, newest first."""
    found = await session.execute(_LISTING, {"queues": list(queue_ids), "now": now})
    return [Waiting(*row) for row in found]


async def place_of(session: AnySession, call_id: str, now: datetime) -> int | None:
    """Where a call stands in its queue's line, from 1; None when it stands in none."""
    place: int | None = await session.scalar(_PLACE_OF, {"call_id": call_id, "now": now})
    return place


async def move(  # noqa: PLR0913, PLR0917 - each is a different fact of the change
    session: WriteSession, call_id: str, queue_id: UUID, to: Move | int, by: UUID | None, now: datetime
) -> list[Match]:
    """Moves a waiting call within its queue's line, a step or to a place from 1; the line is then served in that order.

    Raises NotFoundError when the call does not wait there any more.
    """
    await claims.lock(session)
    line = sorted(await listing(session, [queue_id], now), key=lambda waiting: waiting.place_in_line)
    order = [waiting.call_id for waiting in line]
    if call_id not in order:
        raise NotFoundError("The call is no longer waiting in this queue.")
    after = moved(order, call_id, to)
    # A call that was moved down stays behind those who were behind it; no place by hand is given twice.
    last = max(after.index(call_id), *(at for at, one in enumerate(line) if one.by_hand or one.call_id == call_id))
    fixed = places(after, after[last])
    await session.execute(_PLACE, {"calls": list(fixed), "places": list(fixed.values())})
    facts = {"queue_id": str(queue_id), "from": order.index(call_id) + 1, "to": after.index(call_id) + 1}
    how = to.value if isinstance(to, Move) else "to_place"
    await audit.note(session, by, f"waiting_call.moved_{how}", call_id, facts, now)
    publish(session, Notice(NoticeKind.QUEUE_REORDERED, None, queue_id, {"call_id": call_id}))
    return await claims.match(session, [queue_id], now)
