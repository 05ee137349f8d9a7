from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Arrival:
    """What is known of a call when it begins. Caller name and number are already made harmless.

    A call that calls somebody back names the queue in which it waits for an agent; it then calls `caller_number`.
    """

    call_id: str
    node: str
    dialled: str
    caller_number: str
    caller_name: str
    arrived_at: datetime
    call_back_for: UUID | None = None
