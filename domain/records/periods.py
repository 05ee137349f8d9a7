"""The current month and yesterday, as a centre's clock on the wall has them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Periods:
    """The moments between which the calls of the current month and of yesterday lie; today is part of the month."""

    month_begins: datetime
    yesterday_begins: datetime
    today_begins: datetime
    today_ends: datetime

    @property
    def begin(self) -> datetime:
        """The first moment of both: on the first of a month yesterday is the earlier one."""
        return min(self.month_begins, self.yesterday_begins)


def periods_at(now: datetime, zone: ZoneInfo) -> Periods:
    """The periods at a moment, in a time zone: days begin at its midnight, whether they have 23, 24 or 25 hours."""
    today = now.astimezone(zone).date()
    return Periods(
        _midnight(today.replace(day=1), zone),
        _midnight(today - timedelta(days=1), zone),
        _midnight(today, zone),
        _midnight(today + timedelta(days=1), zone),
    )


def days_begin(now: datetime, zone: ZoneInfo, days: int) -> datetime:
    """When the last so many days began; today is the first of them."""
    return _midnight(now.astimezone(zone).date() - timedelta(days=days - 1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
