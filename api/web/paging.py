"""Where the next page of a list begins, as an opaque mark."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.openapi.refusals import Refusal
from api.web.errors import BadRequestError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

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
