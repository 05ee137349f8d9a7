"""Where the next page of a list begins, as an opaque mark."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from api.openapi.refusals import Refusal
from api.web.errors import BadRequestError

Row = TypeVar("Row")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

COUNTED = 1000
"""Longer lists are not counted: their length would cost more than what is shown of them."""
LOST_PAGE = "This page cannot be found. Begin with the first one."
NO_PAGE = Refusal.of(BadRequestError, "The mark of the page is none that a list gave.", LOST_PAGE)


@dataclass(frozen=True)
class Mark:
    """The moment and the id of the last row of a page."""

    at: datetime
    id: str

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}.{self.id}"

    @classmethod
    def parse(cls, value: str) -> "Mark":
        """The mark that `str()` wrote. Raises BadRequestError for anything else."""
        moment, _, row = value.partition(".")
        try:
            return cls(_EPOCH + int(moment) * _MICROSECOND, row)
        except (ValueError, OverflowError) as error:
            raise BadRequestError(LOST_PAGE) from error


@dataclass(frozen=True)
class SortedMark:
    """What the last row of a page is sorted by, and its id."""

    value: str
    id: UUID

    def __str__(self) -> str:
        return f"{self.id}.{self.value}"

    @classmethod
    def parse(cls, value: str) -> "SortedMark":
        """The mark that `str()` wrote. Raises BadRequestError for anything else."""
        row, _, last = value.partition(".")
        try:
            return cls(last, UUID(row))
        except ValueError as error:
            raise BadRequestError(LOST_PAGE) from error


def split(found: Sequence[Row], limit: int, mark: Callable[[Row], object]) -> tuple[Sequence[Row], str | None]:
    """A page of rows of which one more was asked for than it has, and the mark of the next page, if there is one."""
    if len(found) <= limit:
        return found, None
    return found[:limit], str(mark(found[limit - 1]))
