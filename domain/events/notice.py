"""What the event log tells, and whose pages it changes. This table is the only place that says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.agents.permissions import Permission


class NoticeKind(StrEnum):
    """What has changed. The values are stored, and sent to webhooks: they never change."""

    AGENT_CHANGED = "agent.changed"
    AGENT_CLAIMED = "agent.claimed"
    AGENT_PAUSED = "agent.paused"
    AGENT_QUEUE_PAUSED = "agent.queue_paused"
    AGENT_QUEUE_RESUMED = "agent.queue_resumed"
    CALL_QUEUED = "call.queued"
    CALL_OFFERED = "call.offered"
    CALL_TAKEN = "call.taken"
    CALL_MISSED = "call.missed"
    CALL_ASIDE = "call.aside"
    CALL_LEFT = "call.left"
    CALL_DIALLED = "call.dialled"
    CALL_DIALLING = "call.dialling"
    CALL_CONNECTED = "call.connected"
    CALL_HELD = "call.held"
    CALL_REACHING = "call.reaching"
    CALL_CONSULTING = "call.consulting"
    CALL_CONFERENCE = "call.conference"
    CALL_RETURNING = "call.returning"
    CALL_GUEST_LEFT = "call.guest_left"
    CALL_GUEST_LOST = "call.guest_lost"
    CALL_HANDED_OVER = "call.handed_over"
    CALL_MUTED = "call.muted"
    CALL_RECORDING_PAUSED = "call.recording_paused"
    CALL_RECORDING_FAILED = "call.recording_failed"
    CALL_ENDED = "call.ended"
    CALL_WRAP_UP_EXTENDED = "call.wrap_up_extended"
    CALL_COMPLETED = "call.completed"
    CALLBACK_REQUESTED = "callback.requested"
    CALLBACK_POSTPONED = "callback.postponed"
    CALLBACK_CLOSED = "callback.closed"
    CHOICES_CHANGED = "choices.changed"
    MEMBERSHIP_CHANGED = "membership.changed"
    MENU_CHANGED = "menu.changed"
    NODE_DISK = "node.disk"
    NUMBER_CHANGED = "number.changed"
    PHONE_CHANGED = "phone.changed"
    QUEUE_ADDED = "queue.added"
    QUEUE_CHANGED = "queue.changed"
    QUEUE_RENAMED = "queue.renamed"
    QUEUE_REMOVED = "queue.removed"
    QUEUE_REORDERED = "queue.reordered"
    SCHEDULE_CHANGED = "schedule.changed"
    SESSION_REPLACED = "session.replaced"
    SESSION_ENDED = "session.ended"
    SKILL_CHANGED = "skill.changed"
    USER_ADDED = "user.added"
    USER_CHANGED = "user.changed"
    USER_REMOVED = "user.removed"
    VOICEMAIL_LEFT = "voicemail.left"
    VOICEMAIL_HEARD = "voicemail.heard"
    VOICEMAIL_REMOVED = "voicemail.removed"


class DeskPart(StrEnum):
    """A part of a user's desk that is read anew by itself. DESK is all of it."""

    AGENT = "agent"
    CALL = "call"
    PHONE = "phone"
    MEMBERSHIPS = "memberships"
    VOICEMAILS = "voicemails"
    DESK = "desk"


class QueuePart(StrEnum):
    """What a queue's event changes for those who watch the queue."""

    LINE = "line"
    VOICEMAILS = "voicemails"


@dataclass(frozen=True)
class Audience:
    """Whose pages an event changes.

    `own` are parts of the desk of the event's user, and `floor` says whether supervisors see that user differently.
    `queue` is what changes for pages that show the event's queue. All users with the permission
    `everybody` read the whole desk anew.
    """

    own: frozenset[DeskPart] = frozenset({DeskPart.AGENT, DeskPart.CALL})
    floor: bool = True
    queue: QueuePart | None = QueuePart.LINE
    everybody: Permission | None = None


_OF_ONE = Audience()
_ON_ALL_DESKS = Audience(everybody=Permission.TAKE_CALLS)
_OF_THE_FLOOR = Audience(everybody=Permission.SEE_FLOOR)
_OF_ALL_QUEUES = Audience(everybody=Permission.SEE_ALL_QUEUES)
_OF_VOICEMAILS = Audience(own=frozenset(), floor=False, queue=QueuePart.VOICEMAILS)
_OF_A_SESSION = Audience(own=frozenset())
_OF_A_QUEUE_PAUSE = Audience(own=frozenset({DeskPart.MEMBERSHIPS, DeskPart.AGENT}), queue=None)
_OF_A_WHOLE_DESK = Audience(own=frozenset({DeskPart.DESK}))

AUDIENCE: Mapping[NoticeKind, Audience] = {
    **dict.fromkeys(NoticeKind, _OF_ONE),
    NoticeKind.AGENT_QUEUE_PAUSED: _OF_A_QUEUE_PAUSE,
    NoticeKind.AGENT_QUEUE_RESUMED: _OF_A_QUEUE_PAUSE,
    NoticeKind.CHOICES_CHANGED: _ON_ALL_DESKS,
    NoticeKind.MEMBERSHIP_CHANGED: _OF_A_WHOLE_DESK,
    NoticeKind.NODE_DISK: _OF_THE_FLOOR,
    NoticeKind.PHONE_CHANGED: Audience(own=frozenset({DeskPart.PHONE, DeskPart.AGENT})),
    NoticeKind.QUEUE_ADDED: _OF_ALL_QUEUES,
    NoticeKind.QUEUE_RENAMED: _ON_ALL_DESKS,
    NoticeKind.QUEUE_REMOVED: _OF_ALL_QUEUES,
    NoticeKind.SESSION_REPLACED: _OF_A_SESSION,
    NoticeKind.SESSION_ENDED: _OF_A_SESSION,
    NoticeKind.USER_CHANGED: _OF_A_WHOLE_DESK,
    NoticeKind.VOICEMAIL_LEFT: _OF_VOICEMAILS,
    NoticeKind.VOICEMAIL_HEARD: _OF_VOICEMAILS,
    NoticeKind.VOICEMAIL_REMOVED: _OF_VOICEMAILS,
}
"""Rare changes by an administrator have whole desks read anew. Agents see a new queue once they serve it."""

ENDS_SESSIONS = frozenset({NoticeKind.SESSION_REPLACED, NoticeKind.SESSION_ENDED})
"""After these, connections of the event's user may be over."""
