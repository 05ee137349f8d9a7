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
        (["number", "add", "call-me", "Desk X"], "This is no number"),
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


def test_a_trunk_is_changed_and_shown_without_its_password(command: Command) -> None:
    words = ("trunk", "add", "line-2", "--host", "192.0.2.8", "--user", "4930123", "--register")
    assert command(*words, typed="se-cret\n").done
    assert command("trunk", "set", "line-2", "--numbers", "zeros", "--order", "3", "--prefixes", "+44,+353").done
    shown = command("trunk", "show", "line-2").text
    facts = dict(line.split(maxsplit=1) for line in shown.splitlines() if len(line.split()) > 1)
    assert (facts["number_format"], facts["position"], facts["prefixes"]) == ("zeros", "3", "+44, +353")
    assert (facts["username"], facts["password"], facts["registers"]) == ("4930123", "yes", "yes")
    assert "se-cret" not in shown
    assert (
        "both a user name and a password"
        in command("trunk", "add", "line-3", "--host", "h", "--user", "x", typed="\n").text
    )
    pbx = ("trunk", "add", "line-4", "--host", "192.0.2.9", "--login", "--channels", "3", "--allowed", "+4930*")
    assert "needs one of its own" in command(*pbx, typed="long-enough-1\n").text
    assert command(*pbx, "--shown", "+49300", typed="long-enough-1\n").done
    shown = command("trunk", "show", "line-4").text
    assert "long-enough-1" not in shown
    assert ("logs_in" in shown, "+4930*" in shown) == (True, True)
    assert "its log-in" in command("trunk", "list").text
    assert command("trunk", "remove", "line-4").done
    assert "There is no trunk line-9" in command("trunk", "set", "line-9", "--order", "1").text
    assert command("trunk", "remove", "line-2").done


def test_every_command_is_listed_with_what_it_does(command: Command) -> None:
    text = command("--help").text
    for name in ("user", "queue", "number", "trunk", "demo"):
        assert f"│ {name} " in text
