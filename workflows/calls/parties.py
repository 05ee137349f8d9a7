"""The parties of a call beside its customer: agents and the third party."""

from dataclasses import dataclass
from uuid import UUID

from workflows.calls.updates import Target


@dataclass(frozen=True)
class Offer:
    """An agent who is being rung.

    `web`: the phone is a page, which hangs up by asking us to; when its leg ends by itself, it was cut off.
    """

    user_id: UUID
    attempt: int
    web: bool = False


@dataclass(frozen=True)
class Guest:
    """The third party of a call, whose leg is `attempt`.

    `first` is the leg by which it was called first, if another trunk had to be taken since.
    """

    attempt: int
    target: Target
    web: bool = False
    first: int = 0

    @property
    def ringing(self) -> int:
        """What numbers the ringing that the agent hears: it goes on while one trunk after the other is tried."""
        return self.first or self.attempt

    @property
    def offer(self) -> Offer | None:
        """The guest, as the agent to whom the call belongs from now on; None for somebody outside."""
        return Offer(self.target.user_id, self.attempt, self.web) if self.target.user_id else None
