"""The one-machine stack: every part of a centre, supervised by one process."""

from everline.stack.stack import ALL_PARTS, Stack

__all__ = ["ALL_PARTS", "Stack"]
