"""Reads Asterisk's security log: which addresses logged in, or failed to."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_FIELD = re.compile(r'(\w+)="([^"]*)"')
_KINDS = {"ChallengeResponseFailed": False, "InvalidPassword": False, "SuccessfulAuth": True}
_MOST_AT_ONCE = 4_000_000  # bytes


@dataclass(frozen=True)
class SipAnswer:
    """Somebody answered a challenge."""

    at: datetime
    account: str
    """The extension that was tried; "<unknown>" where there is none of that name."""
    address: str
    is_right: bool
    connected: bool = False
    """Whether it came over a connection (TCP, TLS, websocket): over UDP a wrong answer's address may be forged."""


def sip_answer(line: str) -> SipAnswer | None:
    """The answer that a line tells of; None for any other line. Never raises."""
    fields = dict(_FIELD.findall(line))
    is_right = _KINDS.get(fields.get("SecurityEvent", ""))
    if is_right is None or fields.get("Service") != "PJSIP":
        return None
    remote = fields.get("RemoteAddress", "").split("/")
    if len(remote) != 4:
        return None
    try:
        at = datetime.fromisoformat(fields.get("EventTV", ""))
    except ValueError:
        at = datetime.now(UTC)
    return SipAnswer(at, fields.get("AccountID", ""), remote[2], is_right, connected=remote[1] != "UDP")


class LogTail:
    """The lines that are added to a file, also when it is emptied or made anew meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = path.stat().st_size if path.exists() else 0
        self._rest = b""

    def read(self) -> list[str]:
        """The whole lines that came since the last time. Of a flood only the end is read."""
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, 2)
                if size < self._position:
                    self._position, self._rest = 0, b""
                if size - self._position > _MOST_AT_ONCE:
                    self._position, self._rest = size - _MOST_AT_ONCE, b""
                file.seek(self._position)
                added = file.read(_MOST_AT_ONCE)
        except FileNotFoundError:
            return []
        self._position += len(added)
        *lines, self._rest = (self._rest + added).split(b"\n")
        return [line.decode(errors="replace") for line in lines]
