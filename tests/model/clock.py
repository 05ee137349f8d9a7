"""A clock that stands until a test lets time pass."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from db.core import clock

_PACKAGES = ("activities", "db", "everline")
BEGINNING = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Clock:
    """The present of a model."""

    def __init__(self) -> None:
        self.time = BEGINNING

    def now(self) -> datetime:
        """The present, in UTC."""
        return self.time

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Every module of ours that reads the time reads this."""
        real = clock.now
        readers = [
            module
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] in _PACKAGES and getattr(module, "now", None) is real
        ]
        for module in readers:
            vars(module)["now"] = self.now
        try:
            yield
        finally:
            for module in readers:
                vars(module)["now"] = real
