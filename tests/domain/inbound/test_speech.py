import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.inbound import speech
from domain.queues import estimate


@pytest.mark.parametrize(
    ("value", "spoken"),
    [(0, ["0"]), (13, ["13"]), (20, ["20"]), (21, ["20", "1"]), (90, ["90"]), (305, ["3", "hundred", "5"])],
)
def test_numbers_are_spoken_as_people_say_them(value: int, spoken: list[str]) -> None:
    assert speech.number(value) == tuple(f"digits/{part}" for part in spoken)


@given(st.text(max_size=30))
def test_only_digits_of_a_number_are_spoken(text: str) -> None:
    assert all(sound.removeprefix("digits/") in set("0123456789") for sound in speech.digit_by_digit(text))


def test_the_first_in_line_is_told_so() -> None:
    assert speech.position(1) == ("queue-youarenext",)
    assert speech.position(4) == ("queue-thereare", "digits/4", "queue-callswaiting")


def test_a_wait_is_told_in_minutes() -> None:
    assert speech.wait(20) == ("queue-holdtime", "queue-less-than", "digits/1", "queue-minute")
    assert speech.wait(60) == ("queue-holdtime", "digits/1", "queue-minute")
    assert speech.wait(200) == ("queue-holdtime", "digits/3", "queue-minutes")


def test_the_wait_grows_with_the_line_and_shrinks_with_the_agents() -> None:
    assert estimate.wait(3, 2, 60) == 90
    assert estimate.wait(3, 6, 60) == 30
    assert estimate.wait(3, 0, 60) is None
