"""What comes with a call's signals and with the requests that agents put to it, and what it tells of itself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.calls.call import Purpose
from domain.calls.failure import Failure


@dataclass(frozen=True)
class Asked:
    """Update: the user who asks something of a call, and the revision of it that this user has seen, if it is known."""

    by: UUID
    seen: str | None = None


@dataclass(frozen=True)
class Target:
    """Update: the third party to bring into the call: a user, or a telephone number outside."""

    purpose: Purpose
    user_id: UUID | None = None
    number: str | None = None


@dataclass(frozen=True)
class WrapUp:
    """Update: the agent is ready, and gives the call this outcome."""

    code: str | None = None


@dataclass(frozen=True)
class CallView:
    """Query: where a call is."""

    stage: str
    attempt: int
    user_id: UUID | None = None
    revision: str = ""


@dataclass(frozen=True)
class LegAnswered:
    """Signal: an agent's leg was answered; attempt 0 is the customer's whom we called for the `dial`-th time."""

    attempt: int
    dial: int = 0


@dataclass(frozen=True)
class LegRings:
    """Signal: the phone of somebody outside rings; attempt 0 is the customer, whom we called for the `dial`-th time."""

    attempt: int
    dial: int = 0


@dataclass(frozen=True)
class LegEnded:
    """Signal: a leg is gone; attempt 0 is the customer's. `cause` is Q.850's number.

    `lost`: the phone is gone without having hung up. `declined`: it has answered that the call is not wanted.
    `moved`: it has rung where the phone is no more, and can ring where it is.
    `failure` is why somebody outside whom we called did not answer; it means nothing of one who did.
    """

    attempt: int
    cause: int
    dial: int = 0
    lost: bool = False
    declined: bool = False
    moved: bool = False
    at: datetime | None = None
    """When it has ended; None when nobody knows."""
    failure: Failure | None = None


@dataclass(frozen=True)
class AgentHeld:
    """Signal: the phone of an agent's leg was put on hold by a button of its own, or taken back."""

    attempt: int
    held: bool


@dataclass(frozen=True)
class DigitPressed:
    """Signal: the customer pressed a key."""

    digit: str


@dataclass(frozen=True)
class Reconnected:
    """Events may have been lost. Legs that are not there any more were there until `gone_at`, if that is known.

    Else Asterisk tells since when, as a rule. A leg of which it does not tell had ended at `listening_since`, when this
    process began to listen.
    """

    gone_at: datetime | None = None
    listening_since: datetime | None = None
