"""`everline up` as a process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from everline.settings import Settings

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def run_up(settings: Settings, *words: str, **changes: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`everline up` with these settings, killed at the end of the block where it runs still."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EVERLINE_")}
    own = settings.environment()
    # Without these two, `up` starts a database and a Temporal itself.
    del own["EVERLINE_DATABASE_URL"], own["EVERLINE_TEMPORAL_ADDRESS"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "everline", *(words or ("up",))),
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


async def read_until(process: asyncio.subprocess.Process, words: str) -> str:
    """What it has printed since, once it has printed the words."""
    assert process.stdout is not None
    text = ""
    async with asyncio.timeout(100):
        while words not in text:
            line = await process.stdout.readline()
            assert line, f"ended before it said {words!r}:\n{text}"
            text += line.decode()
    return text


def pids_of(settings: Settings) -> dict[str, int]:
    """The process ids that the centre has noted, by part."""
    return {path.stem: int(path.read_text().split()[0]) for path in (settings.home / "run").glob("*.pid")}
