"""Rules of time zones come from the pinned package: a machine's own may be years old."""

import os
import subprocess
import sys
from pathlib import Path

_ASK = """
from datetime import datetime
import everline
from zoneinfo import ZoneInfo
for name in ("America/Vancouver", "America/Edmonton"):
    print(datetime(2026, 12, 24, 12, tzinfo=ZoneInfo(name)).utcoffset().total_seconds() / 3600)
"""


def test_vancouver_and_edmonton_no_longer_change_their_clocks_whatever_the_system_says(tmp_path: Path) -> None:
    old = tmp_path / "America"
    old.mkdir()
    # A system that knows nothing of it: winter time, also in these places.
    for name in ("Vancouver", "Edmonton"):
        (old / name).write_bytes(_fixed(-12))
    asked = subprocess.run(
        [sys.executable, "-c", _ASK],
        env={**os.environ, "PYTHONTZPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.split() == ["-7.0", "-6.0"]


def _fixed(hours: int) -> bytes:
    """A file of zone information (RFC 8536) with one offset."""
    head = b"TZif2" + bytes(15)
    counts = b"".join(count.to_bytes(4, "big") for count in (0, 0, 0, 0, 1, 4))
    block = counts + (hours * 3600).to_bytes(4, "big", signed=True) + b"\x00\x00" + b"OLD\x00"
    return head + block + head + block + f"\nOLD{-hours}\n".encode()
