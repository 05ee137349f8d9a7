"""What an event means for a page: which slices of its desk are to be read again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from api.live.hub import Listener
from db.events.outbox import StoredEvent
from domain.agents.permissions import Permission
from domain.events.notice import AUDIENCE, ENDS_SESSIONS, Audience, DeskPart, NoticeKind, QueuePart

_UNKNOWN = Audience()
"""An event of a kind that this version does not know may have changed what most of them change."""


@dataclass(frozen=True)
class Wanted:
    """What one page needs: slices of its user, queues, and agents on the floor. A whole desk holds all the others."""

    own: frozenset[DeskPart] = frozenset()
    queue_ids: frozenset[UUID] = frozenset()
    colleagues: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.own or self.queue_ids or self.colleagues)


def ends_sessions(event: StoredEvent) -> bool:
    """Whether connections of the event's user may be over."""
    return event.kind in ENDS_SESSIONS


def changes_visitors(event: StoredEvent) -> bool:
    """Whether the event's user may have another name or role than before."""
    return event.kind is NoticeKind.USER_CHANGED


def queue_key(queue_id: UUID) -> str:
    """The name of a queue's slice; there is one for each queue."""
    return f"queue:{queue_id}"


def colleague_key(user_id: UUID) -> str:
    """The name of an agent's slice on the floor; there is one for each agent."""
    return f"colleague:{user_id}"


class Touched:
    """What some events may have changed. They are gone through once, however many pages there are."""

    def __init__(self, events: Iterable[StoredEvent]) -> None:
        self._own: defaultdict[UUID, set[DeskPart]] = defaultdict(set)
        self._watched: defaultdict[QueuePart, set[UUID]] = defaultdict(set)
        self._colleagues: set[UUID] = set()
        self._permissions: set[Permission] = set()
        for event in events:
            audience = AUDIENCE[event.kind] if event.kind is not None else _UNKNOWN
            if event.user_id is not None:
                self._own[event.user_id] |= audience.own
                if audience.floor:
                    self._colleagues.add(event.user_id)
            if event.queue_id is not None and audience.queue is not None:
                self._watched[audience.queue].add(event.queue_id)
            if audience.everybody is not None:
                self._permissions.add(audience.everybody)

    def on(self, listener: Listener) -> Wanted:
        """What of it the listener's page shows."""
        sees_floor = listener.visitor.may(Permission.SEE_FLOOR)
        own = set(self._own.get(listener.visitor.user_id, ()))
        if not self._permissions.isdisjoint(listener.visitor.permissions):
            own.add(DeskPart.DESK)
        if not self._watched[QueuePart.VOICEMAILS].isdisjoint(listener.queue_ids):
            own.add(DeskPart.VOICEMAILS)
        return Wanted(
            frozenset(own),
            listener.queue_ids & self._watched[QueuePart.LINE],
            frozenset(self._colleagues) if sees_floor else frozenset(),
        )
