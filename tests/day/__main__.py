"""`make day`: a day at one page in a compressed loop; ends with 1 when anything leaked or a record was wrong."""

import asyncio
import time
from typing import Annotated

import typer
from rich.console import Console

from everline.stack import Stack
from tests.day.day import Day, Plant, Shift, spend
from tests.day.verdict import growths, table
from tests.phones.browser import start_browser
from tests.support.centre import Centre
from tests.support.stack import stack_settings, temporary_home

_READINGS, _FEWEST = 40, 4
_ENOUGH = 200
"""Calls whose second quarter begins with the page's lists full: my day holds the changes of some fifty calls."""
_PLAIN_WIDTH = 120


async def _spend(shift: Shift, console: Console) -> Day:
    began = time.monotonic()

    def tell(words: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:4.0f} s  {words}[/dim]", highlight=False)

    with temporary_home() as home:
        async with Stack(stack_settings(home, log_level="warning")) as stack, start_browser() as browser:
            centre = Centre(stack)
            try:
                await centre.add_trunk()
                return await spend(centre, browser, shift, tell)
            finally:
                await centre.close()


def main(
    *,
    calls: Annotated[int, typer.Option(min=8, help="How many calls the day has.")] = 200,
    plant: Annotated[Plant | None, typer.Option(help="Put a leak into the page, to see that it is found.")] = None,
) -> None:
    """Spend a day at one page: real calls of every kind, and a look at what grows with them."""
    console = Console(width=None if Console().is_terminal else _PLAIN_WIDTH)
    shift = Shift(calls, max(calls // _READINGS, 1), plant)
    day = asyncio.run(_spend(shift, console))
    found = growths(day.readings, len(day.readings) * shift.every) if len(day.readings) >= _FEWEST else []
    console.print(table(found))
    for words in (*day.wrong, *(f"left over: {left}" for left in day.left)):
        console.print(words, highlight=False)
    if calls < _ENOUGH:
        console.print(f"Fewer than {_ENOUGH} calls: the page's lists were still filling, which looks like a leak.")
    leaks = [growth.gauge for growth in found if growth.leaks]
    console.print(
        f"{calls} calls: {len(day.wrong)} wrong, {len(day.left)} channels and bridges left, "
        + (f"LEAKS in {', '.join(leaks)}" if leaks else "nothing leaks"),
        highlight=False,
    )
    if leaks or day.wrong or day.left:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
