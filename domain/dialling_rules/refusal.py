"""Why nothing is dialled for a desk phone, as its earpiece can tell."""

from enum import StrEnum


class DialRefusal(StrEnum):
    """What a phone that dials is told; the words for the agent's page are more exact."""

    NUMBER = "number"
    """It may not be called."""
    NOT_NOW = "not-now"
    """The agent has another call, or has dialled too often."""
    NOT_HERE = "not-here"
    """Nobody dials on this phone: a browser dials in its page, and a phone without an owner nowhere."""
    NO_LINE = "no-line"
    """There is no trunk to call out by."""
