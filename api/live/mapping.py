"""What an event means for a page: which slices of its desk are to be read again."""

from collections.abc import Iterable
from uuid import UUID

from api.live.hub import Listener
from db.outbox import StoredEvent

AGENT, CALL, PHONE, DESK = "agent", "call", "phone", "desk"

_SESSIONS = frozenset({"session.replaced", "session.ended"})
_OWN: dict[str, frozenset[str]] = {
    "phone.changed": frozenset({PHONE}),
    "membership.changed": frozenset({DESK}),
    **dict.fromkeys(_SESSIONS, frozenset()),
}
_OWN_OTHERWISE = frozenset({AGENT, CALL})


def ends_sessions(event: StoredEvent) -> bool:
    """Whether connections of the event's user may be over."""
    return event.kind in _SESSIONS


def queue_key(queue_id: UUID) -> str:
    """The name of a queue's slice; there is one for each queue."""
    return f"queue:{queue_id}"


def touched(listener: Listener, events: Iterable[StoredEvent]) -> tuple[set[str], set[UUID]]:
    """The slices of the listener's own, and the queues, that these events may have changed."""
    own: set[str] = set()
    queue_ids: set[UUID] = set()
    for event in events:
        if event.user_id == listener.visitor.user_id:
            own |= _OWN.get(event.kind, _OWN_OTHERWISE)
        if event.queue_id in listener.queue_ids and event.queue_id is not None:
            queue_ids.add(event.queue_id)
    return own, queue_ids
