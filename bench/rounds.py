"""One round: callers at one rate against one system."""

import asyncio
import itertools
import time
from dataclasses import dataclass, field

from bench import sipp
from bench.cpu import CpuMeter, machine_busy, used
from bench.place import Place
from bench.plan import PATIENCE, TALK, Plan
from bench.results import Failures, Round, waits
from bench.sipp import BenchError, Callers
from bench.systems.system import NotQuietError, System
from bench.tracks import CallTrack, read_tracks

_FIRST_SERIES = 100
_LATEST_END = 30.0
"""Seconds that SIP's own repetitions may take beyond the last call's time."""


@dataclass(frozen=True)
class Load:
    """What a round used: seconds by program, and processors on average, by these programs and by all others."""

    seconds: dict[str, float]
    cores: float
    cores_of_others: float


@dataclass(frozen=True)
class Rounds:
    """Runs rounds; each has caller numbers of its own, so that nothing of an earlier round is mistaken for its own."""

    place: Place
    plan: Plan
    meter: CpuMeter
    _series: "itertools.count[int]" = field(default_factory=lambda: itertools.count(_FIRST_SERIES))

    async def run(self, system: System, rate: int) -> Round:
        """Measure one rate on one system. Raises BenchError when the callers themselves fail."""
        callers = Callers(system.caller_address, system.number, self._next_series(), rate, self.plan.calls(rate))
        await system.begin()
        before, busy_before, began = self.meter.read(), machine_busy(), time.monotonic()
        sipp_used = await self._call(callers)
        left_over = None
        try:
            await system.end()
        except NotQuietError as error:
            left_over = str(error)
        cpu = used(before, self.meter.read())
        cpu["sipp"] += sipp_used
        seconds, busy = time.monotonic() - began, machine_busy() - busy_before
        load = Load(cpu, sum(cpu.values()) / seconds, max(busy - sum(cpu.values()), 0.0) / seconds)
        tracks = self._tracks(callers)
        return await _figures(system, callers, tracks, load, left_over)

    async def gather(self, system: System) -> list[CallTrack]:
        """Let the crowd of goal P1 call one system. Raises BenchError when the callers themselves fail."""
        crowd = self.plan.crowd
        callers = Callers(
            system.caller_address, system.crowded_number, self._next_series(), crowd.rate, crowd.calls, crowd.patience
        )
        await system.begin()
        await self._call(callers)
        try:
            await system.end()
        except NotQuietError as error:
            raise BenchError(f"{system.name} left something of the crowd: {error}") from None
        return self._tracks(callers)

    def _next_series(self) -> str:
        return f"4930{next(self._series)}"

    def _tracks(self, callers: Callers) -> list[CallTrack]:
        tracks = read_tracks(self.place.folder, callers.series)
        if not tracks:
            raise BenchError(f"Nobody dialled. {sipp.last_words(self.place, 'caller')}")
        return tracks

    async def _call(self, callers: Callers) -> float:
        """Let the callers call. Gives the processor time that they used, read just before their end."""
        limit = time.monotonic() + callers.calls / callers.rate + TALK + callers.patience + _LATEST_END
        async with sipp.callers(self.place, callers) as process:
            meter, seconds = CpuMeter({"callers": process.pid}), 0.0
            ended = asyncio.ensure_future(process.wait())
            # Calls that are still unfinished at the limit are ended with their process, and count as failed.
            while not ended.done() and time.monotonic() < limit:
                seconds = max(seconds, meter.read()["callers"])
                await asyncio.wait({ended}, timeout=0.25)
            ended.cancel()
        return seconds


async def _figures(
    system: System, callers: Callers, tracks: list[CallTrack], load: Load, left_over: str | None
) -> Round:
    answered = [track for track in tracks if track.wait is not None and track.wait <= PATIENCE]
    released = [track for track in answered if track.released is not None]
    kept = await system.kept([track.caller for track in released])
    first, last = min(track.dialled for track in tracks), max(track.dialled for track in tracks)
    return Round(
        system=system.name,
        rate=callers.rate,
        calls=callers.calls,
        rate_dialled=(len(tracks) - 1) / max(last - first, 0.001),
        waits=waits(tracks),
        failures=Failures(
            unanswered=callers.calls - len(answered),
            unreleased=len(answered) - len(released),
            unrecorded=len(released) - len(kept),
        ),
        left_over=left_over,
        cpu_ms_a_call={name: seconds * 1000 / callers.calls for name, seconds in load.seconds.items()},
        cores_used=load.cores,
        cores_of_others=load.cores_of_others,
    )
