"""Pause reasons: why agents may pause."""

from typing import Annotated

import typer

from db.agents import pause_reasons
from db.core.clock import now
from db.core.engine import ReadSession, WriteSession
from everline.terminal import changing, columns, reading

app = typer.Typer(name="reason", no_args_is_help=True, help=__doc__)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The reason, for example Lunch.")]


@app.command()
def add(name: _Name) -> None:
    """Add a reason at the end of the list."""

    async def work(session: WriteSession) -> None:
        await pause_reasons.add(session, name, None, now())

    changing(work)
    typer.echo(f"Agents may pause for: {name}.")


@app.command()
def remove(name: _Name) -> None:
    """Remove a reason. Agents who are paused for it stay paused."""

    async def work(session: WriteSession) -> None:
        await pause_reasons.remove(session, await pause_reasons.find(session, name), None, now())

    changing(work)
    typer.echo(f"Agents can no longer pause for: {name}.")


@app.command(name="list")
def list_reasons() -> None:
    """List the reasons, in the order in which agents see them."""

    async def work(session: ReadSession) -> list[tuple[str]]:
        return [(reason.name,) for reason in await pause_reasons.listing(session)]

    columns(
        ("REASON",),
        reading(work),
        empty="There are no reasons: agents say what they like. Add one with: everline reason add Lunch",
    )
