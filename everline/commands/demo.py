"""A centre to try: users, a queue, a number, and a caller with a voice."""

import asyncio
from typing import Annotated

import typer

from db.core.clock import now
from db.core.engine import Database
from everline import demo
from everline.commands.user import login_facts
from everline.demo import DemoUser
from everline.settings import read_running_settings
from everline.stack.program import portal_address
from everline.terminal import facts, with_database

app = typer.Typer(name="demo", help=__doc__)


@app.callback(invoke_without_command=True)
def prepare(
    context: typer.Context,
    *,
    reset: Annotated[bool, typer.Option("--reset", help="Give the demo's users new passwords and secrets.")] = False,
) -> None:
    """Make two agents, a supervisor, a queue and a number, and tell how to take the first call.

    What is there already stays as it is.
    """
    if context.invoked_subcommand is not None:
        return

    async def work(database: Database) -> list[DemoUser]:
        return await demo.prepare(database, now(), reset=reset)

    prepared = with_database(work)
    for user in prepared:
        _show(user)
    _tell_what_next(known=any(user.made is None for user in prepared))


def _show(user: DemoUser) -> None:
    typer.echo(f"\n{user.name}")
    if user.made is None:
        facts([("Agent id", user.agent_id), ("Password", "as it was"), ("Extension", user.extension)])
    else:
        facts(login_facts(user.made)[1:])


def _tell_what_next(*, known: bool) -> None:
    address = portal_address(read_running_settings())
    typer.echo(f"\nThe number {demo.NUMBER} leads to the queue {demo.QUEUE}. To take the first call:")
    typer.echo(f"  1. Open {address} and log in as {demo.WEB_AGENT.name}.")
    typer.echo("  2. In another terminal: .venv/bin/everline demo call")
    typer.echo("  3. Press Answer in the portal, and allow the microphone.")
    if known:
        typer.echo("\nPasswords are kept nowhere in clear: `everline demo --reset` makes new ones.")


@app.command()
def call(
    number: Annotated[str, typer.Option(help="Which number of the centre to call.")] = demo.NUMBER,
) -> None:
    """Place a real SIP call, with a voice in it, to a number of the centre."""

    async def work(database: Database) -> str:
        return await demo.check_number(database, number)

    queue = with_database(work)
    asyncio.run(demo.call(read_running_settings(), number))
    typer.echo(f"{demo.CALLER_NAME} is calling {number} and waits in {queue}. Answer in the portal or on the phone.")
