"""Which agent gets which waiting call: a pure choice among candidates that are already known to be available."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Candidate:
    """An agent who could take a call of `queue_id` now; `idle_since` is when the agent last became free."""

    user_id: UUID
    queue_id: UUID
    idle_since: datetime


@dataclass(frozen=True)
class WaitingCall:
    """A call in line that no agent is being rung for.

    `place` orders the line before the time of arrival; a call that goes back keeps both, so it is at the front again.
    `missed_by` are the agents who were rung for it and did not take it: others go first.
    """

    call_id: str
    queue_id: UUID
    place: int
    entered_at: datetime
    missed_by: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Match:
    """This agent is to be rung for this call."""

    call_id: str
    queue_id: UUID
    user_id: UUID


def match(waiting: Sequence[WaitingCall], candidates: Sequence[Candidate]) -> list[Match]:
    """Serves the line in order: each call gets the agent of its queue who has been idle longest and not missed it."""
    taken: set[UUID] = set()
    matches = []
    for call in sorted(waiting, key=lambda call: (call.place, call.entered_at, call.call_id)):
        free = (
            candidate
            for candidate in candidates
            if candidate.queue_id == call.queue_id
            and candidate.user_id not in taken
            and candidate.user_id not in call.missed_by
        )
        chosen = min(free, key=lambda candidate: (candidate.idle_since, candidate.user_id), default=None)
        if chosen is not None:
            taken.add(chosen.user_id)
            matches.append(Match(call.call_id, call.queue_id, chosen.user_id))
    return matches
