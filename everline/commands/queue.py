"""Queues: where calls wait, and who answers them."""

from typing import Annotated

import typer

from db import lines, queue_settings, queues, users
from db.accounts import checked_name
from db.clock import now
from db.engine import Database
from db.queues import NewQueue, QueueSummary
from domain.exits import Exit, ExitAction, Occasion
from everline.terminal import columns, with_database

app = typer.Typer(name="queue", no_args_is_help=True, help=__doc__)

_Queue = Annotated[str, typer.Argument(metavar="QUEUE", help="Name of the queue.")]
_User = Annotated[str, typer.Argument(metavar="USER", help="Name or agent id of the user.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Name of the queue, for example Support.")],
    ring: Annotated[int, typer.Option(help="Seconds that an agent's phone rings.")] = queues.RING_SECONDS,
    wrap_up: Annotated[int, typer.Option(help="Seconds of wrap-up after a call.")] = queues.WRAP_UP_SECONDS,
    *,
    record: Annotated[bool, typer.Option(help="Record the calls.")] = True,
) -> None:
    """Add a queue."""

    async def work(database: Database) -> None:
        new = lines.checked_queue(NewQueue(checked_name(name), ring, wrap_up, record))
        async with database.write() as session:
            await queues.add(session, new, now())

    with_database(work)
    typer.echo(f"The queue {name} is there. Next: everline queue add-member, and everline number add.")


@app.command(name="list")
def list_queues() -> None:
    """List the queues, with their agents and numbers."""

    async def work(database: Database) -> list[QueueSummary]:
        async with database.read() as session:
            return list(await queues.listing(session))

    rows = [
        (
            found.name,
            f"{found.ring_seconds} s",
            f"{found.wrap_up_seconds} s",
            "yes" if found.recorded else "no",
            ", ".join(found.numbers) or "none",
            ", ".join(found.members) or "nobody",
        )
        for found in with_database(work)
    ]
    columns(
        ("NAME", "RING", "WRAP-UP", "RECORDED", "NUMBERS", "AGENTS"),
        rows,
        empty="There are no queues yet. Add one with: everline queue add Support",
    )


@app.command(name="set")
def change(
    queue: _Queue,
    rules: Annotated[list[str], typer.Argument(metavar="RULE=VALUE...", help="For example max_wait_seconds=60.")],
) -> None:
    """Change rules of a queue: calls that wait are served by them at their next look. The value none turns one off."""
    changes = dict(_rule(text) for text in rules)

    async def work(database: Database) -> None:
        async with database.write() as session:
            await queue_settings.change(session, await queues.find(session, queue), changes, None, now())

    with_database(work)
    typer.echo(f"{queue} now has {', '.join(f'{name}={_shown(value)}' for name, value in changes.items())}.")


@app.command()
def show(queue: _Queue) -> None:
    """Show every rule of a queue."""

    async def work(database: Database) -> tuple[dict[str, object], list[Exit]]:
        async with database.read() as session:
            queue_id = await queues.find(session, queue)
            return await queue_settings.get(session, queue_id), await queue_settings.exits(session, queue_id)

    rules, exits = with_database(work)
    rows = [(name, _shown(value)) for name, value in sorted(rules.items())]
    rows += [(f"on {one.occasion}", one.action.replace("_", "-")) for one in exits]
    columns(("RULE", "VALUE"), rows, empty="")


@app.command(name="exit")
def set_exit(
    queue: _Queue,
    on: Annotated[Occasion, typer.Option(help="When the queue does not serve a call.")],
    do: Annotated[ExitAction, typer.Option(help="Where the call goes instead.")],
    to: Annotated[str | None, typer.Option(help="The queue that takes it, with --do queue.")] = None,
    message: Annotated[str | None, typer.Option(help="The sound that the caller hears first.")] = None,
) -> None:
    """Say where calls go that the queue does not serve."""

    async def work(database: Database) -> None:
        async with database.write() as session:
            target = await queues.find(session, to) if to else None
            new = Exit(on, do, target, message)
            await queue_settings.set_exit(session, await queues.find(session, queue), new, None, now())

    with_database(work)
    typer.echo(f"When {queue} is {on.replace('_', ' ')}: {do.replace('_', ' ')}{f' {to}' if to else ''}.")


def _rule(text: str) -> tuple[str, object]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text} is no rule with a value; write it like ring_seconds=20.")
    words: dict[str, object] = {"none": None, "true": True, "yes": True, "false": False, "no": False}
    plain = value.strip().lower()
    if plain in words:
        return name, words[plain]
    # A key of the telephone is a digit, and no number.
    return name, int(plain) if plain.isdecimal() and name != "callback_key" else value.strip()


def _shown(value: object) -> str:
    if value is None:
        return "none"
    return str(value) if not isinstance(value, bool) else "yes" if value else "no"


@app.command()
def add_member(queue: _Queue, user: _User) -> None:
    """Let a user take calls of a queue."""

    async def work(database: Database) -> tuple[str, bool]:
        async with database.write() as session:
            account = await users.find(session, user)
            return account.name, await queues.add_member(session, await queues.find(session, queue), account.user_id)

    name, new = with_database(work)
    typer.echo(f"{name} takes calls of {queue}{'' if new else ' already'}.")


@app.command()
def remove_member(queue: _Queue, user: _User) -> None:
    """Stop giving a user calls of a queue. A call in progress goes on."""

    async def work(database: Database) -> tuple[str, bool]:
        async with database.write() as session:
            account = await users.find(session, user)
            return account.name, await queues.remove_member(session, await queues.find(session, queue), account.user_id)

    name, was_member = with_database(work)
    typer.echo(f"{name} takes no {'more ' if was_member else ''}calls of {queue}.")
