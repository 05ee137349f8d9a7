"""sipp as callers and as agents' phones. Every process is ended by its id, and dies with us."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.place import AGENTS, Place
from bench.plan import PATIENCE, TALK
from bench.sound import voice

_SCENARIOS = Path(__file__).parent / "scenarios"
_START_SECONDS = 10.0
_REGISTER_RATE = 50
_WORDS_KEPT = 500  # characters
_UDP_SOCKETS = Path("/proc/net/udp")


class BenchError(Exception):
    """The benchmark itself cannot be run; the words are for the reader."""


@dataclass(frozen=True)
class PhoneSecret:
    """What one agent's phone registers with."""

    number: str
    secret: str


@dataclass(frozen=True)
class Callers:
    """One round's callers: where they come from, what they dial, and how often."""

    address: str
    number: str
    series: str
    """The digits that every caller number of the round begins with."""
    rate: int
    calls: int
    patience: float = PATIENCE
    """Seconds that each waits for an agent."""


def write_scenarios(folder: Path) -> None:
    """Put the scenarios, with our times in them, and the callers' voice where sipp runs."""
    (folder / "voice.ulaw").write_bytes(voice())
    for name in ("agent", "register"):
        _write_scenario(folder, name, {"@TALK@": TALK})


def _write_scenario(folder: Path, name: str, times: dict[str, float]) -> None:
    text = (_SCENARIOS / f"{name}.xml").read_text()
    for mark, seconds in times.items():
        text = text.replace(mark, str(round(seconds * 1000)))
    (folder / f"{name}.xml").write_text(text)


@asynccontextmanager
async def agents(place: Place) -> AsyncIterator[int]:
    """All agents' phones, for as long as the block. Gives the process id."""
    options = ["-mp", str(place.echo_port), "-rtp_echo", "-deadcall_wait", "0"]
    process = await _start(place, "agent", AGENTS, place.agent_port, options)
    try:
        await _listening(place, process)
        yield process.pid
    finally:
        await _end(process)


async def register(place: Place, phones: list[PhoneSecret]) -> None:
    """Register every phone, before `agents` starts. Raises BenchError when one is refused.

    Asterisk calls a phone where its registration came from, so this borrows the agents' port.
    """
    lines = [f"{phone.number};[authentication username={phone.number} password={phone.secret}]" for phone in phones]
    (place.folder / "phones.csv").write_text("\n".join(["SEQUENTIAL", *lines]) + "\n")
    options = ["-inf", "phones.csv", "-m", str(len(phones)), "-r", str(_REGISTER_RATE)]
    # Asterisk asks a new phone at once whether it is there, and after silence only 15 s later.
    options += ["-oocsn", "ooc_default"]
    process = await _start(place, "register", AGENTS, place.agent_port, options)
    try:
        async with asyncio.timeout(30 + len(phones) / _REGISTER_RATE):
            if await process.wait() != 0:
                raise BenchError(f"An agent's phone could not register. {last_words(place, 'register')}")
    finally:
        await _end(process)


@asynccontextmanager
async def callers(place: Place, wanted: Callers) -> AsyncIterator[asyncio.subprocess.Process]:
    """Callers at a rate; the process ends by itself when the last call is over."""
    _write_scenario(place.folder, "caller", {"@PATIENCE@": TALK + wanted.patience + 1})
    options = ["-mp", str(place.sound_port), "-s", wanted.number, "-key", "series", wanted.series]
    options += ["-r", str(wanted.rate), "-m", str(wanted.calls), "-l", str(wanted.calls)]
    process = await _start(place, "caller", wanted.address, place.caller_port, options)
    try:
        yield process
    finally:
        await _end(process)


async def _start(
    place: Place, scenario: str, address: str, port: int, options: list[str]
) -> asyncio.subprocess.Process:
    program, guard = shutil.which("sipp"), shutil.which("setpriv")
    if program is None or guard is None:
        raise BenchError("The benchmark needs sipp and setpriv: apt-get install sip-tester util-linux")
    command = [guard, "--pdeathsig", "KILL", "--", program, place.sip, "-sf", f"{scenario}.xml"]
    command += ["-i", address, "-p", str(port), "-mi", address, *options, "-nostdin"]
    command += ["-trace_logs", "-log_file", f"{scenario}.log", "-trace_err", "-error_file", f"{scenario}.err"]
    with (place.folder / f"{scenario}.out").open("wb") as output:
        return await asyncio.create_subprocess_exec(
            *command, cwd=place.folder, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output
        )


async def _listening(place: Place, agents: asyncio.subprocess.Process) -> None:
    """Wait until the phones answer at their port, as the kernel's table of sockets tells."""
    entry = f"{_kernel_form(AGENTS)}:{place.agent_port:04X} "
    async with asyncio.timeout(_START_SECONDS):
        while entry not in await asyncio.to_thread(_UDP_SOCKETS.read_text):
            if agents.returncode is not None:
                raise BenchError(f"sipp did not start. {last_words(place, 'agent')}")
            await asyncio.sleep(0.05)


def last_words(place: Place, scenario: str) -> str:
    """What a sipp that has ended left to read, in one line: its folder will be gone."""
    files = (place.folder / f"{scenario}.{kind}" for kind in ("out", "err"))
    words = " ".join(file.read_text(errors="replace") for file in files if file.exists())
    return " ".join(words.split())[-_WORDS_KEPT:]


def _kernel_form(address: str) -> str:
    return "".join(f"{int(part):02X}" for part in reversed(address.split(".")))


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()
