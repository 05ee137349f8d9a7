"""How long a centre keeps what is past."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Kept(StrEnum):
    """Kinds of what is past, each with a number of days of its own."""

    RECORDS = "records"
    RECORDINGS = "recordings"
    VOICEMAILS = "voicemails"
    AGENT_HISTORY = "agent_history"
    AUDIT = "audit"


@dataclass(frozen=True)
class Retention:
    """For how many days each kind is kept; 0 is for ever."""

    records: int = 0
    recordings: int = 0
    voicemails: int = 0
    agent_history: int = 0
    audit: int = 0

    def days(self, kind: Kept) -> int:
        """The days of a kind. A recording goes with its call's record at the latest."""
        found: int = getattr(self, kind.value)
        if kind is Kept.RECORDINGS and self.records:
            return min(found or self.records, self.records)
        return found

    def of_files(self, kind: Kept, now: datetime) -> datetime | None:
        """What is from before this moment goes; None when everything of the kind is kept."""
        days = self.days(kind)
        return now - timedelta(days=days) if days else None

    def of_rows(self, kind: Kept, now: datetime) -> datetime | None:
        """The same of rows, which go by whole months (UTC): the first moment of the oldest month that is kept."""
        moment = self.of_files(kind, now)
        return moment and moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
