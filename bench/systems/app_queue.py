"""Asterisk's own queue, on the same Asterisk with the same phones."""

from collections.abc import Sequence
from pathlib import Path

from bench.place import QUEUE_CALLERS, Place
from bench.systems.console import Console

_MODULES = ("func_callerid.so", "app_mixmonitor.so", "app_queue.so")
_NUMBER = "queue"
_CROWDED_NUMBER = "crowded"


class AppQueue:
    """`Queue()`, longest idle first, with every call recorded by `MixMonitor()`."""

    name = "app_queue"
    does = (
        "Answer(), MixMonitor() to WAV, Queue() with strategy leastrecent, autofill, ringinuse=no, ring tone; "
        "state in memory, no CDR, nothing survives a restart"
    )
    caller_address = QUEUE_CALLERS
    number = _NUMBER
    crowded_number = _CROWDED_NUMBER

    def __init__(self, place: Place, console: Console) -> None:
        self._recordings = place.spool_dir / "monitor"
        self._console = console

    async def begin(self) -> None:
        """Load the queue: while our own centre is measured it is not there to follow every phone's state."""
        for module in _MODULES:
            await self._console.run(f"module load {module}")

    async def end(self) -> None:
        """Wait for the last call, then take the queue out again."""
        await self._console.wait_for_quiet()
        for module in reversed(_MODULES):
            await self._console.run(f"module unload {module}")

    async def kept(self, callers: Sequence[str]) -> set[str]:
        """The callers with a recording that has sound in it."""
        return {caller for caller in callers if _has_sound(self._recordings / f"{caller}.wav")}


def write_extra(place: Place, extensions: Sequence[str], crowded: int) -> None:
    """Add both queues, their dialplan and their callers' endpoint to Asterisk's configuration."""
    folder = place.config_dir
    folder.mkdir(parents=True, exist_ok=True)
    members = [f"member = PJSIP/{extension}\n" for extension in extensions]
    queues = "".join((_QUEUES, _queue("bench"), *members, _queue("crowded"), *members[:crowded]))
    (folder / "queues.conf").write_text(queues)
    (folder / "extensions.conf").write_text(_DIALPLAN)
    (folder / "pjsip.conf").write_text(_CALLERS)


def _has_sound(path: Path) -> bool:
    # A WAV without a sample is its header of 44 bytes; one second of 8 kHz is 16,000.
    return path.exists() and path.stat().st_size > 16_000


def _queue(name: str) -> str:
    return f"[{name}]\nstrategy = leastrecent\nringinuse = no\ntimeout = 20\nretry = 1\nwrapuptime = 0\n"


_QUEUES = """\
autofill = yes
"""

_DIALPLAN = f"""\
[bench]
exten = {_NUMBER},1,Answer()
 same = n,MixMonitor(${{CALLERID(num)}}.wav)
 same = n,Queue(bench,r)
 same = n,Hangup()
exten = {_CROWDED_NUMBER},1,Answer()
 same = n,MixMonitor(${{CALLERID(num)}}.wav)
 same = n,Queue(crowded,r)
 same = n,Hangup()
exten = h,1,NoOp()
"""

_CALLERS = f"""\
[bench]
type = endpoint
transport = transport-udp
context = bench
disallow = all
allow = alaw,ulaw
direct_media = no
[bench]
type = identify
endpoint = bench
match = {QUEUE_CALLERS}/32
"""
