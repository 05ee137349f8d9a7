"""Whether we are registered with a carrier, by what Asterisk says of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class RegistrationState(StrEnum):
    """How a registration stands."""

    REGISTERED = "registered"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    TRYING = "trying"
    """The first answer has not come yet."""


@dataclass(frozen=True)
class Standing:
    """How a registration stands, and the SIP status by which it was refused; 0 for none."""

    state: RegistrationState
    status: int = 0


# A row is the trunk, a slash and the server's URI, the name of the log-in, and the state.
_ROW = re.compile(r"^\s*([0-9A-Za-z._-]+)/sips?:\S*\s+(?:\S+\s+)?(Registered|Rejected|Unregistered|Stopped)\b")
# The first URI is the server's, the second ours there.
_REFUSED = re.compile(
    r"(?:\bresponse '(\d{3})'|\b(\d{3})'?(?: Forbidden)? fatal response) received from '([^']*)'"
    r" on registration attempt to '([^']*)'"
)
_SILENT = re.compile(r"No response received from '([^']*)' on registration attempt to '([^']*)'")
_TIMED_OUT = 408


def read_answer(line: str) -> tuple[tuple[str, str], int] | None:
    """What a line of Asterisk's log tells of a registration: its server and our name there, and the SIP status or 0.

    None for every other line. Never raises.
    """
    refused = _REFUSED.search(line)
    if refused is not None:
        return (refused[3], refused[4]), int(refused[1] or refused[2])
    silent = _SILENT.search(line)
    return ((silent[1], silent[2]), 0) if silent is not None else None


def read_standings(listed: str, answers: Mapping[str, int]) -> dict[str, Standing]:
    """How each registration stands that Asterisk's console lists, by trunk; `answers` are the last ones in vain."""
    found: dict[str, Standing] = {}
    for line in listed.splitlines():
        row = _ROW.match(line)
        if row is not None:
            found[row[1]] = _standing(row[2], answers.get(row[1]))
    return found


def _standing(word: str, answer: int | None) -> Standing:
    if word == "Registered":
        return Standing(RegistrationState.REGISTERED)
    if answer:
        return Standing(RegistrationState.NO_ANSWER if answer == _TIMED_OUT else RegistrationState.REFUSED, answer)
    if word in {"Rejected", "Stopped"}:
        return Standing(RegistrationState.REFUSED if answer is None else RegistrationState.NO_ANSWER)
    return Standing(RegistrationState.TRYING if answer is None else RegistrationState.NO_ANSWER)
