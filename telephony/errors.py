"""What can go wrong between us and Asterisk."""


class TelephonyError(Exception):
    """Asterisk could not do, or may not have done, what was asked."""


class ProgramUnsuitable(TelephonyError):
    """The Asterisk program is missing, too old, or lacks a part that we need; the message is for the user."""


class NotConnected(TelephonyError):
    """There is no connection to Asterisk, or it broke before the answer came: the command may have happened."""


class RequestTimedOut(TelephonyError):
    """Asterisk did not answer in time: the command may have happened."""


class ProtocolError(TelephonyError):
    """Asterisk answered something that we cannot read."""


class Refused(TelephonyError):
    """Asterisk answered, and the answer was no: the command did not happen."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status} {message}")
        self.status = status
        self.message = message


class Failed(TelephonyError):
    """500 and above: Asterisk tried, and could not; whatever the command is about may be there all the same."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status} {message}")
        self.status = status
        self.message = message


class BadRequest(Refused):
    """400: a value that Asterisk cannot use, or an endpoint that cannot be dialled."""


class NotFound(Refused):
    """404: the channel, bridge, recording or endpoint does not exist (any more)."""


class Conflict(Refused):
    """409: the resource is in a state that does not allow it."""


class AlreadyExists(Conflict):
    """409: the id or the name is taken."""


class NotInApplication(Conflict):
    """409 or 422: the channel is not (or no longer) under our control, or not in that bridge."""


GONE = (NotFound, NotInApplication)
"""What a command to a party answers who is no longer there. Every other refusal is a fault of ours or of Asterisk."""


class WrongState(Refused):
    """412: the channel cannot do that now, as ring after the answer."""


class Unreachable(Refused):
    """No phone is registered for that extension, or there is no such extension or trunk."""


class RecordingMissing(TelephonyError):
    """Asterisk has neither a live nor a stored recording of that name."""


_BY_STATUS: dict[int, type[Refused]] = {
    400: BadRequest,
    404: NotFound,
    409: Conflict,
    412: WrongState,
    422: NotInApplication,
}


_FAILED_FROM = 500


def refusal(status: int, message: str) -> Refused | Failed:
    """The error for an answer of that status (HTTP numbers, 300 and above)."""
    if status >= _FAILED_FROM:
        return Failed(status, message)
    words = message.lower()
    kind = _BY_STATUS.get(status, Refused)
    if status == 400 and "channel not found" in words:
        # A bridge names a missing channel a bad request.
        kind = NotFound
    elif status == 409:
        kind = AlreadyExists if "exist" in words else NotInApplication if "stasis" in words else Conflict
    return kind(status, message)
