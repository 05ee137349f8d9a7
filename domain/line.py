"""The order of a line, and how it is changed by hand."""

from collections.abc import Sequence
from enum import StrEnum


class Move(StrEnum):
    """Where a waiting call is moved."""

    UP = "up"
    DOWN = "down"
    TOP = "top"


def moved(line: Sequence[str], call_id: str, move: Move) -> list[str]:
    """The line after a call has been moved; the others keep their order. At an end, up and down change nothing."""
    order = list(line)
    at = order.index(call_id)
    order.pop(at)
    to = {Move.UP: max(0, at - 1), Move.DOWN: min(len(order), at + 1), Move.TOP: 0}[move]
    order.insert(to, call_id)
    return order


def places(line: Sequence[str], until: str) -> dict[str, int]:
    """Places by hand for everybody down to a call, so that nobody comes between them; the others stay at 0."""
    count = line.index(until) + 1
    return {call_id: at - count for at, call_id in enumerate(line[:count])}
