"""The present by the database's clock, so that the deadlines of all processes are those of one clock."""

from datetime import UTC, datetime, timedelta

_NONE = timedelta(0)
_NEAR = timedelta(seconds=0.2)
"""Clocks that are kept right differ less; what is measured below it is the way to the database and back."""


class _Machine:
    """This machine's own clock, and how far it is ahead of the database's."""

    ahead = _NONE

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)


def now() -> datetime:
    """The present, in UTC."""
    return _Machine.now() - _Machine.ahead


def machine_now() -> datetime:
    """The present as this machine has it, in UTC."""
    return _Machine.now()


def by_database(moment: datetime) -> datetime:
    """A moment that was told by a clock of this machine, as Asterisk's is, by the database's clock."""
    return moment - _Machine.ahead


def set_ahead(ahead: timedelta) -> bool:
    """Notes how far this machine's clock is ahead. Whether that is so far that it is put right, or is no more."""
    before = _Machine.ahead
    _Machine.ahead = ahead if abs(ahead) > _NEAR else _NONE
    return (before == _NONE) is not (_Machine.ahead == _NONE)
