"""Numbers: what callers dial, and where it leads."""

from typing import Annotated

import typer

from db.core import texts
from db.core.clock import now
from db.core.engine import AnySession, ReadSession, WriteSession
from db.inbound import menus, numbers
from db.inbound.numbers import Destination, DialledNumber
from db.queues import queues
from domain.routing.matching import USUAL_PRIORITY
from everline.terminal import CommandError, changing, columns, reading

app = typer.Typer(name="number", no_args_is_help=True, help=__doc__)

_Number = Annotated[str, typer.Argument(help="The number that callers dial, as your provider sends it.")]
_Queue = Annotated[str | None, typer.Argument(help="The queue that it leads to.")]
_Menu = Annotated[str | None, typer.Option(help="The menu that it leads to, in place of a queue.")]
_Priority = Annotated[int, typer.Option(help="How urgent its calls are, 1 to 99.")]


@app.command()
def add(number: _Number, queue: _Queue = None, menu: _Menu = None, priority: _Priority = USUAL_PRIORITY) -> None:
    """Lead a number to a queue, or to a menu."""

    async def work(session: WriteSession) -> str:
        plain = texts.checked_number(number)
        return await numbers.add(session, plain, await _destination(session, queue, menu, priority), None, now())

    typer.echo(f"Calls to {changing(work)} now lead to {queue or f'the menu {menu}'}.")


@app.command(name="set")
def change(
    number: _Number,
    queue: _Queue = None,
    menu: _Menu = None,
    priority: Annotated[int | None, typer.Option(help="How urgent its calls are, 1 to 99.")] = None,
) -> None:
    """Lead a number elsewhere, or give its calls another priority, from the next call on. What is not given stays."""

    async def work(session: WriteSession) -> str:
        plain = texts.checked_number(number)
        before = next((one for one in await numbers.listing(session) if one.number == plain), None)
        urgency = priority if priority is not None else before.priority if before else USUAL_PRIORITY
        to = Destination(before.queue_id, before.menu_id, urgency) if before else Destination()
        if queue or menu:
            to = await _destination(session, queue, menu, urgency)
        return await numbers.lead(session, plain, to, None, now())

    typer.echo(f"Calls to {changing(work)} are led as you say.")


@app.command()
def remove(number: Annotated[str, typer.Argument(help="The number that callers dial.")]) -> None:
    """Lead a number nowhere. Calls that are there go on."""

    async def work(session: WriteSession) -> str:
        return await numbers.remove(session, number, None, now())

    typer.echo(f"Calls to {changing(work)} now lead nowhere.")


@app.command(name="list")
def list_numbers() -> None:
    """List the numbers."""

    async def work(session: ReadSession) -> list[DialledNumber]:
        return list(await numbers.listing(session))

    columns(
        ("NUMBER", "LEADS TO", "PRIORITY"),
        [
            (found.number, f"menu {found.leads_to}" if found.is_menu else found.leads_to, str(found.priority))
            for found in reading(work)
        ],
        empty="There are no numbers yet. Add one with: everline number add 5000 Support",
    )


async def _destination(session: AnySession, queue: str | None, menu: str | None, priority: int) -> Destination:
    if (queue is None) is (menu is None):
        raise CommandError("Name the queue that the number leads to, or a menu with --menu.")
    if queue is not None:
        return Destination(queue_id=await queues.find(session, queue), priority=priority)
    return Destination(menu_id=(await menus.named(session, menu or "")).menu_id, priority=priority)
