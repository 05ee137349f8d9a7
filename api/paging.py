"""Where the next page of a list begins, as an opaque mark."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.errors import BadRequestError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


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
            raise BadRequestError("This page cannot be found. Begin with the first one.") from error
