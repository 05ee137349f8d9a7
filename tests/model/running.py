"""Runs of the model: a database of their own, and how much is tried."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import cast

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from everline.stack import Stack
from tests.model.machine import CallMachine, Ground
from tests.model.plants import Plant
from tests.support.stack import stack_settings, temporary_home

STEPS = 40
"""Things that happen in one run."""
SHORT = settings(
    max_examples=25,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@asynccontextmanager
async def own_database() -> AsyncIterator[str]:
    """A database in which nobody else does anything."""
    with temporary_home() as home:
        async with Stack(stack_settings(home), parts=["postgres"]) as stack:
            yield stack.settings.database


def run(ground: Ground, how: settings) -> None:
    """Lets anything happen, so many times. Raises AssertionError with the shortest way to a fault."""
    run_state_machine_as_test(cast("type[CallMachine]", partial(CallMachine, ground)), settings=how)


def finds(ground: Ground, plant: Plant, examples: int) -> bool:
    """Whether a planted fault is found in so many runs."""
    how = settings(SHORT, max_examples=examples, derandomize=False, phases=[Phase.generate])
    with plant.planted():
        try:
            run(ground, how)
        except Exception:  # noqa: BLE001 - a fault may show itself in any way
            return True
    return False
