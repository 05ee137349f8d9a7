"""What becomes of a caller who is to be called back."""

from enum import StrEnum


class CallbackState(StrEnum):
    """Where a callback is."""

    WAITING = "waiting"
    DIALLING = "dialling"
    DONE = "done"
    FAILED = "failed"
