"""Goal P6: how long `everline up` takes in a home that it knows."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from bench.place import Place
from bench.results import Starts
from bench.sipp import BenchError

_ROOT = Path(__file__).parents[1]
_READY = b"Ctrl-C"
"""The last line of the welcome says how to stop it."""
_LONGEST = 120.0
_STOP_SECONDS = 60.0
_OWN = ("EVERLINE_DATABASE_URL", "EVERLINE_TEMPORAL_ADDRESS")
"""Variables of the stack that has run here; without them `up` starts both parts itself."""


async def measure(place: Place, times: int) -> Starts:
    """Start and stop the centre of this home so many times. Raises BenchError when it does not come up."""
    return Starts(seconds=[await _start(place) for _ in range(times)])


async def _start(place: Place) -> float:
    """Seconds from the command to the words that it is ready."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("EVERLINE_")}
    own = {name: value for name, value in place.settings.environment().items() if name not in _OWN}
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "everline", "up"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=others | own | {"PYTHONPATH": str(_ROOT)},
    )
    try:
        await _until_ready(process)
        taken = time.monotonic() - began
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.communicate(), _STOP_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return taken


async def _until_ready(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    said: list[bytes] = []
    async with asyncio.timeout(_LONGEST):
        while not said or _READY not in said[-1]:
            said.append(await process.stdout.readline())
            if not said[-1]:
                raise BenchError(f"everline up ended before it was ready: {b''.join(said).decode(errors='replace')}")
