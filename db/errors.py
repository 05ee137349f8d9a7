class DatabaseError(Exception):
    """Something about stored data that the asker can do something about."""


class AlreadyTakenError(DatabaseError):
    """A name or number that must be unique is in use."""


class NotFoundError(DatabaseError):
    """No such row."""


class NotAllowedNowError(DatabaseError):
    """The row's state does not allow the change."""


class UnusableValueError(DatabaseError):
    """A name, number or other value that cannot be used; the message says what could."""
