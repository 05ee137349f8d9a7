from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.inbound.hours import Schedule, Span, is_open

OFFICE = Span(time(9), time(17))
NIGHT = Span(time(22), time(6))
BERLIN = Schedule("Europe/Berlin", dict.fromkeys(range(5), (OFFICE,)), {date(2026, 12, 25): ()})
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [(7, 59, False), (8, 0, True), (15, 59, True), (16, 0, False)],
)
def test_hours_are_those_of_the_schedules_own_zone(hour: int, minute: int, *, expected: bool) -> None:
    # Berlin is an hour ahead in November.
    assert is_open(BERLIN, MONDAY.replace(hour=hour, minute=minute)) is expected


def test_summer_time_moves_the_hours_with_the_clock_on_the_wall() -> None:
    assert is_open(BERLIN, datetime(2026, 7, 6, 7, 30, tzinfo=UTC))
    assert not is_open(BERLIN, datetime(2026, 7, 6, 15, 30, tzinfo=UTC))


def test_a_weekend_and_a_holiday_are_closed() -> None:
    assert not is_open(BERLIN, datetime(2026, 11, 22, 10, tzinfo=UTC))
    assert not is_open(BERLIN, datetime(2026, 12, 25, 10, tzinfo=UTC))


def test_a_holiday_may_have_hours_of_its_own() -> None:
    short = Schedule("UTC", {}, {date(2026, 12, 24): (Span(time(9), time(12)),)})
    assert is_open(short, datetime(2026, 12, 24, 11, tzinfo=UTC))
    assert not is_open(short, datetime(2026, 12, 24, 13, tzinfo=UTC))


def test_a_night_goes_on_into_the_next_day() -> None:
    nights = Schedule("UTC", {0: (NIGHT,)})
    assert is_open(nights, MONDAY.replace(hour=23))
    assert is_open(nights, MONDAY.replace(hour=5) + timedelta(days=1))
    assert not is_open(nights, MONDAY.replace(hour=5))


def test_midnight_to_midnight_is_the_whole_day() -> None:
    always = Schedule("UTC", {day: (Span(time(0), time(0)),) for day in range(7)})
    assert all(is_open(always, MONDAY + timedelta(hours=hour)) for hour in range(7 * 24))


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - the zone is added below
def test_without_spans_a_schedule_is_never_open(moment: datetime) -> None:
    assert not is_open(Schedule("America/New_York"), moment.replace(tzinfo=UTC))


def test_a_night_that_began_before_a_holiday_is_worked_to_its_end() -> None:
    nights = Schedule("UTC", dict.fromkeys(range(7), (NIGHT,)), {MONDAY.date(): ()})
    assert is_open(nights, MONDAY.replace(hour=5))
    assert not is_open(nights, MONDAY.replace(hour=23))
    assert not is_open(nights, MONDAY.replace(hour=5) + timedelta(days=1))


# Berlin goes to summer time at 2:00 on 29 March 2026, and back at 3:00 on 25 October.
@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 3), (date(2026, 3, 29), 2), (date(2026, 10, 25), 4)])
def test_a_night_of_three_hours_is_shorter_or_longer_when_the_clock_changes(day: date, hours: int) -> None:
    schedule = Schedule("Europe/Berlin", {}, {day: (Span(time(1), time(4)),)})
    begins = datetime.combine(day - timedelta(days=1), time(12), UTC)
    quarters = [begins + timedelta(minutes=15 * step) for step in range(36 * 4)]
    assert sum(is_open(schedule, moment) for moment in quarters) == hours * 4


CLOCKS = st.times()
SPANS = st.builds(Span, CLOCKS, CLOCKS)
WEEKS = st.dictionaries(st.integers(0, 6), st.lists(SPANS, max_size=3).map(tuple))
DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 21))
HOLIDAYS = st.dictionaries(DAYS, st.lists(SPANS, max_size=2).map(tuple), max_size=3)
MOMENTS = st.datetimes(datetime(2026, 1, 2), datetime(2026, 1, 20), timezones=st.just(UTC))  # noqa: DTZ001


def _as_intervals(schedule: Schedule) -> list[tuple[datetime, datetime]]:
    """Every span of a few weeks as an interval of UTC, found without the rule under test."""
    found = []
    for step in range(-2, 24):
        day = date(2026, 1, 1) + timedelta(days=step)
        for span in schedule.holidays.get(day, schedule.week.get(day.weekday(), ())):
            ends = day + timedelta(days=1) if span.closes <= span.opens else day
            found.append((datetime.combine(day, span.opens, UTC), datetime.combine(ends, span.closes, UTC)))
    return found


@given(WEEKS, HOLIDAYS, MOMENTS)
def test_a_schedule_is_open_exactly_within_its_spans(
    week: dict[int, tuple[Span, ...]], holidays: dict[date, tuple[Span, ...]], moment: datetime
) -> None:
    schedule = Schedule("UTC", week, holidays)
    intervals = _as_intervals(schedule)
    known = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 24, tzinfo=UTC)
    edges = [edge for interval in intervals for edge in interval if known[0] <= edge < known[1]]
    for at in (moment, *edges):
        assert is_open(schedule, at) is any(begins <= at < ends for begins, ends in intervals), at


@given(WEEKS, MOMENTS, st.sampled_from(["Asia/Tokyo", "America/Phoenix", "Asia/Kathmandu"]))
def test_a_zone_without_summer_time_only_shifts_the_hours(
    week: dict[int, tuple[Span, ...]], moment: datetime, zone: str
) -> None:
    local = moment.replace(tzinfo=ZoneInfo(zone))
    assert is_open(Schedule(zone, week), local) is is_open(Schedule("UTC", week), moment)


@given(st.integers(0, 6), CLOCKS, CLOCKS, MOMENTS)
def test_a_span_over_midnight_is_two_spans(weekday: int, opens: time, closes: time, moment: datetime) -> None:
    assume(closes < opens)
    one = Schedule("UTC", {weekday: (Span(opens, closes),)})
    evening, morning = Span(opens, time()), Span(time(), closes)
    after = (weekday + 1) % 7
    # A morning that closes at midnight would be a whole day.
    two = Schedule("UTC", {weekday: (evening,)} | ({after: (morning,)} if closes > time() else {}))
    assert is_open(one, moment) is is_open(two, moment)
