import os
from pathlib import Path

import pytest

from everline.settings import RUNNING_FILE, SettingsError, read_running_settings, read_settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("EVERLINE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_the_home_is_a_folder_here(tmp_path: Path) -> None:
    assert read_settings().home == tmp_path / ".everline"


def test_the_cache_is_where_the_desktop_standard_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    assert read_settings().cache == tmp_path / "c/everline"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_a_database_url_names_our_driver(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("EVERLINE_DATABASE_URL", f"{scheme}://anna:pw@db:5432/centre")
    assert read_settings().database == "postgresql+psycopg://anna:pw@db:5432/centre"


def test_the_embedded_database_is_addressed_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERLINE_HOME", "/srv/a b")
    monkeypatch.setenv("EVERLINE_POSTGRES_PORT", "5999")
    expected = "postgresql+psycopg://everline@127.0.0.1:5999/everline?passfile=/srv/a%20b/secrets/pgpass"
    assert read_settings().database == expected


def test_another_process_reads_the_same_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERLINE_PORTAL_PORT", "8123")
    before = read_settings()
    for name, value in before.environment().items():
        monkeypatch.setenv(name, value)
    assert read_settings() == before.resolved()


def test_a_second_terminal_finds_the_ports_of_the_running_centre(tmp_path: Path) -> None:
    file = tmp_path / ".everline" / RUNNING_FILE
    file.parent.mkdir(parents=True)
    file.write_text("EVERLINE_POSTGRES_PORT='5777'\nEVERLINE_NODE_PORT='5778'\n")
    assert read_running_settings().postgres_port == 5777
    assert read_settings().postgres_port == 5433


def test_the_environment_goes_before_the_running_centre(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".everline" / RUNNING_FILE
    file.parent.mkdir(parents=True)
    file.write_text("EVERLINE_POSTGRES_PORT='5777'\n")
    monkeypatch.setenv("EVERLINE_POSTGRES_PORT", "5888")
    assert read_running_settings().postgres_port == 5888


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("PORTAL_PORT", "99999", "65535"),
        ("PORTAL_PORT", "eighty", "integer"),
        ("DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("TEMPORAL_ADDRESS", "http://temporal:7233", "host:7233"),
        ("TIME_ZONE", "Mars/Olympus", "time zone"),
        ("SIP_ADDRESS", "localhost", "address"),
        ("NODE_NAME", "Node 1", "pattern"),
        ("LOG_LEVEL", "loud", "warning"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, hint: str
) -> None:
    monkeypatch.setenv(f"EVERLINE_{name}", value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert f"EVERLINE_{name} is '{value}'" in str(caught.value)
    assert hint in str(caught.value)


def test_a_broken_database_url_does_not_print_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERLINE_DATABASE_URL", "mysql://anna:hunter2@db/x")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)


def test_two_parts_cannot_share_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERLINE_PORTAL_PORT", "8088")
    with pytest.raises(SettingsError, match="EVERLINE_PORTAL_PORT and EVERLINE_ASTERISK_HTTP_PORT are both 8088"):
        read_settings()


def test_audio_needs_room_for_two_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERLINE_RTP_START", "19999")
    with pytest.raises(SettingsError, match="EVERLINE_RTP_START"):
        read_settings()
