from dataclasses import dataclass
from datetime import datetime

from domain.calls.call import EventKind
from domain.calls.causes import HangupCause
from domain.calls.failure import Failure
from workflows.calls.updates import Asked, Target


@dataclass
class CallEvent:
    """An event that waits for its turn. `done` tells the update that asked for it that it has been dealt with.

    `attempt` numbers the agent's leg, `dial` the customer's, `count` what was played. `asked` says who asks for it;
    then `on` is whether something is to begin or to end, and `seconds` how long.
    """

    kind: EventKind
    attempt: int = 0
    cause: int = HangupCause.NORMAL
    dial: int = 0
    count: int = 0
    at: datetime | None = None
    """When it happened; None for what happens by being asked for, or by the passing of time."""
    lost: bool = False
    """Of a leg that has ended: whether its phone is gone without having hung up."""
    declined: bool = False
    """Of a leg that has ended: whether its phone has answered that the call is not wanted."""
    moved: bool = False
    """Of a leg that has ended: whether it has rung where its phone is no more."""
    digit: str | None = None
    """Of the customer."""
    digits: str = ""
    """Of the agent."""
    code: str | None = None
    target: Target | None = None
    failure: Failure | None = None
    """Why somebody outside whom we called did not answer."""
    asked: Asked | None = None
    on: bool = False
    seconds: int = 0
    refusal: str | None = None
    """Why what was asked for has not been done; None when it has."""
    done: bool = False
