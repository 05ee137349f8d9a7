from collections.abc import Sequence
from typing import Protocol


class NotQuietError(Exception):
    """Something of a round was left when it should all have been over; the words say what."""


class System(Protocol):
    """Something that takes calls, finds an agent for each, and keeps what it keeps of a call."""

    name: str
    does: str
    """What it does with a call, for the table."""
    caller_address: str
    """The address whose calls are its calls."""
    number: str
    """What callers dial."""
    crowded_number: str
    """What the crowd of goal P1 dials: a queue that only the first few agents serve."""

    async def begin(self) -> None:
        """Get ready for a round."""

    async def end(self) -> None:
        """The round is over, its calls have ended; wait until nothing of it is left, and every agent is free.

        Raises NotQuietError when that does not happen.
        """

    async def kept(self, callers: Sequence[str]) -> set[str]:
        """For which of these callers everything was kept that should be."""
