"""What sipp wrote down: which caller and which agent did what, and when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class CallTrack:
    """One call as both ends saw it. Times are seconds since 1970, by the clock of this machine."""

    caller: str
    dialled: float
    received: float | None
    """The system answered the caller (music, before any agent)."""
    answered: float | None
    """An agent's phone took the call."""
    released: float | None
    """The caller was hung up on after the agent had hung up."""

    @property
    def wait(self) -> float | None:
        """From the caller's INVITE to the agent's answer."""
        return None if self.answered is None else self.answered - self.dialled


@dataclass(frozen=True)
class AgentTrack:
    """When one agent's phone was rung, and when it hung up; seconds since 1970, in order."""

    rung: list[float] = field(default_factory=list)
    freed: list[float] = field(default_factory=list)


def read_agents(folder: Path) -> dict[str, AgentTrack]:
    """Every agent's track since the phones were started, by extension."""
    agents: dict[str, AgentTrack] = {}
    for kind, phone, at in _lines(folder / "agent.log"):
        if kind in {"rung", "freed"}:
            agent = agents.setdefault(phone, AgentTrack())
            (agent.rung if kind == "rung" else agent.freed).append(at)
    return agents


def read_tracks(folder: Path, series: str) -> list[CallTrack]:
    """The calls of one round, in the order of dialling."""
    seen: dict[str, dict[str, float]] = {"dialled": {}, "received": {}, "answered": {}, "released": {}, "gave_up": {}}
    for name in ("caller.log", "agent.log"):
        for kind, caller, at in _lines(folder / name):
            if caller.startswith(series):
                # An agent who is rung twice for one caller has answered at the first time.
                seen[kind].setdefault(caller, at)
    return [
        CallTrack(caller, at, *(seen[kind].get(caller) for kind in ("received", "answered", "released")))
        for caller, at in seen["dialled"].items()
    ]


def _lines(path: Path) -> Iterator[tuple[str, str, float]]:
    """`kind,number,date<tab>time<tab>epoch`; a number may come with its plus sign."""
    if not path.exists():
        return
    for line in path.read_text().splitlines():
        kind, caller, at = line.split(",")
        yield kind, caller.lstrip("+"), float(at.split()[-1])
