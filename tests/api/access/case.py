"""One line of the table of access."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.calls.call import CallStage

ROLES = ("anonymous", "agent", "supervisor", "administrator", "foreign agent")
"""The agent is the one whose call the paths name; the foreign agent has nothing to do with it."""


@dataclass(frozen=True)
class Case:
    """One request to a route, and the status that each role gets."""

    method: str
    route: str
    statuses: tuple[int, int, int, int, int]
    path: str = ""
    """The path asked for; the route itself where it has no variables. "{call}" is the agent's call, "{queue}" its
    queue, "{waiting}" a call that waits there, "{voicemail}" one that was left for it.
    """
    body: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    stage: CallStage = field(default=CallStage.CONNECTED)

    @property
    def asked(self) -> str:
        return self.path or self.route
