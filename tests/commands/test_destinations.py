from collections.abc import Iterator

import pytest

from tests.commands.conftest import Command


@pytest.fixture(autouse=True)
def as_it_was(command: Command) -> Iterator[None]:
    """Rules and limits hold for everybody, so none stays for another test."""
    yield
    for prefix in ("+44", "+44870"):
        command("destination", "remove", prefix)
    command("limit", "reset")


def test_a_destination_comes_is_checked_and_goes(command: Command) -> None:
    assert "only ordinary numbers of US may be called" in command("destination", "list").text
    assert command("destination", "add", "+44", "--name", "United Kingdom").text == (
        "Numbers that begin with +44 may be called.\n"
    )
    assert command("destination", "add", "+44 870", "--deny").text == (
        "Numbers that begin with +44870 may not be called.\n"
    )
    assert command("destination", "list").text.splitlines() == [
        "PREFIX  CALLS ARE  NAME",
        "+44     allowed    United Kingdom",
        "+44870  denied",
    ]
    assert command("destination", "check", "+44 20 7946 0123").text == (
        "+442079460123 may be called. The destination +44 decides.\n"
    )
    assert command("destination", "remove", "+44").text == "There is no rule for +44 any more.\n"
    assert "not among the destinations" in command("destination", "check", "+44 20 7946 0123").text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["destination", "add", "44"], "whole country code: +44, +4930 or +1900"),
        (["destination", "add", "+4"], "whole country code"),
        (["destination", "add", "+44", "--name", " "], "The name of a destination has 1 to 80 characters"),
        (["destination", "remove", "+49"], "There is no destination +49. "),
        (["limit", "set"], "Say what is to be limited: --a-minute or --at-once."),
        (["limit", "set", "--a-minute", "61"], "0 to 60 numbers a minute"),
        (["limit", "set", "--at-once", "-1"], "0 to 50 calls at once"),
        (["limit", "set", "--user", "Nobody Known", "--at-once", "1"], "There is no user Nobody Known."),
    ],
)
def test_what_cannot_be_used_says_what_could(command: Command, words: list[str], told: str) -> None:
    answer = command(*words)
    assert not answer.done
    assert told in answer.text, answer.text


def test_a_destination_is_added_once(command: Command) -> None:
    command("destination", "add", "+44")
    assert "There is a destination +44 already" in command("destination", "add", "+44", "--deny").text


def test_limits_are_set_listed_and_taken_away(command: Command) -> None:
    command("user", "add", "Lena Limits")
    assert command("limit", "set", "--a-minute", "6").text == (
        "Everybody without limits of the own may dial at most 6 a minute, and have at most 3 going on.\n"
    )
    command("limit", "set", "--user", "lena limits", "--at-once", "1")
    told = command("limit", "set", "--user", "Lena Limits", "--a-minute", "2")
    assert told.text == "Lena Limits may dial at most 2 a minute, and have at most 1 going on.\n"
    rows = [row.split() for row in command("limit", "list").text.splitlines()]
    assert rows[:2] == [["WHO", "A", "MINUTE", "AT", "ONCE"], ["everybody", "6", "3"]]
    assert ["Lena", "Limits", "2", "1"] in rows
    command("limit", "reset", "--user", "Lena Limits")
    assert "Lena" not in command("limit", "list").text
