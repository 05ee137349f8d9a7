"""The trunks by which somebody outside has been called in one try."""

from dataclasses import dataclass
from datetime import timedelta

from domain.calls.failure import Failure


@dataclass(frozen=True)
class Way:
    """How somebody outside is called: the trunks that were tried, of which the last one is used, unless it failed.

    `has_other`: there is a trunk that was not tried.
    """

    tried: tuple[str, ...] = ()
    has_other: bool = False
    failure: Failure | None = None
    setup_seconds: int = 20
    """How long it may take until it rings."""
    ring_seconds: int = 30


@dataclass
class Ways:
    """What was tried, and whether a trunk is left that was not."""

    tried: tuple[str, ...] = ()
    has_other: bool = False
    rings: bool = False
    """Whether the called phone is known to ring."""
    setup: timedelta = timedelta()
    ring: timedelta = timedelta()

    def note(self, way: Way) -> None:
        """Somebody is called by this way, or could not be."""
        self.tried = (*self.tried, *way.tried)
        self.has_other = way.has_other
        self.rings = False
        self.setup, self.ring = timedelta(seconds=way.setup_seconds), timedelta(seconds=way.ring_seconds)

    @property
    def failure_of_time(self) -> Failure:
        """What it means that the time is over: nobody has answered, or it has never come to ringing."""
        return Failure.NO_ANSWER if self.rings else Failure.CARRIER_DOWN

    def go_on_after(self, failure: Failure | None) -> bool:
        """Whether the next trunk is to be tried: the carrier was down, and there is one."""
        return failure is Failure.CARRIER_DOWN and self.has_other
