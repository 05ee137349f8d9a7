"""`everline up` as a user meets it: a process of its own, its words and its exit code."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from everline.settings import Settings
from everline.stack import ALL_PARTS
from tests.support.stack import runs, stack_settings, temporary_home, until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings() -> Iterator[Settings]:
    with temporary_home() as home:
        yield stack_settings(home)


@asynccontextmanager
async def _up(settings: Settings, **changes: str) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EVERLINE_")}
    own = settings.environment()
    # Without these two, `up` starts a database and a Temporal itself.
    del own["EVERLINE_DATABASE_URL"], own["EVERLINE_TEMPORAL_ADDRESS"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "everline", "up"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment | own | {"PYTHONPATH": str(ROOT)} | changes,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _read_until(process: asyncio.subprocess.Process, words: str) -> str:
    assert process.stdout is not None
    text = ""
    async with asyncio.timeout(100):
        while words not in text:
            line = await process.stdout.readline()
            assert line, f"ended before it said {words!r}:\n{text}"
            text += line.decode()
    return text


def _pids(settings: Settings) -> dict[str, int]:
    return {path.stem: int(path.read_text().split()[0]) for path in (settings.home / "run").glob("*.pid")}


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
    async with _up(settings, **{variable: value}) as process:
        _, errors = await asyncio.wait_for(process.communicate(), 60)
    words = errors.decode().strip()
    assert process.returncode == 1
    assert words.startswith("everline: ")
    assert hint in words
    assert "\n" not in words
    assert "hunter2" not in words


async def test_a_new_centre_starts_tells_its_first_log_in_and_ends_on_ctrl_c(settings: Settings) -> None:
    async with _up(settings) as process:
        words = await _read_until(process, "Ctrl-C")
        assert "First log-in" in words
        assert f"http://localhost:{settings.portal_port}" in words
        pids = _pids(settings)
        assert set(pids) >= set(ALL_PARTS)
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 60) == 0
    assert not [name for name, pid in pids.items() if runs(pid)]
    assert not _pids(settings)


async def test_when_it_is_killed_nothing_is_left_and_the_next_start_works(settings: Settings) -> None:
    async with _up(settings) as process:
        await _read_until(process, "Ctrl-C")
        pids = _pids(settings)
        process.kill()
        await process.wait()
    await until(lambda: not any(runs(pid) for pid in pids.values()))
    async with _up(settings) as process:
        words = await _read_until(process, "Ctrl-C")
        assert "First log-in" not in words
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 60) == 0


async def test_ctrl_c_while_it_starts_stops_what_was_started(settings: Settings) -> None:
    async with _up(settings) as process:
        await _read_until(process, "Temporal ready")
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 60) == 130
    assert not _pids(settings)
