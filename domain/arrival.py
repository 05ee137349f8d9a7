from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Arrival:
    """What is known of an inbound call when it comes in. Caller name and number are already made harmless."""

    call_id: str
    node: str
    dialled: str
    caller_number: str
    caller_name: str
    arrived_at: datetime
