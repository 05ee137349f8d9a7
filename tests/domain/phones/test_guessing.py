from datetime import UTC, datetime, timedelta

import pytest

from domain.phones.guessing import Guesses, ban_length, source_of

START = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def _at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_ten_wrong_passwords_in_a_minute_are_guesses() -> None:
    guesses = Guesses()
    assert [guesses.wrong("192.0.2.1", _at(n)) for n in range(10)] == [False] * 9 + [True]
    assert not guesses.wrong("192.0.2.1", _at(11))


def test_a_phone_with_a_wrong_password_is_no_guesser() -> None:
    guesses = Guesses()
    assert not any(guesses.wrong("192.0.2.1", _at(20 * n)) for n in range(500))


def test_sources_are_counted_apart_and_not_without_end() -> None:
    guesses = Guesses()
    assert not any(guesses.wrong(f"2001:db8:{n:x}::", _at(0)) for n in range(30_000))
    assert len(guesses._wrong) == 10_000


def test_each_ban_is_twice_as_long_as_the_one_before_up_to_a_day() -> None:
    minutes = [ban_length(times).total_seconds() / 60 for times in (1, 2, 3, 11, 12, 1000)]
    assert minutes == [1, 2, 4, 1024, 1440, 1440]


def test_a_ban_that_somebody_else_may_have_brought_about_stays_short() -> None:
    minutes = [ban_length(times, may_be_forged=True).total_seconds() / 60 for times in (1, 2, 3, 4, 5, 1000)]
    assert minutes == [1, 2, 4, 8, 8, 8]


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    ],
)
def test_of_ipv6_the_network_counts(address: str, source: str) -> None:
    assert source_of(address) == source
