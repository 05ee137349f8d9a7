"""What a kind of call has to say for itself. Everything else is the same for calls of every kind."""

from abc import ABC, abstractmethod
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from domain.calls.failure import Failure
    from workflows.calls.event import CallEvent
    from workflows.calls.state import CallState


class CallKind(ABC):
    """How calls of one kind begin, and what they do when somebody does not answer or goes.

    It is chosen once, from the call's arrival, and keeps nothing: what is known of a call is in its state. As long as
    no customer is on the line (`CallState.has_customer`), the customer is called when an agent has picked up.
    """

    customer_waits: ClassVar[bool]
    """Whether the customer is on the line from the beginning."""
    by_hand: ClassVar[bool] = False
    """Whether an agent has dialled: what agents may dial holds for it, and who dials can hang up while it rings."""

    @abstractmethod
    async def begin(self, call: "CallState") -> None:
        """Lets the call in, and brings it to its first stage."""

    @abstractmethod
    async def agent_missed(self, call: "CallState", event: "CallEvent") -> None:
        """An agent who was rung has not answered, has declined, or was cut off before answering."""

    @abstractmethod
    async def customer_missed(self, call: "CallState", event: "CallEvent", failure: "Failure | None") -> None:
        """The customer was called and not reached, by any trunk. Without `failure` the agent gave it up."""

    @abstractmethod
    async def left_alone(self, call: "CallState") -> None:
        """The customer has talked, and has neither agent nor third party any more."""

    @abstractmethod
    def is_recorded(self, call: "CallState") -> bool:
        """Whether talks are recorded."""

    @abstractmethod
    def ring_time(self, call: "CallState") -> timedelta:
        """How long an agent is rung."""

    @abstractmethod
    def wrap_up(self, call: "CallState") -> timedelta:
        """How long the agent may work on the call after a talk; nothing when there is no wrap-up."""
