"""The parts of the benchmark, each on a centre of its own that starts empty."""

import asyncio
import os
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bench import answering, desks, ladder, starts
from bench.cpu import CpuMeter, machine_busy, used
from bench.machine import this_machine
from bench.place import temporary_place
from bench.plan import Plan
from bench.results import Report, Round
from bench.running import Running, start


class Part(StrEnum):
    """What can be measured by itself."""

    CALLS = "calls"
    BROWSER = "browser"
    PORTAL = "portal"


@dataclass(frozen=True)
class Bench:
    """A workload, and who is told how it goes on."""

    plan: Plan
    tell: Callable[[str], None]
    done: Callable[[Round], None]
    """Told of every round of calls."""

    async def measure(self, parts: Collection[Part] = tuple(Part)) -> Report:
        """Measure these parts, one after the other. Raises BenchError and EverlineError."""
        began = datetime.now(UTC).isoformat(timespec="seconds")
        report = Report(started_at=began, machine=this_machine(), versions={}, method=[])
        for part in (part for part in Part if part in parts):
            with temporary_place() as place:
                self.tell("starting the centre")
                async with start(place, self.plan) as running:
                    report = report.model_copy(update={"versions": await running.versions()})
                    report = await self._alone(part, report, running)
                if part is Part.PORTAL:
                    self.tell(f"starting that centre again, {self.plan.desks.starts} times")
                    report = report.model_copy(update={"starts": await starts.measure(place, self.plan.desks.starts)})
        return report

    async def _alone(self, part: Part, report: Report, running: Running) -> Report:
        """The report with one part more, and how much else ran on the machine meanwhile."""
        # Everything of ours descends from this process.
        meter, busy, began = CpuMeter({part: os.getpid()}), machine_busy(), time.monotonic()
        before = meter.read()
        added = await self._add(part, report, running)
        ours = used(before, meter.read())[part]
        others = max(machine_busy() - busy - ours, 0.0) / (time.monotonic() - began)
        return added.model_copy(update={"cores_of_others": {**report.cores_of_others, part.value: others}})

    async def _add(self, part: Part, report: Report, running: Running) -> Report:
        """The report with one part more."""
        plan, tell = self.plan, self.tell
        match part:
            case Part.CALLS:
                found = await ladder.measure(running, plan, tell, self.done)
                return report.model_copy(update={"ladder": found, "method": report.method + ladder.method(plan)})
            case Part.BROWSER:
                answers = await answering.measure(running, plan.answers, tell)
                return report.model_copy(update={"answers": answers, "method": report.method + answering.METHOD})
            case Part.PORTAL:
                seen = await desks.measure(running, plan.desks, tell)
                return report.model_copy(update={"desks": seen, "method": report.method + desks.method(plan.desks)})


def run(bench: Bench, parts: Collection[Part]) -> Report:
    """As `measure`, from outside asyncio."""
    return asyncio.run(bench.measure(parts))
