"""Destinations: which numbers may be called."""

from typing import Annotated

import typer

from db.core.clock import now
from db.core.engine import ReadSession, WriteSession
from db.dialling_rules import destinations
from db.dialling_rules.destinations import Destination, NewDestination
from domain.dialling_rules.destinations import Decision
from everline.settings import read_running_settings
from everline.terminal import changing, columns, reading

app = typer.Typer(name="destination", no_args_is_help=True, help=__doc__)

_Prefix = Annotated[str, typer.Argument(help="A + and the first digits of the numbers, for example +44 or +1900.")]


@app.command()
def add(
    prefix: _Prefix,
    name: Annotated[str | None, typer.Option(help='What it is, for example "United Kingdom".')] = None,
    *,
    deny: Annotated[bool, typer.Option("--deny", help="Forbid the numbers, also those of the own country.")] = False,
) -> None:
    """Let numbers be called that begin so, or forbid them, from the next call on. The longest prefix decides."""

    async def work(session: WriteSession) -> Destination:
        return await destinations.add(session, NewDestination(prefix, not deny, name), None, now())

    made = changing(work)
    typer.echo(f"Numbers that begin with {made.prefix} {'may' if made.allowed else 'may not'} be called.")


@app.command()
def remove(prefix: _Prefix) -> None:
    """Take a destination away. Calls that go on are not ended."""

    async def work(session: WriteSession) -> None:
        await destinations.remove(session, await destinations.find(session, prefix), None, now())

    changing(work)
    typer.echo(f"There is no rule for {prefix} any more.")


@app.command(name="list")
def list_destinations() -> None:
    """List the destinations. Ordinary numbers of the own country need none."""

    async def work(session: ReadSession) -> list[tuple[str, ...]]:
        return [
            (rule.prefix, "allowed" if rule.allowed else "denied", rule.name or "")
            for rule in await destinations.listing(session)
        ]

    columns(
        ("PREFIX", "CALLS ARE", "NAME"),
        reading(work),
        empty=(
            f"There are none: only ordinary numbers of {read_running_settings().region} may be called."
            " Allow others with: everline destination add +44"
        ),
    )


@app.command()
def check(number: Annotated[str, typer.Argument(help="A number as an agent would type it.")]) -> None:
    """Tell whether a number may be called. Nothing is dialled."""
    region = read_running_settings().region

    async def work(session: ReadSession) -> Decision:
        return await destinations.decide(session, number, region)

    decision = reading(work)
    by = f" The destination {decision.rule.prefix} decides." if decision.rule else ""
    typer.echo((decision.sentence or f"{decision.number} may be called.") + by)
