"""Sessions of users who have logged in."""

from enum import StrEnum


class EndReason(StrEnum):
    """Why a session is over."""

    LOGGED_OUT = "logged_out"
    REPLACED = "replaced"
    EXPIRED = "expired"
    DISABLED = "disabled"
