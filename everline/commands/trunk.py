"""Trunks: lines to the outside world."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from db.audit import audit
from db.core.clock import now
from db.core.engine import Database, ReadSession, WriteSession
from db.dialling_rules import destinations
from db.inbound import numbers
from db.trunks import checks, registrations, trunks
from db.trunks.registrations import Registration
from db.trunks.trunks import Route, TrunkLine
from domain.trunks.carrier_words import registration_in_words
from everline import trunk_check
from everline.settings import read_running_settings
from everline.terminal import CommandError, changing, columns, facts, reading, secret, with_database
from everline.trunk_options import given, with_trunk_options

app = typer.Typer(name="trunk", no_args_is_help=True, help=__doc__)

_Name = Annotated[str, typer.Argument(help="Name of the trunk, for example provider-1.")]


@app.command()
@with_trunk_options
def add(name: _Name, **options: Any) -> None:
    """Add a trunk. Calls from its addresses are let in without a password."""
    fields = given(options)
    if "host" not in fields:
        raise CommandError("Say where its calls out are sent: --host sip.example.org")
    fields["password"] = secret("The trunk's password", wanted="username" in fields) or ""
    _take_login(name, fields)
    wanted = replace(TrunkLine(name, "", ""), **fields)

    async def work(session: WriteSession) -> None:
        line = checks.checked_trunk(wanted)
        await trunks.add(session, line)
        await audit.note(session, None, "trunk.added", name, trunks.told(line), now())

    changing(work)
    typer.echo(f"The trunk {name} is there. Lead its numbers to a queue with: everline number add")


@app.command(name="set")
@with_trunk_options
def set_trunk(name: _Name, **options: Any) -> None:
    """Change a trunk, from the next call on. What is not named stays as it is; an empty user forgets the password."""
    fields = given(options)
    password = secret("The trunk's password", wanted=bool(fields.get("username")))
    if "username" in fields:
        fields["password"] = password or ""
    _take_login(name, fields)

    async def work(session: WriteSession) -> None:
        line = checks.checked_trunk(replace(await trunks.get(session, name), **fields))
        await trunks.put(session, line)
        await audit.note(session, None, "trunk.changed", name, trunks.told(line), now())

    changing(work)
    typer.echo(f"The trunk {name} is changed.")


@app.command(name="list")
def list_trunks() -> None:
    """List the trunks, in the order in which calls go out by them, and whether we are registered with them."""

    async def work(session: ReadSession) -> list[tuple[str, ...]]:
        known = await registrations.listing(session)
        return [_row(line, known.get(line.name, [])) for line in await trunks.listing(session)]

    columns(
        ("NAME", "HOST", "CALLS COME FROM", "ORDER", "NUMBERS", "REGISTERED"),
        reading(work),
        empty="There are no trunks yet. Add one with: everline trunk add provider-1 --host 192.0.2.10",
    )


def _row(line: TrunkLine, known: Sequence[Registration]) -> tuple[str, ...]:
    numbers, comes_from = ",".join(line.prefixes) or "all", line.match or "its log-in"
    state = _states(known) if line.registers else "not wanted"
    return (line.name, line.host, comes_from, str(line.position), numbers, state)


def _states(known: Sequence[Registration]) -> str:
    return ", ".join(f"{found.node}: {found.state.value.replace('_', ' ')}" for found in known) or "not tried yet"


@app.command()
def show(name: _Name) -> None:
    """Show a trunk, and whether we are registered there; never its password."""

    async def work(session: ReadSession) -> tuple[TrunkLine, Sequence[Registration]]:
        return await trunks.get(session, name), (await registrations.listing(session)).get(name, [])

    line, known = reading(work)
    told = [(what, value if isinstance(value, str) else _words(value)) for what, value in trunks.told(line).items()]
    facts(
        told
        + [(f"registered by {found.node}", registration_in_words(name, found.state, found.status)) for found in known]
    )


@app.command()
def check(
    name: _Name,
    number: Annotated[
        str | None, typer.Option("--dial", help="Call this number for a test; who answers hears nothing.")
    ] = None,
) -> None:
    """Try a trunk, and tell in words what the carrier wants."""
    settings = read_running_settings()

    async def work(database: Database) -> tuple[TrunkLine, Route | None]:
        async with database.read() as session:
            line = await trunks.get(session, name)
            if number is None:
                return line, None
            decision = await destinations.decide(session, number, settings.region)
            if decision.number is None:
                raise CommandError(decision.sentence)
            shown = next((found.number for found in await numbers.listing(session)), "")
        return line, trunks.route(line, decision.number, shown, settings.region)

    line, route = with_database(work)

    async def tell() -> None:
        async for sentence in trunk_check.check(settings, line, route):
            typer.echo(sentence)

    asyncio.run(tell())


@app.command()
def remove(name: _Name) -> None:
    """Remove a trunk. A call in progress goes on."""

    async def work(session: WriteSession) -> None:
        await trunks.remove(session, name, now())
        await audit.note(session, None, "trunk.removed", name, {}, now())

    changing(work)
    typer.echo(f"The trunk {name} is gone.")


def _take_login(name: str, fields: dict[str, Any]) -> None:
    """Asks for the password with which the trunk logs in here, if it is to."""
    logs_in = fields.pop("login", None)
    if logs_in is not None:
        password = secret("The password with which it logs in here", wanted=logs_in)
        fields["login_digest"] = checks.login_digest(name, password or "") if logs_in else ""


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
