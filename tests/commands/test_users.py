import re

import pytest

from tests.commands.conftest import Command


def _fact(text: str, name: str) -> str:
    found = re.search(rf"^ *{name}  +(.+)$", text, re.MULTILINE)
    assert found, text
    return found[1]


def test_a_new_user_is_told_how_to_log_in(command: Command) -> None:
    told = command("user", "add", "Uma New")
    assert told.done
    assert len(_fact(told.text, "Password")) >= 16
    number = _fact(told.text, "Agent id")
    assert _fact(told.text, "Extension") == f"{number} (web)"
    assert re.search(rf"^{number} +Uma New +agent +{number} +web$", command("user", "list").text, re.MULTILINE)


def test_a_sip_phone_gets_a_secret_that_is_shown_once(command: Command) -> None:
    told = command("user", "add", "Uma Sip", "--kind", "sip", "--extension", "4711")
    assert _fact(told.text, "SIP user") == "4711"
    assert len(_fact(told.text, "SIP secret")) >= 16
    assert _fact(told.text, "SIP secret") not in command("user", "list").text
    renewed = command("user", "reset-sip-secret", "uma sip")
    assert renewed.text.startswith("The SIP secret of extension 4711 is now: ")


def test_a_taken_name_number_or_id_says_whose_it_is(command: Command) -> None:
    command("user", "add", "Uma Taken", "--extension", "4801", "--agent-id", "4802")
    assert "There is a user named uma taken already" in command("user", "add", "uma taken").text
    assert "4801 is Uma Taken's" in command("user", "add", "Uma Other", "--extension", "4801").text
    assert "4802 is Uma Taken's" in command("user", "add", "Uma Other", "--agent-id", "4802").text
    assert "Uma Other" not in command("user", "list").text


def test_what_cannot_be_used_says_what_could(command: Command) -> None:
    for words, told in (
        (["12345"], "has no letter"),
        ([""], "has 1 to 80 characters"),
        (["x" * 300], "has 1 to 80 characters; this one has 300"),
        (["Uma\x07Bell"], "control characters"),
        (["Uma Bad", "--extension", "12a"], "use 2 to 10 digits"),
        (["Uma Bad", "--agent-id", "a"], "use 1 to 16 digits"),
        (["Uma Bad", "--queue", "Nowhere"], "There is no queue Nowhere."),
    ):
        answer = command("user", "add", *words)
        assert not answer.done
        assert told in answer.text, answer.text


def test_a_removed_user_leaves_name_and_number_to_the_next(command: Command) -> None:
    command("user", "add", "Uma Gone", "--extension", "4901")
    assert command("user", "remove", "uma gone", "--yes").done
    assert "Uma Gone" not in command("user", "list").text
    assert command("user", "add", "Uma Gone", "--extension", "4901").done


def test_an_unknown_user_is_told_with_the_names_there_are(command: Command) -> None:
    command("user", "add", "Uma Known")
    told = command("user", "reset-password", "Nobody There")
    assert "There is no user Nobody There. The users there are: " in told.text


def test_a_secret_is_asked_for_and_never_an_argument(command: Command) -> None:
    for words, typed, told in (
        (["--password"], "short\n", "needs 10 to 128 characters"),
        (["--password"], "", "Password: give it as a line of the input"),
        (["--sip-secret"], "is long enough\n", "A Web extension has no SIP secret"),
        (["--kind", "sip", "--sip-secret"], "12345678901\n", "needs at least 12 characters"),
        (["--password=hunter2hunter2"], "", "does not take a value"),
    ):
        answer = command("user", "add", "Uma Bad", *words, typed=typed)
        assert not answer.done
        assert told in answer.text, answer.text
    told_all = command(
        "user",
        "add",
        "Uma Asked",
        "--kind",
        "sip",
        "--password",
        "--sip-secret",
        typed="a new password\nof her phone 1\n",
    )
    assert _fact(told_all.text, "Password") == "a new password"
    assert _fact(told_all.text, "SIP secret") == "of her phone 1"


def test_a_password_is_reset(command: Command) -> None:
    command("user", "add", "Uma Reset")
    made = command("user", "reset-password", "Uma Reset")
    assert made.text.startswith("The password of Uma Reset is now: ")
    told = command("user", "reset-password", "Uma Reset", "--password", typed="a new password\n")
    assert told.text == "Uma Reset has the new password.\nUma Reset chooses another one at the next log-in.\n"


def test_an_unreachable_database_is_one_sentence(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERLINE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    told = command("user", "list")
    assert told.text.startswith("The database at 127.0.0.1:1 cannot be used. Start the centre with `everline up`")
