"""Trunks whose carrier was down a moment ago: for a while they are tried last."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from db.trunks.trunks import Route

REST = 60.0
"""Seconds. What a carrier asks for (Retry-After) ends with the channel, before anybody could read it."""


@dataclass(frozen=True)
class Resting:
    """Nothing of it outlives the process: a carrier that is still down is then found out by one more call."""

    seconds: float = REST
    _until: dict[tuple[str, str], float] = field(default_factory=dict)

    def note(self, routes: Sequence[Route], failed: Sequence[str]) -> None:
        """Of these routes, the trunks that have just failed rest."""
        for route in routes:
            if route.trunk in failed:
                self._until[route.trunk, route.host] = time.monotonic() + self.seconds

    def rests(self, route: Route) -> bool:
        """Whether its carrier was down a moment ago. A trunk that was led to another host is tried at once."""
        return self._until.get((route.trunk, route.host), 0.0) > time.monotonic()
