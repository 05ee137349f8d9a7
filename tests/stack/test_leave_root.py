"""Nothing that root starts stays root's."""

import asyncio
import os
import pwd
import signal
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from everline.settings import Settings
from everline.stack.account import closed_folder
from everline.stack.certificate import ensure_certificate, portal_certificate
from everline.stack.leave_root import FOLDERS
from everline.stack.leftovers import end_leftovers
from tests.support.stack import stack_settings, temporary_home
from tests.support.up import pids_of, read_until, run_up

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can leave root")


@pytest.fixture
async def settings() -> AsyncIterator[Settings]:
    with temporary_home() as home:
        yield stack_settings(home)
        await end_leftovers(home / "run")


def _owner(path: Path) -> str:
    return pwd.getpwuid(path.lstat().st_uid).pw_name


def _capabilities(pid: int) -> int:
    words = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in words if line.startswith("CapEff:")), 16)


async def _stop(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 60) == 0


async def test_a_home_of_roots_is_migrated_and_no_part_runs_as_root(settings: Settings) -> None:
    async with run_up(settings, EVERLINE_AS_ROOT="1") as older:
        await read_until(older, "Ctrl-C")
        assert _owner(Path(f"/proc/{pids_of(settings)['asterisk']}")) == "root"
        await _stop(older)
    async with run_up(settings) as up:
        words = await read_until(up, "Ctrl-C")
        assert "First log-in" not in words
        pids = {**pids_of(settings), "up": up.pid}
        assert {name: _owner(Path(f"/proc/{pid}")) for name, pid in pids.items()} == dict.fromkeys(pids, "everline")
        for name in ("asterisk", "temporal", "postgres"):
            assert _capabilities(pids[name]) == 0, name
        assert {_owner(settings.home / name) for name in FOLDERS} == {"everline"}
        await _stop(up)
    left = [path for path in settings.home.rglob("*") if _owner(path) == "root" and not path.is_relative_to("music")]
    assert not left


async def test_a_new_home_is_closed_to_others(settings: Settings) -> None:
    home = settings.home / "new"
    async with run_up(settings, EVERLINE_HOME=str(home)) as up:
        await read_until(up, "PostgreSQL ready")
        assert stat.S_IMODE(home.stat().st_mode) == 0o711
        assert _owner(home) == "everline"
        assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700
        up.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(up.wait(), 60) == 130


async def test_a_certificate_that_only_root_can_read_serves_the_portal(settings: Settings, tmp_path: Path) -> None:
    # Of a name of this machine, so that the portal could make it itself.
    elsewhere = Settings.model_validate({"home": tmp_path, "host": "192.0.2.7"})
    ensure_certificate(elsewhere)
    files = portal_certificate(elsewhere)
    assert files is not None
    assert _owner(files.key) == "root"
    given = {"EVERLINE_CERTIFICATE": str(files.certificate), "EVERLINE_KEY": str(files.key)}
    async with run_up(settings, **given) as up:
        assert "https://" in await read_until(up, "Ctrl-C")
        await _stop(up)
    assert _owner(files.key) == "root"


def test_a_closed_folder_on_the_way_is_found(tmp_path: Path) -> None:
    account = pwd.getpwnam("nobody")
    inside = tmp_path / "closed/inside"
    inside.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    # pytest's own folder is closed too, and comes first.
    assert closed_folder([inside], account.pw_uid, account.pw_gid) in {tmp_path / "closed", *tmp_path.parents}
    assert closed_folder([Path("/usr/bin/env")], account.pw_uid, account.pw_gid) is None
    (tmp_path / "link").symlink_to(inside)
    assert closed_folder([tmp_path / "link"], account.pw_uid, account.pw_gid) is not None
