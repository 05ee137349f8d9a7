"""The order of a line, and how it is changed by hand."""

from collections.abc import Sequence
from enum import StrEnum

BEFORE_ALL = -1_000_000
"""The place of a call that was answered and has lost its agent: before those that somebody has moved to the top."""


class Move(StrEnum):
    """Where a waiting call is moved."""

    UP = "up"
    DOWN = "down"
    TOP = "top"


def moved(line: Sequence[str], call_id: str, to: Move | int) -> list[str]:
    """The line after a call has been moved; the others keep their order.

    A number is the place that the call takes, from 1; beyond the end it is the last. At an end, up and down change
    nothing.
    """
    order = list(line)
    at = order.index(call_id)
    order.pop(at)
    order.insert(_target(at, to), call_id)
    return order


def _target(at: int, to: Move | int) -> int:
    """Where a call at this index is to stand, from 0; what lies beyond the end is the end."""
    match to:
        case Move.TOP:
            return 0
        case Move.UP:
            return max(0, at - 1)
        case Move.DOWN:
            return at + 1
        case place:
            return max(0, place - 1)


def places(line: Sequence[str], until: str) -> dict[str, int]:
    """Places by hand for everybody down to a call, so that nobody comes between them; the others stay at 0."""
    count = line.index(until) + 1
    return {call_id: at - count for at, call_id in enumerate(line[:count])}
