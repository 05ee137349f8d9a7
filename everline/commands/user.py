"""Users: who may log in, and with which phone."""

from typing import Annotated

import typer

from db.accounts import account_changes, accounts
from db.accounts.account_changes import AccountChanges, ChangedPhone, PhoneChanges
from db.accounts.accounts import AccountRequest, NewAccount
from db.core.clock import now
from db.core.engine import ReadSession, WriteSession
from db.queues import memberships, queues
from db.queues.memberships import Membership
from db.users import users
from domain.agents.agent import ExtensionKind, Role
from everline.settings import read_running_settings
from everline.terminal import changing, columns, facts, reading, secret

app = typer.Typer(name="user", no_args_is_help=True, help=__doc__)

_AskPassword = Annotated[
    bool, typer.Option("--password", help="Ask for the password instead of making one; a pipe's line is taken.")
]
_AskSecret = Annotated[
    bool, typer.Option("--sip-secret", help="Ask for the secret of a SIP phone instead of making one; as --password.")
]
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
    queue: Annotated[list[str] | None, typer.Option(help="Queue to take calls of; may be repeated.")] = None,
    *,
    password: _AskPassword = False,
    sip_secret: _AskSecret = False,
) -> None:
    """Add a user, and show once how to log in. Password and secret are random unless you ask to be asked."""
    chosen, chosen_secret = secret("Password", wanted=password), secret("SIP secret", wanted=sip_secret)
    request = AccountRequest(name, role, kind, agent_id, chosen, extension, chosen_secret, password_is_given=True)

    async def work(session: WriteSession) -> NewAccount:
        made = await accounts.create(session, request, now())
        for wanted in queue or []:
            queue_id = await queues.find(session, wanted)
            await memberships.put(session, queue_id, made.user_id, Membership(), None, now())
        return made

    made = changing(work)
    typer.echo(f"{made.name} can log in now, and chooses a password then. What is secret is shown only this once.")
    facts(login_facts(made))


def login_facts(made: NewAccount) -> list[tuple[str, str]]:
    """What a new user needs to know."""
    shown = [
        ("Agent name", made.name),
        ("Agent id", made.agent_id),
        ("Password", made.password),
        ("Role", made.role.value),
    ]
    return shown + _phone_facts(made.extension, made.kind, made.sip_secret)


def _phone_facts(number: str, kind: ExtensionKind, sip_secret: str | None) -> list[tuple[str, str]]:
    shown = [("Extension", f"{number} ({kind.value})")]
    if sip_secret is not None:
        settings = read_running_settings()
        shown += [
            ("SIP server", f"{settings.sip_address}:{settings.sip_port}"),
            ("SIP user", number),
            ("SIP secret", sip_secret),
        ]
    return shown


@app.command(name="list")
def list_users() -> None:
    """List the users."""

    async def work(session: ReadSession) -> list[tuple[str, ...]]:
        return [
            (found.agent_id, found.name, found.role.value, found.extension or "none", found.kind or "")
            for found in await users.everyone(session)
        ]

    columns(
        ("AGENT ID", "NAME", "ROLE", "EXTENSION", "PHONE"),
        reading(work),
        empty='There are no users yet. Add one with: everline user add "Anna Berg"',
    )


@app.command(name="set")
def change(
    name: _Name,
    role: Annotated[Role | None, typer.Option(help="What the user may do from now on.")] = None,
    rename: Annotated[str | None, typer.Option(help="Another name.")] = None,
    agent_id: Annotated[str | None, typer.Option(help="Another agent id.")] = None,
    shown: Annotated[
        str | None, typer.Option(help="The number of ours that those see whom the user calls; empty for a queue's.")
    ] = None,
) -> None:
    """Change a user's role, name, agent id or number shown. It takes effect at once, also on open pages."""
    changes = AccountChanges(rename, agent_id, role, shown)

    async def work(session: WriteSession) -> users.Account:
        return await account_changes.change(session, await users.find(session, name), changes, now())

    account = changing(work)
    typer.echo(f"{account.name} has the agent id {account.agent_id} and the role {account.role}.")


@app.command()
def set_phone(
    name: _Name,
    number: Annotated[str | None, typer.Option(help="Another extension.")] = None,
    kind: Annotated[ExtensionKind | None, typer.Option(help="The browser, or a desk or soft phone.")] = None,
    *,
    sip_secret: _AskSecret = False,
) -> None:
    """Give a user another number or kind of phone, and log the user out, whose page has the old one."""
    changes = PhoneChanges(number, kind, secret("SIP secret", wanted=sip_secret))

    async def work(session: WriteSession) -> tuple[str, ChangedPhone]:
        account = await users.find(session, name)
        return account.name, await account_changes.change_phone(session, account, changes, now())

    who, phone = changing(work)
    typer.echo(f"{who} has another phone now. What is secret is shown only this once.")
    facts(_phone_facts(phone.number, phone.kind, phone.sip_secret))


@app.command()
def remove(
    name: _Name, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether this is meant.")] = False
) -> None:
    """Remove a user: logged out for good, and without a phone. Records that name the user stay."""

    async def find(session: ReadSession) -> users.Account:
        return await users.find(session, name)

    account = reading(find)
    if not yes:
        typer.confirm(f"Remove {account.name} (agent id {account.agent_id})?", abort=True)

    async def work(session: WriteSession) -> None:
        await accounts.remove(session, account, now())

    changing(work)
    typer.echo(f"{account.name} can no longer log in, and extension {account.extension} is free.")


@app.command()
def reset_password(name: _Name, *, password: _AskPassword = False) -> None:
    """Give a user a new password, random unless you ask to be asked, and end the user's sessions."""
    chosen = secret("Password", wanted=password)

    async def work(session: WriteSession) -> tuple[str, str]:
        account = await users.find(session, name)
        return account.name, await accounts.reset_password(session, account, chosen, now())

    who, made = changing(work)
    typer.echo(f"{who} has the new password." if chosen else f"The password of {who} is now: {made}")
    typer.echo(f"{who} chooses another one at the next log-in.")


@app.command()
def forget_failed_logins(name: _Name) -> None:
    """Let a user log in without waiting, however many wrong passwords there were before."""

    async def work(session: WriteSession) -> tuple[str, int]:
        account = await users.find(session, name)
        return account.name, await accounts.forget_failed_logins(session, account, now())

    who, forgotten = changing(work)
    typer.echo(f"{who} can log in at once; {forgotten} failed log-ins are forgotten.")


@app.command()
def reset_sip_secret(name: _Name) -> None:
    """Give a user's SIP phone a new secret, and show it once."""

    async def work(session: WriteSession) -> tuple[str | None, str]:
        account = await users.find(session, name)
        return account.extension, await accounts.reset_sip_secret(session, account, now())

    extension, secret = changing(work)
    typer.echo(f"The SIP secret of extension {extension} is now: {secret}")
