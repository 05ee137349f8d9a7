class DatabaseError(Exception):
    """Something about stored data that the asker can do something about.

    `field` names the value that is wrong, as the API calls it; None when it is not one alone.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class AlreadyTakenError(DatabaseError):
    """A name or number that must be unique is in use."""


class NotFoundError(DatabaseError):
    """No such row."""


class NotAllowedNowError(DatabaseError):
    """The row's state does not allow the change."""


class UnusableValueError(DatabaseError):
    """A name, number or other value that cannot be used; the message says what could."""


class HistoryKeyError(DatabaseError):
    """What Temporal keeps of a call cannot be written or read, for want of a key."""


class HistoryKeyDestroyedError(HistoryKeyError):
    """The key was destroyed because of its age: nobody can read what it has encrypted any more."""


class HistoryKeyUnknownError(HistoryKeyError):
    """There never was such a key in this database."""


class WrongHistorySecretError(HistoryKeyError):
    """The key is there, but needs a secret that this machine does not have."""


class HistoryKeysNotReachableError(HistoryKeyError):
    """The database cannot be asked for a key just now."""
