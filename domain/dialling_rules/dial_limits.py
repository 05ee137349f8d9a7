"""How many manual calls one user may make: a stolen password must not become a large bill."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DialLimits:
    """Numbers outside that a user may dial a minute, and calls with them that may go on at once."""

    a_minute: int
    at_once: int


USUAL = DialLimits(a_minute=12, at_once=3)
"""More than a dozen a minute is no manual work. Besides the user's own call two may go on that were handed outside."""

MOST = DialLimits(a_minute=60, at_once=50)
"""What an administrator can set; 0 lets nobody call out."""


def refusal(limits: DialLimits, *, recent: int, going_on: int) -> str | None:
    """Why one more number may not be dialled after `recent` within a minute, while `going_on` other calls go on."""
    if limits.a_minute == 0 or limits.at_once == 0:
        return "You may not call numbers outside. An administrator can allow it."
    if recent >= limits.a_minute:
        calls = "1 call in a minute is" if limits.a_minute == 1 else f"{limits.a_minute} calls in a minute are"
        return f"More than {calls} not dialled. Wait a moment."
    if going_on >= limits.at_once:
        calls = "1 call" if limits.at_once == 1 else f"{limits.at_once} calls"
        return (
            f"You have {calls} with numbers outside, and more at once are not dialled. Wait until one is over,"
            " or ask an administrator to allow more."
        )
    return None
