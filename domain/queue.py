from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Queue:
    """What a call needs to know of the queue it is in. Times are in seconds."""

    queue_id: UUID
    name: str
    ring_seconds: int
    wrap_up_seconds: int
    recorded: bool
