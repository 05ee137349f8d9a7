"""What goes in and out of a call's workflow: one frozen dataclass a message."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.call import Disposition, Party
from domain.queue import Queue


@dataclass(frozen=True)
class Offer:
    """An agent who is being rung."""

    user_id: UUID
    attempt: int


@dataclass(frozen=True)
class Admitted:
    """What became of a call at the door: its queue (None: the number is not ours) and its first offer."""

    queue: Queue | None
    offer: Offer | None = None


@dataclass(frozen=True)
class Search:
    """Look for an agent for a waiting call, and ring the agent as `attempt`."""

    call_id: str
    queue: Queue
    attempt: int
    caller_number: str
    caller_name: str
    forgive: bool = False


@dataclass(frozen=True)
class Requeue:
    """Take the call back from the agent who was rung, then search."""

    missed: Offer
    then: Search


@dataclass(frozen=True)
class Connect:
    """Let the customer and the agent talk."""

    call_id: str
    offer: Offer
    recorded: bool


@dataclass(frozen=True)
class Found:
    """The agent who is being rung, if any; `customer_gone` when there is nobody left to be served."""

    offer: Offer | None = None
    customer_gone: bool = False


@dataclass(frozen=True)
class Connected:
    """Whether customer and agent talk; `customer_gone` when the customer was no longer there."""

    connected: bool
    customer_gone: bool = False


@dataclass(frozen=True)
class Finish:
    """End the talk or the wait: hang up what is left, write the CDR, send the agent to wrap-up."""

    call_id: str
    offer: Offer | None
    disposition: Disposition
    ended_by: Party
    cause: int
    ended_at: datetime
    talked: bool
    recorded: bool
    wrap_up_seconds: int


@dataclass(frozen=True)
class Complete:
    """The agent's work on the call is over."""

    call_id: str


@dataclass(frozen=True)
class Probe:
    """Ask which legs of the call exist."""

    call_id: str
    attempt: int


@dataclass(frozen=True)
class Legs:
    """The legs that exist; `agent_up` tells an answered agent from a ringing one."""

    customer: bool
    agent: bool
    agent_up: bool


@dataclass(frozen=True)
class ReleaseLeg:
    """Hang up an agent's leg that nobody waits for any more."""

    call_id: str
    attempt: int


@dataclass(frozen=True)
class SetMute:
    """Turn the agent's microphone off or on."""

    call_id: str
    attempt: int
    muted: bool


@dataclass(frozen=True)
class LegAnswered:
    """Signal: an agent's leg was answered."""

    attempt: int


@dataclass(frozen=True)
class LegEnded:
    """Signal: a leg is gone; attempt 0 is the customer's. `cause` is Q.850's number."""

    attempt: int
    cause: int


@dataclass(frozen=True)
class CallView:
    """Query: where a call is."""

    stage: str
    attempt: int
    user_id: UUID | None = None
