"""`everline up` as a user meets it: a process of its own, its words and its exit code."""

import asyncio
import signal
from collections.abc import Iterator

import pytest

from everline.settings import Settings
from everline.stack import ALL_PARTS
from tests.support.stack import runs, stack_settings, temporary_home
from tests.support.up import pids_of, read_until, run_up


@pytest.fixture
def settings() -> Iterator[Settings]:
    with temporary_home() as home:
        yield stack_settings(home)


@pytest.mark.parametrize(
    ("variable", "value", "hint"),
    [
        ("EVERLINE_PORTAL_PORT", "eighty", "EVERLINE_PORTAL_PORT"),
        ("EVERLINE_HOME", "/proc/no-such-folder", "/proc/no-such-folder"),
        ("EVERLINE_ASTERISK", "/no/such/asterisk", "/no/such/asterisk"),
        ("EVERLINE_DATABASE_URL", "postgresql://anna:hunter2@127.0.0.1:1/x", "EVERLINE_DATABASE_URL"),
    ],
)
async def test_what_keeps_it_from_starting_is_one_sentence(
    settings: Settings, variable: str, value: str, hint: str
) -> None:
    async with run_up(settings, **{variable: value}) as process:
        _, errors = await asyncio.wait_for(process.communicate(), 60)
    # Root is told before that its folders are closed to the account that everything runs as.
    words = errors.decode().strip().splitlines()[-1]
    assert process.returncode == 1
    assert words.startswith("everline: ")
    assert hint in words
    assert "Traceback" not in errors.decode()
    assert "hunter2" not in words


async def test_a_new_centre_starts_tells_its_first_log_in_and_ends_on_ctrl_c(settings: Settings) -> None:
    async with run_up(settings) as process:
        words = await read_until(process, "Ctrl-C")
        assert "First log-in" in words
        assert f"http://localhost:{settings.portal_port}" in words
        pids = pids_of(settings)
        assert set(pids) >= set(ALL_PARTS)
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 60) == 0
    assert not [name for name, pid in pids.items() if runs(pid)]
    assert not pids_of(settings)


async def test_ctrl_c_while_it_starts_stops_what_was_started(settings: Settings) -> None:
    async with run_up(settings) as process:
        await read_until(process, "Temporal ready")
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 60) == 130
    assert not pids_of(settings)
