from dataclasses import dataclass

from domain.call import CallEvent
from workflows.messages import Target

NORMAL_CLEARING = 16


@dataclass
class Happening:
    """An event that waits for its turn. `done` tells whoever asked for it that it has been dealt with.

    `attempt` numbers the agent's leg, `dial` the customer's, `count` what was played.
    """

    event: CallEvent
    attempt: int = 0
    cause: int = NORMAL_CLEARING
    dial: int = 0
    count: int = 0
    digit: str | None = None
    code: str | None = None
    target: Target | None = None
    refusal: str | None = None
    """Why what was asked for has not been done; None when it has."""
    done: bool = False
