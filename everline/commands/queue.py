"""Queues: where calls wait, and who answers them."""

from typing import Annotated

import typer

from db import lines, queues, users
from db.accounts import checked_name
from db.clock import now
from db.engine import Database
from db.queues import NewQueue, QueueSummary
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
