"""Numbers: what callers dial, and where it leads."""

from typing import Annotated

import typer

from db import lines, queues
from db.engine import Database
from db.queues import DialledNumber
from everline.terminal import columns, with_database

app = typer.Typer(name="number", no_args_is_help=True, help=__doc__)


@app.command()
def add(
    number: Annotated[str, typer.Argument(help="The number that callers dial, as your provider sends it.")],
    queue: Annotated[str, typer.Argument(help="The queue that it leads to.")],
    priority: Annotated[int, typer.Option(help="How urgent its calls are, 1 to 99.")] = 50,
) -> None:
    """Lead a number to a queue."""

    async def work(database: Database) -> str:
        dialled = lines.checked_dialled(number)
        async with database.write() as session:
            await queues.add_number(session, dialled, await queues.find(session, queue), priority=priority)
        return dialled

    typer.echo(f"Calls to {with_database(work)} now lead to {queue}.")


@app.command()
def remove(number: Annotated[str, typer.Argument(help="The number that callers dial.")]) -> None:
    """Lead a number nowhere. Calls that are there go on."""

    async def work(database: Database) -> None:
        async with database.write() as session:
            await queues.remove_number(session, number)

    with_database(work)
    typer.echo(f"Calls to {number} now lead nowhere.")


@app.command(name="list")
def list_numbers() -> None:
    """List the numbers."""

    async def work(database: Database) -> list[DialledNumber]:
        async with database.read() as session:
            return list(await queues.numbers(session))

    columns(
        ("NUMBER", "LEADS TO", "PRIORITY"),
        [
            (found.number, f"menu {found.leads_to}" if found.is_menu else found.leads_to, str(found.priority))
            for found in with_database(work)
        ],
        empty="There are no numbers yet. Add one with: everline number add 5000 Support",
    )
