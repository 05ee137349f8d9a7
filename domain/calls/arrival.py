from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.queues.queue import Queue


@dataclass(frozen=True)
class Waited:
    """Where a callback is that has waited for long, without a leg of anybody: its workflow goes on from there.

    `search_due` is when it looks for an agent by itself.
    """

    queue: Queue
    attempts: int
    dial: int
    tries: int
    in_vain: int
    missed_last_search: bool
    rescued: bool
    search_due: datetime | None


@dataclass(frozen=True)
class Arrival:
    """What is known of a call when it begins. Caller name and number are already made harmless.

    A call out calls `caller_number`, and shows `dialled`: one that calls somebody back names the queue in which it
    waits for an agent, a manual one the user who dials. One that is dialled on a desk phone names at first only the
    phone's extension, and in `caller_number` what was dialled there.
    """

    call_id: str
    node: str
    dialled: str
    caller_number: str
    caller_name: str
    arrived_at: datetime
    call_back_for: UUID | None = None
    dialled_by: UUID | None = None
    dialled_on: str | None = None
    trunk: str = ""
    """By which it comes; empty for a call out."""
    waited: Waited | None = None
