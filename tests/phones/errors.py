class PhoneError(Exception):
    """Something a test phone was asked to do did not happen."""


class PhoneDied(PhoneError):
    """The phone's process ended while the test still needed it."""


class PhoneTimeout(PhoneError):
    """A state, an answer or a call did not come in time."""


class RegistrationRefused(PhoneError):
    """The registrar said no, or nothing at all."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"registration refused: {status} {reason}")
        self.status = status
        self.reason = reason
