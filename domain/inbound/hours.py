"""Opening hours: whether a schedule is open at a moment, in the schedule's own time zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_FORTNIGHT = 15


@dataclass(frozen=True)
class Span:
    """From `opens` until before `closes`. A span that closes no later than it opens goes on into the next day."""

    opens: time
    closes: time

    @property
    def goes_on(self) -> bool:
        """Whether the span ends on the day after."""
        return self.closes <= self.opens


@dataclass(frozen=True)
class Schedule:
    """The spans of each weekday (Monday is 0), and the days that have their own: a holiday without spans is closed."""

    time_zone: str
    week: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    holidays: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)


def is_open(schedule: Schedule, moment: datetime) -> bool:
    """Whether the schedule is open at a moment, which knows its offset from UTC.

    A span that goes on into a holiday belongs to the day on which it began, and is worked to its end.
    The clock on the wall decides: in the hour that a change to winter time repeats, both are alike.
    """
    local = moment.astimezone(ZoneInfo(schedule.time_zone))
    clock, today = local.time(), local.date()
    if any(_holds_today(span, clock) for span in _spans(schedule, today)):
        return True
    yesterday = today - timedelta(days=1)
    return any(span.goes_on and clock < span.closes for span in _spans(schedule, yesterday))


def next_opening(schedule: Schedule, moment: datetime) -> datetime | None:
    """When the schedule opens next after a moment at which it is closed; None when it does not within a fortnight."""
    zone = ZoneInfo(schedule.time_zone)
    today = moment.astimezone(zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(_FORTNIGHT)]
    openings = [datetime.combine(day, span.opens, zone) for day in days for span in _spans(schedule, day)]
    return min((opens for opens in openings if opens > moment), default=None)


def _holds_today(span: Span, clock: time) -> bool:
    return clock >= span.opens and (span.goes_on or clock < span.closes)


def _spans(schedule: Schedule, day: date) -> tuple[Span, ...]:
    if day in schedule.holidays:
        return schedule.holidays[day]
    return schedule.week.get(day.weekday(), ())
