"""What an event means for a page: which slices of its desk are to be read again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from api.access.roles import at_least
from api.live.hub import Listener
from db.events.outbox import StoredEvent
from domain.agents.agent import Role

AGENT, CALL, PHONE, MEMBERSHIPS, VOICEMAILS, DESK = "agent", "call", "phone", "memberships", "voicemails", "desk"

_SESSIONS = frozenset({"session.replaced", "session.ended"})
_QUEUE_PAUSES = frozenset({"agent.queue_paused", "agent.queue_resumed"})
_VOICEMAILS = frozenset({"voicemail.left", "voicemail.heard"})
_FOR_ALL = frozenset({"choices.changed", "queue.renamed"})
_FOR_SUPERVISORS = frozenset({"queue.added", "queue.removed", "node.disk"})
"""Rare changes by an administrator, after which pages are read anew. Agents see a new queue once they serve it."""
_OWN: dict[str, frozenset[str]] = {
    "phone.changed": frozenset({PHONE, AGENT}),
    "membership.changed": frozenset({DESK}),
    "user.changed": frozenset({DESK}),
    **dict.fromkeys(_QUEUE_PAUSES, frozenset({MEMBERSHIPS, AGENT})),
    **dict.fromkeys(_VOICEMAILS, frozenset()),
    **dict.fromkeys(_SESSIONS, frozenset()),
}
_OWN_OTHERWISE = frozenset({AGENT, CALL})
_NO_LINE = _QUEUE_PAUSES | _VOICEMAILS
"""Events that name a queue and leave its line as it is."""


@dataclass(frozen=True)
class Wanted:
    """What one page needs: slices of its user, queues, and agents on the floor. A whole desk holds all the others."""

    own: frozenset[str] = frozenset()
    queue_ids: frozenset[UUID] = frozenset()
    colleagues: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.own or self.queue_ids or self.colleagues)


def ends_sessions(event: StoredEvent) -> bool:
    """Whether connections of the event's user may be over."""
    return event.kind in _SESSIONS


def changes_visitors(event: StoredEvent) -> bool:
    """Whether the event's user may have another name or role than before."""
    return event.kind == "user.changed"


def queue_key(queue_id: UUID) -> str:
    """The name of a queue's slice; there is one for each queue."""
    return f"queue:{queue_id}"


def colleague_key(user_id: UUID) -> str:
    """The name of an agent's slice on the floor; there is one for each agent."""
    return f"colleague:{user_id}"


class Touched:
    """What some events may have changed. They are gone through once, however many pages there are."""

    def __init__(self, events: Iterable[StoredEvent]) -> None:
        self._own: defaultdict[UUID, set[str]] = defaultdict(set)
        self._queue_ids: set[UUID] = set()
        self._mailboxes: set[UUID] = set()
        self._colleagues: set[UUID] = set()
        kinds = set()
        for event in events:
            kinds.add(event.kind)
            if event.user_id is not None:
                self._own[event.user_id] |= _OWN.get(event.kind, _OWN_OTHERWISE)
                if event.kind not in _VOICEMAILS:
                    self._colleagues.add(event.user_id)
            if event.queue_id is not None:
                if event.kind in _VOICEMAILS:
                    self._mailboxes.add(event.queue_id)
                elif event.kind not in _NO_LINE:
                    self._queue_ids.add(event.queue_id)
        self._everything_for_all = not _FOR_ALL.isdisjoint(kinds)
        self._everything_for_supervisors = not _FOR_SUPERVISORS.isdisjoint(kinds)

    def on(self, listener: Listener) -> Wanted:
        """What of it the listener's page shows."""
        sees_floor = at_least(listener.visitor, Role.SUPERVISOR)
        own = set(self._own.get(listener.visitor.user_id, ()))
        if self._everything_for_all or (sees_floor and self._everything_for_supervisors):
            own.add(DESK)
        if not self._mailboxes.isdisjoint(listener.queue_ids):
            own.add(VOICEMAILS)
        return Wanted(
            frozenset(own),
            listener.queue_ids & self._queue_ids,
            frozenset(self._colleagues) if sees_floor else frozenset(),
        )
