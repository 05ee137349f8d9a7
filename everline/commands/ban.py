"""Bans: addresses that are kept out because SIP passwords were guessed from there."""

from typing import Annotated

import typer

from db.core.clock import now
from db.core.engine import ReadSession, WriteSession
from db.phones import sip_bans
from everline.terminal import changing, columns, reading

app = typer.Typer(name="ban", no_args_is_help=True, help=__doc__)


@app.command(name="list")
def list_bans() -> None:
    """List who is kept out now."""

    async def work(session: ReadSession) -> list[tuple[str, ...]]:
        return [
            (ban.address, ban.extension, str(ban.times), f"{ban.until:%Y-%m-%d %H:%M:%S} UTC")
            for ban in await sip_bans.active(session, now())
        ]

    columns(
        ("ADDRESS", "EXTENSION TRIED", "TIMES", "UNTIL"), reading(work), empty="Nobody is kept out from SIP just now."
    )


@app.command()
def lift(address: Annotated[str, typer.Argument(help="The address, as the list has it.")]) -> None:
    """Let an address in again at once."""

    async def work(session: WriteSession) -> None:
        await sip_bans.lift(session, address, None, now())

    changing(work)
    typer.echo(f"Phones at {address} are let in again.")
