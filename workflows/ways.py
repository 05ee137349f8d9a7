"""The trunks by which somebody outside has been called in one try."""

from dataclasses import dataclass

from domain.failure import Failure


@dataclass(frozen=True)
class Way:
    """How somebody outside is called: the trunks that were tried, of which the last one is used, unless it failed.

    `has_other`: there is a trunk that was not tried.
    """

    tried: tuple[str, ...] = ()
    has_other: bool = False
    failure: Failure | None = None


@dataclass
class Ways:
    """What was tried, and whether a trunk is left that was not."""

    tried: tuple[str, ...] = ()
    has_other: bool = False

    def note(self, way: Way) -> None:
        """Somebody is called by this way, or could not be."""
        self.tried = (*self.tried, *way.tried)
        self.has_other = way.has_other

    def go_on_after(self, failure: Failure | None) -> bool:
        """Whether the next trunk is to be tried: the carrier was down, and there is one."""
        return failure is Failure.CARRIER_DOWN and self.has_other
