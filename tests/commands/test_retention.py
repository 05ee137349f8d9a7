import pytest

from tests.commands.conftest import Command


def test_how_long_each_kind_is_kept_is_shown(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERLINE_KEEP_RECORDS_DAYS", "400")
    monkeypatch.setenv("EVERLINE_KEEP_VOICEMAILS_DAYS", "30")
    lines = [line.split() for line in command("retention", "show").text.splitlines()[1:]]
    assert [" ".join(line) for line in lines] == [
        "records 400 days",
        "recordings 400 days",
        "voicemails 30 days",
        "agent history ever",
        "audit ever",
    ]


def test_what_would_be_removed_is_told(command: Command) -> None:
    assert command("retention", "run", "--dry-run").text.strip() == "Nothing is older than it is to be kept."
