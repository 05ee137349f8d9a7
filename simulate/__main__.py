"""`python -m simulate`: runs every load on the real claims, prints the figures beside the theory's; goal D1."""

import asyncio
import itertools
import time
from dataclasses import dataclass
from random import Random
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import make_url

from db.core.engine import Database
from everline.errors import EverlineError
from everline.stack import Stack
from simulate import estimate
from simulate.callers import callers, ideal
from simulate.erlang import Figures, expected
from simulate.estimate import Interval, Measured
from simulate.floor import Floor
from simulate.rows import ROWS, Row
from tests.db.sample import new_agents, new_queue
from tests.support.stack import stack_settings, temporary_home

_IDEAL = 10_000_000
"""Calls on the ideal path alone: enough for intervals well below the goals."""

_ASA_GOAL, _LEVEL_GOAL = 0.03, 0.01
_CALLS = 20_000
_NO_WAIT = {"options": "-csynchronous_commit=off"}
"""Nothing here has to survive a crash of the machine; what a claim reads and locks is the same."""


@dataclass(frozen=True)
class Outcome:
    """What a row gave: on the real claims alone, and with the ideal path, where `unlike` calls waited otherwise."""

    row: Row
    wanted: Figures
    real: Measured
    unlike: int
    both: Measured

    @property
    def meets_goal(self) -> bool:
        """Whether service level and mean wait are as near to the theory's as goal D1 asks, beyond chance."""
        asa, level = self.both.asa, self.both.service_level
        return (
            abs(asa.mean - self.wanted.asa) + asa.margin <= _ASA_GOAL * self.wanted.asa
            and abs(level.mean - self.wanted.service_level) + level.margin <= _LEVEL_GOAL
        )


async def simulate(database: Database, row: Row, calls: int, seed: int, more: int) -> Outcome:
    """Runs one row: `calls` on the real claims and on the ideal path, and `more` on the ideal path alone."""
    load = row.load
    queue = await new_queue(database, await new_agents(database, load.agents))
    people = list(itertools.islice(callers(load, Random(seed)), calls))
    real = await Floor(database, queue).serve(people)
    same = list(ideal(load.agents, people))
    far = ideal(load.agents, callers(load, Random(seed + 1)))
    measured = await asyncio.to_thread(estimate.measure, far, more, load.threshold)
    return Outcome(
        row=row,
        wanted=expected(load),
        real=estimate.measure(real, len(real), load.threshold),
        unlike=sum(not estimate.alike(one, other) for one, other in zip(real, same, strict=True)),
        both=estimate.joined(real, same, measured, load.threshold),
    )


async def _all(calls: int, seed: int, more: int, console: Console) -> list[Outcome]:
    outcomes = []
    with temporary_home() as home:
        async with Stack(stack_settings(home), parts=["postgres"]) as stack:
            database = Database(_quick(stack.settings.database), pool_size=4)
            for place, row in enumerate(ROWS):
                began = time.monotonic()
                console.print(
                    f"[dim]{_named(row)}: {calls} calls on the real claims, {more} on the ideal path …[/dim]",
                    highlight=False,
                )
                outcomes.append(await simulate(database, row, calls, seed + 10 * place, more))
                console.print(f"[dim]    {time.monotonic() - began:.0f} s[/dim]", highlight=False)
            await database.close()
    return outcomes


def _quick(url: str) -> str:
    return make_url(url).update_query_dict(_NO_WAIT).render_as_string(hide_password=False)


def _named(row: Row) -> str:
    load = row.load
    patience = "" if load.patience is None else f", patience {load.patience:g} s"
    return f"{load.calls_an_hour:g} calls/h of {load.aht:g} s, {load.agents} agents{patience}"


def print_outcomes(outcomes: list[Outcome], console: Console) -> None:
    """The table, and the verdict on each row."""
    table = Table(title="Routing: the real claims under a virtual clock, and queueing theory")
    for heading in ("load", "figures of", "calls", "waiting", "ASA (s)", "service level", "abandoned"):
        table.add_column(heading, justify="left" if heading in {"load", "figures of"} else "right")
    for outcome in outcomes:
        row, wanted = outcome.row, outcome.wanted
        formula = "Erlang C" if row.load.patience is None else "Erlang A"
        plain = (wanted.waiting, wanted.asa, wanted.service_level, wanted.abandoned)
        told = (row.waiting, row.asa, row.service_level, row.abandoned)
        table.add_row(_named(row), row.source, "", *("" if value is None else f"{value:g}" for value in told))
        table.add_row(f"  within {row.load.threshold:g} s", formula, "", *(f"{value:.4f}" for value in plain))
        for name, found in (("real claims", outcome.real), ("with the ideal path", outcome.both)):
            table.add_row("", name, str(found.calls), *(_shown(interval) for interval in _intervals(found)))
        table.add_section()
    console.print(table)
    for outcome in outcomes:
        asa = outcome.both.asa.mean / outcome.wanted.asa - 1
        level = outcome.both.service_level.mean - outcome.wanted.service_level
        console.print(
            f"D1 {_named(outcome.row)}: ASA {asa:+.2%} (goal 3 %), service level {100 * level:+.2f} points (goal 1); "
            f"{outcome.unlike} of {outcome.real.calls} calls waited otherwise than on the ideal path: "
            f"{'met' if outcome.meets_goal and not outcome.unlike else 'NOT met'}",
            highlight=False,
        )


def _intervals(found: Measured) -> tuple[Interval, ...]:
    return found.waiting, found.asa, found.service_level, found.abandoned


def _shown(interval: Interval) -> str:
    return f"{interval.mean:.4f} ± {interval.margin:.4f}"


def main(
    *,
    calls: Annotated[int, typer.Option(min=100, help="Calls of each row on the real claims.")] = _CALLS,
    seed: Annotated[int, typer.Option(help="Another seed has other callers.")] = 1,
) -> None:
    """Compare the routing with Erlang C and Erlang A."""
    console = Console(width=None if Console().is_terminal else 150)
    console.print(
        "Poisson arrivals, exponential talks and patience; agents answer at once, longest idle first, no wrap-up. "
        "Ideal path: the first in line is taken the moment an agent is free. Intervals: 95 %, batch means.",
        highlight=False,
    )
    try:
        outcomes = asyncio.run(_all(calls, seed, _IDEAL, console))
    except EverlineError as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(1) from None
    print_outcomes(outcomes, console)
    if not all(outcome.meets_goal and not outcome.unlike for outcome in outcomes):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
