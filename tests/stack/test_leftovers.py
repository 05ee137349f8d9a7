import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from everline.stack.errors import AlreadyRunning
from everline.stack.leftovers import end_leftovers, remember
from everline.stack.lock import HomeLock
from tests.support.parts import DEAF, STEADY
from tests.support.stack import runs, until

_SUPERVISE = """
import asyncio, pathlib, sys
from everline.stack.supervisor import Supervisor
from tests.support.parts import STEADY, Dummy

async def main(home):
    supervisor = Supervisor(Dummy(home / "mark", STEADY), home, lambda notice: None)
    await supervisor.start()
    print(supervisor.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main(pathlib.Path(sys.argv[1])))
"""


def _started(program: str, mark: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", program, str(mark)], start_new_session=True)


async def test_nothing_is_left_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    supervisor = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SUPERVISE, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert supervisor.stdout is not None
    child = int(await supervisor.stdout.readline())
    assert runs(child)
    supervisor.kill()
    await supervisor.wait()
    await until(lambda: not runs(child))


async def test_a_process_of_an_earlier_run_is_ended(tmp_path: Path) -> None:
    left = _started(DEAF, tmp_path / "mark")
    await until((tmp_path / "mark").exists)
    remember(tmp_path / "dummy.pid", left.pid, signal.SIGINT)
    os.kill(left.pid, signal.SIGSTOP)
    await end_leftovers(tmp_path)
    assert left.wait(5) == -signal.SIGINT
    assert not (tmp_path / "dummy.pid").exists()


async def test_a_stranger_with_the_same_process_id_is_left_alone(tmp_path: Path) -> None:
    stranger = _started(STEADY, tmp_path / "mark")
    try:
        remember(tmp_path / "dummy.pid", stranger.pid, signal.SIGTERM)
        words = (tmp_path / "dummy.pid").read_text().split()
        (tmp_path / "dummy.pid").write_text(f"{words[0]} 1@another-boot {words[2]}\n")
        await end_leftovers(tmp_path)
        assert runs(stranger.pid)
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("text", ["", "nonsense", "1 2", "x y z", "0 ended 15"])
async def test_a_damaged_note_is_thrown_away(tmp_path: Path, text: str) -> None:
    (tmp_path / "dummy.pid").write_text(text)
    await end_leftovers(tmp_path)
    assert not (tmp_path / "dummy.pid").exists()


def test_a_home_is_run_once(tmp_path: Path) -> None:
    first, second = HomeLock(tmp_path), HomeLock(tmp_path)
    first.acquire()
    with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()
