"""What is asked of the world for a call's third party, and what it answers: one frozen dataclass a message."""

from dataclasses import dataclass, field

from domain.calls.call import CallStage, GuestOutcome
from domain.calls.failure import Failure
from workflows.calls.parties import Guest, Offer
from workflows.calls.trunk_tries import Way
from workflows.calls.updates import Target


@dataclass(frozen=True)
class Reach:
    """Ring a third party on leg `attempt`, while the customer hears music and the agent that it rings."""

    call_id: str
    customer: str
    agent: Offer | None
    attempt: int
    target: Target
    music: str
    caller_number: str
    caller_name: str
    shown: str
    ring_seconds: int
    held: bool = False
    """Whether the customer was on hold, and stays so when nobody can be rung."""
    before: int = 0
    """The leg by whose trunk it did not come to ringing; everybody else is where they were."""
    avoid: tuple[str, ...] = ()
    """Trunks whose carriers have just been found to be down."""


@dataclass(frozen=True)
class Reached:
    """The guest who is being rung, or why nobody is."""

    guest: Guest | None = None
    refusal: str | None = None
    way: Way = field(default_factory=Way)


@dataclass(frozen=True)
class Join:
    """Let the agent and the guest, who has answered, talk; while the agent is still `returning`, the guest waits.

    `again`: the guest was cut off and is back, where the call is at `stage`, and muted if that was so.
    """

    call_id: str
    agent: Offer
    guest: Guest
    returning: bool = False
    stage: CallStage = CallStage.CONSULTING
    again: bool = False


@dataclass(frozen=True)
class RingGuest:
    """Ring the guest again who was cut off, on the guest's new leg; `before` is the one before.

    `at_once`: the guest has talked, and the phone answers by itself. At `stage` the agent, if there is one, waits and
    hears it ring, or talks on with the customer in a conference.
    """

    call_id: str
    agent: Offer | None
    guest: Guest
    before: int
    stage: CallStage
    caller_number: str
    caller_name: str
    ring_seconds: int
    at_once: bool = True


@dataclass(frozen=True)
class DropGuest:
    """Let the guest go; `missed` when the guest let it ring. `outcome` is what the agent is told.

    `failure` is why somebody outside was not reached.
    """

    call_id: str
    guest: Guest
    missed: bool
    outcome: GuestOutcome = GuestOutcome.LEFT
    failure: Failure | None = None


@dataclass(frozen=True)
class HandOver:
    """The call is the guest's from now on; the agent, if still there, is free."""

    call_id: str
    customer: str
    agent: Offer | None
    guest: Guest


@dataclass(frozen=True)
class HandedOver:
    """Whether the guest was gone, so that everything is as it was."""

    guest_gone: bool = False
