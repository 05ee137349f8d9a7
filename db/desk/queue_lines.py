"""The lines of queues as agents see them: how many wait, who, and in which order they will be served."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from db.core.engine import AnySession
from db.core.id_in import id_in
from db.models import Call, Queue
from db.routing import line
from domain.calls.call import CallStage

LONGEST = 100
"""So many calls of a line are shown, those whose turn comes first; the count tells of all."""

_NAMED = select(Queue.id, Queue.name).where(id_in(Queue.id, "queue_ids")).order_by(Queue.name)
_LEAVING = select(Call.queue_id).where(id_in(Call.queue_id, "queue_ids"), Call.stage == CallStage.LEAVING)


@dataclass(frozen=True)
class WaitingSlice:
    """A call in line, `place` from 1. One without a place is a callback that is to be tried again at `next_at`."""

    call_id: str
    customer_number: str | None
    customer_name: str
    entered_at: datetime
    priority: int
    place: int | None
    ringing: bool
    callback: bool
    next_at: datetime | None


@dataclass(frozen=True)
class QueueSlice:
    """How many wait in a queue, since when the first, and who: the newest first.

    `leaving` are those whom it does not serve: they hear why, or leave a message.
    """

    queue_id: UUID
    name: str
    waiting: int
    longest_since: datetime | None
    calls: tuple[WaitingSlice, ...]
    leaving: int


async def listing(session: AnySession, queue_ids: Collection[UUID], now: datetime) -> Sequence[QueueSlice]:
    """These queues, by name."""
    if not queue_ids:
        return []
    named = await session.execute(_NAMED, {"queue_ids": list(queue_ids)})
    lines: defaultdict[UUID, list[line.Waiting]] = defaultdict(list)
    for waiting in await line.listing(session, queue_ids, now):
        lines[waiting.queue_id].append(waiting)
    leaving = Counter((await session.execute(_LEAVING, {"queue_ids": list(queue_ids)})).scalars())
    return [_queue(queue_id, name, lines[queue_id], leaving[queue_id], now) for queue_id, name in named]


def _queue(queue_id: UUID, name: str, waiting: Collection[line.Waiting], leaving: int, now: datetime) -> QueueSlice:
    # A caller who is to be called back later is not waiting now.
    postponed = [call for call in waiting if call.callback and call.not_before is not None and call.not_before > now]
    present = sorted(set(waiting).difference(postponed), key=lambda call: call.place_in_line)
    shown = [_slice(call, place) for place, call in enumerate(present[:LONGEST], 1)]
    shown += [_slice(call, None) for call in postponed[:LONGEST]]
    since = min((call.entered_at for call in present), default=None)
    return QueueSlice(queue_id, name, len(present), since, tuple(_newest_first(shown)), leaving)


def _newest_first(calls: Iterable[WaitingSlice]) -> list[WaitingSlice]:
    return sorted(calls, key=lambda call: (call.entered_at, call.call_id), reverse=True)


def _slice(call: line.Waiting, place: int | None) -> WaitingSlice:
    return WaitingSlice(
        call.call_id,
        call.customer_number,
        call.customer_name,
        call.entered_at,
        call.priority,
        place,
        call.offered,
        call.callback,
        call.not_before if place is None else None,
    )
