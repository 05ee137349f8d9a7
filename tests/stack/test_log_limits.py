import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from everline.stack.log_limits import LogLimits

_Usage = namedtuple("_Usage", "total used free")  # noqa: PYI024  # As shutil has it.


def _written(path: Path, size: int) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, b"x" * (size - 1) + b"\n")
    return descriptor


def test_a_log_that_is_too_long_is_set_aside_while_its_writer_goes_on(tmp_path: Path) -> None:
    logs = [tmp_path / "log/asterisk/messages.log", tmp_path / "log/asterisk.out"]
    writers = [_written(path, 3_000) for path in logs]
    limits = LogLimits(tmp_path, lambda _: None, limit=1_000)
    limits.cut()
    for path, writer in zip(logs, writers, strict=True):
        assert path.stat().st_size == 0
        assert path.with_name(f"{path.name}.old").stat().st_size == 1_000
        os.write(writer, b"after\n")
        os.close(writer)
        assert path.read_bytes() == b"after\n"


def test_a_short_log_and_logs_that_bound_themselves_are_left_alone(tmp_path: Path) -> None:
    for name, size in (("log/temporal.out", 900), ("log/node.log", 5_000)):
        os.close(_written(tmp_path / name, size))
    LogLimits(tmp_path, lambda _: None, limit=1_000).cut()
    assert {path.name: path.stat().st_size for path in (tmp_path / "log").iterdir()} == {
        "temporal.out": 900,
        "node.log": 5_000,
    }


def test_a_disk_that_is_nearly_full_is_told_once_and_so_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [5_000_000_000]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10**10, 10**10 - free[0], free[0]))
    told: list[str] = []
    limits = LogLimits(tmp_path, told.append)
    for free[0] in (5_000_000_000, 900_000_000, 800_000_000, 1_200_000_000, 2_000_000_000):
        limits.look_at_disk()
    assert [words.split(".")[0] for words in told] == [
        f"The disk that holds {tmp_path} has 900 MB left",
        "The disk has room again",
    ]
