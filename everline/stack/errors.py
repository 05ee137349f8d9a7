"""What can keep a centre from starting; each message is for the person at the keyboard."""

from pathlib import Path

from everline.errors import EverlineError


class StackError(EverlineError):
    """The parts of a centre could not be brought up together."""


class AlreadyRunning(StackError):
    """Another `everline up` holds this home."""

    def __init__(self, home: Path, holder: str) -> None:
        super().__init__(
            f"Everline already runs in {home} (process {holder}). Stop it first, or set EVERLINE_HOME to a new folder."
        )


class PortInUse(StackError):
    """A port that a part needs is taken."""


class DiskFull(StackError):
    """There is no room for what a part would write."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"The disk that holds {home} is full. Make room, or set EVERLINE_HOME to a folder on another disk."
        )


class MissingPrivilege(StackError):
    """The system does not let this account do what a part needs."""


class MissingProgram(StackError):
    """A program that should have been installed is not there."""


class Unreachable(StackError):
    """A server that the settings name does not answer."""


class PartFailed(StackError):
    """A part ended, or did not get ready, while it was being started."""

    def __init__(self, label: str, why: str, log: Path) -> None:
        super().__init__(f"{label} did not start: {why}. Its log is {log}.")
