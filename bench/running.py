"""A whole centre for one part of the benchmark, as `everline up` runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from temporalio.client import Client

from bench.place import Place
from bench.plan import Plan
from bench.systems import app_queue
from bench.systems.centre import extension_numbers
from bench.systems.console import Console
from bench.versions import versions
from db.core.engine import Database
from everline.stack import Stack
from everline.stack.asterisk import find_asterisk
from tests.support.centre import Centre


@dataclass(frozen=True)
class Running:
    """The centre, and the ways to look into it."""

    place: Place
    stack: Stack
    centre: Centre
    console: Console
    temporal: Client

    @property
    def database(self) -> Database:
        """The centre's database."""
        return self.centre.database

    async def versions(self) -> dict[str, str]:
        """The versions of its parts."""
        return await versions(self.console.program, self.temporal)


@asynccontextmanager
async def start(place: Place, plan: Plan) -> AsyncIterator[Running]:
    """The centre for as long as the block. Raises EverlineError."""
    app_queue.write_extra(place, extension_numbers(plan.agents), plan.crowd.agents)
    async with Stack(place.settings) as stack:
        centre = Centre(stack)
        program = await find_asterisk(place.settings)
        client = await Client.connect(place.settings.temporal, namespace=place.settings.temporal_namespace)
        try:
            yield Running(place, stack, centre, Console(program, place.settings.home / "asterisk/etc"), client)
        finally:
            await centre.close()
