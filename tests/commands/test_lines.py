import pytest

from tests.commands.conftest import Command


def test_a_queue_gets_agents_and_a_number(command: Command) -> None:
    command("user", "add", "Quinn Lines")
    assert command("queue", "add", "Lines Desk", "--ring", "15", "--wrap-up", "0", "--no-record").done
    assert (
        command("queue", "add-member", "lines desk", "Quinn Lines").text == "Quinn Lines takes calls of lines desk.\n"
    )
    assert "already" in command("queue", "add-member", "lines desk", "Quinn Lines").text
    assert command("number", "add", "+49 (30) 123-456", "Lines Desk").done
    (row,) = [line for line in command("queue", "list").text.splitlines() if line.startswith("Lines Desk")]
    assert row.split()[2:] == ["15", "s", "0", "s", "no", "+4930123456", "Quinn", "Lines"]
    assert "+4930123456" in command("number", "list").text
    command("queue", "remove-member", "Lines Desk", "Quinn Lines")
    assert "Quinn" not in command("queue", "list").text


def test_an_unknown_queue_is_told_with_those_there_are(command: Command) -> None:
    command("queue", "add", "Known Desk")
    told = command("number", "add", "4000", "Unknown Desk")
    assert not told.done
    assert "There is no queue Unknown Desk. The queues there are: " in told.text
    assert "Known Desk" in told.text


def test_a_number_leads_to_one_queue_only(command: Command) -> None:
    command("queue", "add", "First Desk")
    command("queue", "add", "Second Desk")
    command("number", "add", "4001", "First Desk")
    told = command("number", "add", "40-01", "Second Desk")
    assert told.text == "The number 4001 leads to First Desk already."


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["queue", "add", "Desk X", "--ring", "1"], "rings for 5 to 120 seconds"),
        (["queue", "add", "Desk X", "--wrap-up", "99999"], "Wrap-up lasts 0 to 3600 seconds"),
        (["queue", "add", "7"], "has no letter"),
        (["number", "add", "call-me", "Desk X"], "no number that can be dialled"),
        (["trunk", "add", "demo", "--host", "192.0.2.1"], "Names that begin with demo or everline are ours"),
        (["trunk", "add", "Bad Name", "--host", "192.0.2.1"], "cannot be a trunk's name"),
        (["trunk", "add", "line-x", "--host", "a b;c"], "is no host"),
        (["trunk", "add", "line-x", "--host", "sip.example.org"], "neither an IP address nor a network"),
        (["trunk", "add", "line-x", "--host", "h", "--match", "0.0.0.0/0"], "every caller in the world"),
        (["trunk", "add", "line-x", "--host", "127.0.0.1"], "this machine's own address"),
        (["trunk", "add", "line-x", "--host", "h", "--match", "192.0.2.1,127.0.0.0/8"], "would all be this trunk"),
        (["trunk", "remove", "line-x"], "There is no trunk line-x."),
    ],
)
def test_what_cannot_be_used_says_what_could(command: Command, words: list[str], told: str) -> None:
    answer = command(*words)
    assert not answer.done
    assert told in answer.text, answer.text


def test_a_trunk_comes_goes_and_comes_again(command: Command) -> None:
    words = ("trunk", "add", "line-1", "--host", "192.0.2.7:5070")
    assert command(*words).done
    assert "There is a trunk line-1 already" in command(*words).text
    assert "192.0.2.7:5070  192.0.2.7" in command("trunk", "list").text
    assert command("trunk", "remove", "line-1").done
    assert "line-1" not in command("trunk", "list").text
    assert command(*words).done


def test_every_command_is_listed_with_what_it_does(command: Command) -> None:
    text = command("--help").text
    for name in ("user", "queue", "number", "trunk", "demo"):
        assert f"│ {name} " in text
