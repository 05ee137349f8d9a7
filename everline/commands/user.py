"""Users: who may log in, and with which phone."""

from typing import Annotated, Any

import typer

from db import accounts, queues, users
from db.accounts import AccountRequest, NewAccount
from db.clock import now
from db.engine import Database
from domain.agent import ExtensionKind, Role
from everline.settings import read_running_settings
from everline.terminal import columns, facts, with_database

app = typer.Typer(name="user", no_args_is_help=True, help=__doc__)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="Name or agent id.")]


@app.command()
def add(  # noqa: PLR0913, PLR0917 - each is an option of its own on the command line
    name: Annotated[str, typer.Argument(help='The name to log in with, for example "Anna Berg".')],
    role: Annotated[Role, typer.Option(help="What the user may do.")] = Role.AGENT,
    kind: Annotated[ExtensionKind, typer.Option(help="The phone: the browser, or a desk or soft phone.")] = (
        ExtensionKind.WEB
    ),
    extension: Annotated[str | None, typer.Option(help="Number of the phone; the next free one by default.")] = None,
    agent_id: Annotated[str | None, typer.Option(help="Agent id; the same as the extension by default.")] = None,
    password: Annotated[str | None, typer.Option(help="Password; a random one is made and shown by default.")] = None,
    sip_secret: Annotated[str | None, typer.Option(help="Secret of a SIP phone; random by default.")] = None,
    queue: Annotated[list[str] | None, typer.Option(help="Queue to take calls of; may be repeated.")] = None,
) -> None:
    """Add a user, and show once how to log in."""
    request = AccountRequest(name, role, kind, agent_id, password, extension, sip_secret)

    async def work(database: Database) -> NewAccount:
        async with database.write() as session:
            made = await accounts.create(session, request, now())
            for wanted in queue or []:
                await queues.add_member(session, await queues.find(session, wanted), made.user_id)
            return made

    made = with_database(work)
    typer.echo(f"{made.name} can log in now. What is secret is shown only this once.")
    facts(login_facts(made))


def login_facts(made: NewAccount) -> list[tuple[str, str]]:
    """What a new user needs to know."""
    shown = [
        ("Agent name", made.name),
        ("Agent id", made.agent_id),
        ("Password", made.password),
        ("Role", made.role.value),
        ("Extension", f"{made.extension} ({made.kind.value})"),
    ]
    if made.sip_secret is not None:
        settings = read_running_settings()
        shown += [
            ("SIP server", f"{settings.sip_address}:{settings.sip_port}"),
            ("SIP user", made.extension),
            ("SIP secret", made.sip_secret),
        ]
    return shown


@app.command(name="list")
def list_users() -> None:
    """List the users."""

    async def work(database: Database) -> list[tuple[str, ...]]:
        async with database.read() as session:
            return [
                (found.agent_id, found.name, found.role.value, found.extension or "none", found.kind or "")
                for found in await users.everyone(session)
            ]

    columns(
        ("AGENT ID", "NAME", "ROLE", "EXTENSION", "PHONE"),
        with_database(work),
        empty='There are no users yet. Add one with: everline user add "Anna Berg"',
    )


@app.command()
def remove(
    name: _Name, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether this is meant.")] = False
) -> None:
    """Remove a user: logged out for good, and without a phone. Records that name the user stay."""
    account = with_database(_finder(name))
    if not yes:
        typer.confirm(f"Remove {account.name} (agent id {account.agent_id})?", abort=True)

    async def work(database: Database) -> None:
        async with database.write() as session:
            await accounts.remove(session, account, now())

    with_database(work)
    typer.echo(f"{account.name} can no longer log in, and extension {account.extension} is free.")


@app.command()
def reset_password(
    name: _Name,
    password: Annotated[str | None, typer.Option(help="The new password; a random one by default.")] = None,
) -> None:
    """Give a user a new password, and end the user's sessions."""

    async def work(database: Database) -> tuple[users.Account, str]:
        async with database.write() as session:
            account = await users.find(session, name)
            return account, await accounts.reset_password(session, account, password, now())

    account, chosen = with_database(work)
    typer.echo(f"The password of {account.name} is now: {chosen}")


@app.command()
def reset_sip_secret(name: _Name) -> None:
    """Give a user's SIP phone a new secret, and show it once."""

    async def work(database: Database) -> tuple[users.Account, str]:
        async with database.write() as session:
            account = await users.find(session, name)
            return account, await accounts.reset_sip_secret(session, account)

    account, secret = with_database(work)
    typer.echo(f"The SIP secret of extension {account.extension} is now: {secret}")


def _finder(name: str) -> Any:
    async def work(database: Database) -> users.Account:
        async with database.read() as session:
            return await users.find(session, name)

    return work
