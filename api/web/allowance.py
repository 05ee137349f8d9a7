"""How often a user may do what costs something."""

import time
from collections import deque
from collections.abc import Callable
from uuid import UUID


class Allowance:
    """So many times within so many seconds, for each user. It is as large as there are users."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._taken: dict[UUID, deque[float]] = {}

    def take(self, user_id: UUID) -> bool:
        """Counts once more; False when that is too often, which is not counted."""
        at = self._clock()
        taken = self._taken.setdefault(user_id, deque(maxlen=self._most))
        if len(taken) == self._most and at - taken[0] < self._seconds:
            return False
        taken.append(at)
        return True
