"""Wrap-up codes: how calls came out, given by agents with one key."""

from typing import Annotated
from uuid import UUID

import typer

from db.core.clock import now
from db.core.engine import AnySession, ReadSession, WriteSession
from db.queues import queues, wrap_up_codes
from db.queues.wrap_up_codes import NewCode
from everline.terminal import changing, columns, reading

app = typer.Typer(name="code", no_args_is_help=True, help=__doc__)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The code, for example Solved.")]
_Queue = Annotated[str | None, typer.Option(help="Only calls of this queue can have it; otherwise all.")]


@app.command()
def add(
    name: _Name,
    key: Annotated[str | None, typer.Option(help="The digit, 1 to 9, that gives it.")] = None,
    queue: _Queue = None,
) -> None:
    """Add a code at the end of the list."""

    async def work(session: WriteSession) -> None:
        await wrap_up_codes.add(session, NewCode(name, key, await _queue_id(session, queue)), None, now())

    changing(work)
    typer.echo(
        f"Agents can give calls of {queue or 'every queue'} the code {name}{f' with the key {key}' if key else ''}."
    )


@app.command()
def remove(name: _Name, queue: _Queue = None) -> None:
    """Take a code away. Calls that have it keep it."""

    async def work(session: WriteSession) -> None:
        code_id = await wrap_up_codes.find(session, name, await _queue_id(session, queue))
        await wrap_up_codes.remove(session, code_id, None, now())

    changing(work)
    typer.echo(f"The code {name} is gone.")


@app.command(name="list")
def list_codes() -> None:
    """List the codes, in the order in which agents see them."""

    async def work(session: ReadSession) -> list[tuple[str, ...]]:
        names = {queue.queue_id: queue.name for queue in await queues.listing(session)}
        return [
            (code.name, code.key or "", names.get(code.queue_id, "") if code.queue_id else "all")
            for code in await wrap_up_codes.listing(session)
        ]

    columns(
        ("CODE", "KEY", "QUEUE"),
        reading(work),
        empty="There are no wrap-up codes yet. Add one with: everline code add Solved --key 1",
    )


async def _queue_id(session: AnySession, queue: str | None) -> UUID | None:
    return await queues.find(session, queue) if queue else None
