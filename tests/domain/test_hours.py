from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hours import Schedule, Span, is_open

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
