"""`python -m bench`: measures, prints the table, keeps the figures in test-results/."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.plan import FULL, SHORT
from bench.results import Report, Round
from bench.run import Bench, Part, run
from bench.sipp import BenchError
from bench.table import print_report
from everline.errors import EverlineError

_RESULTS = Path("test-results")
_PLAIN_WIDTH = 190
"""Columns of the table where no terminal tells them, as in a log."""


def main(
    *,
    short: Annotated[bool, typer.Option(help="Two minutes: shows that it works, measures little.")] = False,
    only: Annotated[list[Part] | None, typer.Option(help="One part, or several; all when left out.")] = None,
) -> None:
    """Measure calls beside Asterisk's own queue (goals P1 to P3), the browser's phone (P5) and the portal (P6)."""
    console = Console(width=_PLAIN_WIDTH if not Console().is_terminal else None)
    began = time.monotonic()

    def tell(words: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:4.0f} s  {words}[/dim]", highlight=False)

    def done(result: Round) -> None:
        p95 = f"{result.waits.p95:.0f} ms" if result.waits else "-"
        left = f", left over: {result.left_over}" if result.left_over else ""
        tell(f"    p95 {p95}, {result.failures.total} failed{left}")

    try:
        report = run(Bench(SHORT if short else FULL, tell, done), only or tuple(Part))
    except (BenchError, EverlineError) as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(1) from None
    print_report(report, console)
    console.print(f"Kept in {_keep(report)}")


def _keep(report: Report) -> Path:
    _RESULTS.mkdir(exist_ok=True)
    path = _RESULTS / f"bench-{report.started_at.replace(':', '').replace('+0000', 'Z')}.json"
    path.write_text(report.model_dump_json(indent=2))
    return path


if __name__ == "__main__":
    typer.run(main)
