"""Lets new calls in a few at a time, so that a rush makes nobody late who is in already."""

import asyncio
import os
from dataclasses import dataclass, field
from enum import Enum, auto

AT_ONCE = 4 * (os.cpu_count() or 1)
"""Calls that are let in at the same time. Below the highest rate that the machine can serve, few ever wait here."""
PATIENCE = 2.0
"""Seconds that the first in line may have waited before new calls are refused."""
_STANDSTILL = 1.0
"""Seconds without anybody let in after which it is not too many calls that we suffer from."""
_GIVEN_UP = 10.0
"""Seconds after which a call that was let in, and of which nothing was heard, makes room."""


class Turn(Enum):
    """What becomes of a new call."""

    COME = auto()
    LEFT = auto()
    """The caller hung up before the turn."""
    REFUSED = auto()
    """There are more calls than can be served."""


@dataclass
class _Place:
    """A call in line."""

    since: float
    turn: "asyncio.Future[Turn]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class AdmissionControl:
    """New calls that have not begun yet; their callers hear it ring. Nothing of it outlives the process.

    Without it, a rush makes every step of every call late, until none is served in time. With it, the rush waits
    here, and what cannot be served is refused soon enough for the carrier to try another way in. While nothing goes on
    at all, because Temporal or the database is away, nobody is refused.
    """

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._at_once = at_once
        self._patience = patience
        self._line: dict[str, _Place] = {}
        self._coming_in: dict[str, asyncio.TimerHandle] = {}
        self._last_in = 0.0

    async def turn(self, call_id: str) -> Turn:
        """Waits in line. A call that gets Turn.COME must be reported as `admitted`, or its place stays taken."""
        # While anybody is in line, there is no room: it is filled as soon as it is made.
        if self._has_room():
            self._let_in(call_id)
            return Turn.COME
        if self._is_overrun():
            return Turn.REFUSED
        place = self._line[call_id] = _Place(_now())
        try:
            return await place.turn
        finally:
            self._line.pop(call_id, None)

    def hung_up(self, call_id: str) -> bool:
        """The caller hung up. True when the call was in line; then it has left the line."""
        place = self._line.pop(call_id, None)
        if place is None or place.turn.done():
            return False
        place.turn.set_result(Turn.LEFT)
        return True

    def admitted(self, call_id: str) -> None:
        """The call is in, or has come to nothing: the next one's turn."""
        timer = self._coming_in.pop(call_id, None)
        if timer is None:
            return
        timer.cancel()
        self._last_in = _now()
        self._advance()

    def _has_room(self) -> bool:
        return len(self._coming_in) < self._at_once

    def _is_overrun(self) -> bool:
        first = next(iter(self._line.values()), None)
        moves = _now() - self._last_in < _STANDSTILL
        return first is not None and moves and _now() - first.since > self._patience

    def _let_in(self, call_id: str) -> None:
        self._coming_in[call_id] = asyncio.get_running_loop().call_later(_GIVEN_UP, self._give_up, call_id)

    def _give_up(self, call_id: str) -> None:
        self._coming_in.pop(call_id, None)
        self._advance()

    def _advance(self) -> None:
        while self._line and self._has_room():
            call_id = next(iter(self._line))
            place = self._line.pop(call_id)
            if not place.turn.done():
                self._let_in(call_id)
                place.turn.set_result(Turn.COME)


def _now() -> float:
    return asyncio.get_running_loop().time()
