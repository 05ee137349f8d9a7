"""What the stack must know of a part in order to run it."""

import signal
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path


@dataclass(frozen=True)
class Privileges:
    """The account a program runs as when we are root, and the capabilities it keeps there."""

    uid: int
    gid: int
    capabilities: tuple[str, ...] = ()

    def options(self) -> list[str]:
        """The same for setpriv(1)."""
        words = ["--reuid", str(self.uid), "--regid", str(self.gid), "--clear-groups"]
        if self.capabilities:
            kept = ",".join(f"+{name}" for name in self.capabilities)
            words += ["--inh-caps", kept, "--ambient-caps", kept]
        return words


@dataclass(frozen=True)
class Launch:
    """One way to run a program."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    privileges: Privileges | None = None
    reaches: tuple[Path, ...] = ()
    """What a foreign program needs: where it is open to all, the program gets no capability to pass closed folders."""

    def as_standby(self) -> "Launch":
        """The same, to wait for a line on its input."""
        return replace(self, command=(*self.command, "--standby"))


class Part(ABC):
    """One supervised program of the centre."""

    name: str
    """Short name; also the names of its log and pid files."""
    label: str
    """What the user reads."""
    address: str = ""
    """Where it is reached, for the user."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout: float = 10.0
    start_timeout: float = 60.0
    death_signal: str | None = "KILL"
    """What the kernel sends it when the supervisor itself is killed; None for one that outlives the supervisor."""

    has_standby: bool = False
    """Whether a second process waits, loaded, to take over: it is the programs' loading that takes the time."""

    @abstractmethod
    async def prepare(self) -> Launch:
        """Everything to be done before each start: folders, files, left-over marks. Raises EverlineError."""

    async def objection(self) -> str | None:
        """Why a program of this part that outlived an earlier supervisor cannot be taken over; None when it can."""
        return "it belongs to an earlier run"

    @abstractmethod
    async def ready(self) -> bool:
        """Whether it does its work now: a fact asked of the program, never a guess."""
