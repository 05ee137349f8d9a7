"""Trunks: lines to the outside world."""

from typing import Annotated

import typer

from db import audit, lines, trunks
from db.clock import now
from db.engine import Database
from db.trunks import TrunkLine
from everline.terminal import columns, with_database

app = typer.Typer(name="trunk", no_args_is_help=True, help=__doc__)

_Name = Annotated[str, typer.Argument(help="Name of the trunk, for example provider-1.")]


@app.command()
def add(
    name: _Name,
    host: Annotated[str, typer.Option(help="Where calls out are sent: host or host:port.")],
    match: Annotated[
        str | None,
        typer.Option(help="Addresses or networks that its calls come from, separated by commas; the host by default."),
    ] = None,
) -> None:
    """Add a trunk. Calls from its addresses are let in without a password."""

    async def work(database: Database) -> None:
        line = lines.checked_trunk(name, host, match or host.rpartition(":")[0] or host)
        async with database.write() as session:
            await trunks.add(session, line)
            await audit.note(session, None, "trunk.added", name, {"host": line.host, "match": line.match}, now())

    with_database(work)
    typer.echo(f"The trunk {name} is there. Lead its numbers to a queue with: everline number add")


@app.command(name="list")
def list_trunks() -> None:
    """List the trunks."""

    async def work(database: Database) -> list[TrunkLine]:
        async with database.read() as session:
            return list(await trunks.listing(session))

    columns(
        ("NAME", "HOST", "CALLS COME FROM"),
        [(found.name, found.host, found.match) for found in with_database(work)],
        empty="There are no trunks yet. Add one with: everline trunk add provider-1 --host 192.0.2.10",
    )


@app.command()
def remove(name: _Name) -> None:
    """Remove a trunk. A call in progress goes on."""

    async def work(database: Database) -> None:
        async with database.write() as session:
            await trunks.remove(session, name, now())
            await audit.note(session, None, "trunk.removed", name, {}, now())

    with_database(work)
    typer.echo(f"The trunk {name} is gone.")
