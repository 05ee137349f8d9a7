"""Trunks: lines to the outside world."""

import asyncio
from dataclasses import replace
from typing import Annotated, Any

import typer

from db import audit, destinations, lines, queues, trunks
from db.clock import now
from db.engine import Database, WriteSession
from db.trunks import Route, TrunkLine
from domain.number_format import NumberFormat
from domain.trunk import Dtmf, Transport
from everline import trunk_check
from everline.settings import read_running_settings
from everline.terminal import CommandError, changing, columns, facts, reading, secret, with_database

app = typer.Typer(name="trunk", no_args_is_help=True, help=__doc__)

_Name = Annotated[str, typer.Argument(help="Name of the trunk, for example provider-1.")]
_Host = Annotated[str | None, typer.Option(help="Where calls out are sent: host or host:port.")]
_Match = Annotated[
    str | None,
    typer.Option(help="Addresses or networks that its calls come from, separated by commas; the host by default."),
]
_User = Annotated[
    str | None,
    typer.Option(
        "--user", help="The user that the carrier gave you; its password is asked for, or read from the input."
    ),
]
_Register = Annotated[bool | None, typer.Option("--register/--no-register", help="Register there, to be sent calls.")]
_FromUser = Annotated[str | None, typer.Option(help="The user in From, where the carrier takes no other.")]
_FromDomain = Annotated[str | None, typer.Option(help="The domain in From.")]
_Proxy = Annotated[str | None, typer.Option(help="The outbound proxy: host or host:port.")]
_Transport = Annotated[Transport | None, typer.Option(help="By what SIP is carried.")]
_Numbers = Annotated[NumberFormat | None, typer.Option("--numbers", help="How called numbers are written to it.")]
_Callers = Annotated[NumberFormat | None, typer.Option("--callers", help="How our own number is written to it.")]
_Shown = Annotated[str | None, typer.Option(help="The one number of ours that it lets us show; empty for the queue's.")]
_Trusted = Annotated[
    bool | None, typer.Option("--trusted/--not-trusted", help="Believe the caller in its P-Asserted-Identity.")
]
_Position = Annotated[int | None, typer.Option("--order", help="Its place in the order of trunks, 0 is the first.")]
_Prefixes = Annotated[
    str | None, typer.Option(help="Only numbers that begin so go out by it: +44,+353; empty for all numbers.")
]
_Codecs = Annotated[str | None, typer.Option(help="Codecs, the best first: alaw,ulaw,g722,opus.")]
_Keys = Annotated[Dtmf | None, typer.Option("--keys", help="How pressed keys travel.")]


@app.command()
def add(  # noqa: PLR0913, PLR0917 - each is an option of the command
    name: _Name,
    host: Annotated[str, typer.Option(help="Where calls out are sent: host or host:port.")],
    match: _Match = None,
    username: _User = None,
    registers: _Register = None,
    from_user: _FromUser = None,
    from_domain: _FromDomain = None,
    proxy: _Proxy = None,
    transport: _Transport = None,
    number_format: _Numbers = None,
    caller_format: _Callers = None,
    shown: _Shown = None,
    trusted: _Trusted = None,
    position: _Position = None,
    prefixes: _Prefixes = None,
    codecs: _Codecs = None,
    dtmf: _Keys = None,
) -> None:
    """Add a trunk. Calls from its addresses are let in without a password."""
    given = _given(locals())
    password = secret("The trunk's password", wanted=username is not None)
    wanted = replace(TrunkLine(name, host, ""), **{**given, "password": password or ""})

    async def work(session: WriteSession) -> None:
        line = lines.checked_trunk(wanted)
        await trunks.add(session, line)
        await audit.note(session, None, "trunk.added", name, trunks.told(line), now())

    changing(work)
    typer.echo(f"The trunk {name} is there. Lead its numbers to a queue with: everline number add")


@app.command(name="set")
def set_trunk(  # noqa: PLR0913, PLR0917 - each is an option of the command
    name: _Name,
    host: _Host = None,
    match: _Match = None,
    username: _User = None,
    registers: _Register = None,
    from_user: _FromUser = None,
    from_domain: _FromDomain = None,
    proxy: _Proxy = None,
    transport: _Transport = None,
    number_format: _Numbers = None,
    caller_format: _Callers = None,
    shown: _Shown = None,
    trusted: _Trusted = None,
    position: _Position = None,
    prefixes: _Prefixes = None,
    codecs: _Codecs = None,
    dtmf: _Keys = None,
) -> None:
    """Change a trunk, from the next call on. What is not named stays as it is; an empty user forgets the password."""
    given = _given(locals())
    password = secret("The trunk's password", wanted=bool(username))
    if username is not None:
        given["password"] = password or ""

    async def work(session: WriteSession) -> None:
        line = lines.checked_trunk(replace(await trunks.get(session, name), **given))
        await trunks.put(session, line)
        await audit.note(session, None, "trunk.changed", name, trunks.told(line), now())

    changing(work)
    typer.echo(f"The trunk {name} is changed.")


@app.command(name="list")
def list_trunks() -> None:
    """List the trunks, in the order in which calls go out by them."""
    columns(
        ("NAME", "HOST", "CALLS COME FROM", "ORDER", "NUMBERS"),
        [
            (found.name, found.host, found.match, str(found.position), ",".join(found.prefixes) or "all")
            for found in reading(trunks.listing)
        ],
        empty="There are no trunks yet. Add one with: everline trunk add provider-1 --host 192.0.2.10",
    )


@app.command()
def show(name: _Name) -> None:
    """Show a trunk; never its password."""
    line = reading(lambda session: trunks.get(session, name))
    facts([(what, value if isinstance(value, str) else _words(value)) for what, value in trunks.told(line).items()])


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
            shown = line.shown or next((found.number for found in await queues.numbers(session)), "")
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


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were typed, as fields of the trunk."""
    given = {key: value for key, value in options.items() if value is not None and key != "name"}
    if "prefixes" in given:
        given["prefixes"] = tuple(part.strip() for part in given["prefixes"].split(",") if part.strip())
    return given


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
