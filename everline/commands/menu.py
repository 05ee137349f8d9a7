"""Menus: a choice by key before a queue."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

import typer

from db.core.clock import now
from db.core.engine import AnySession, ReadSession, WriteSession
from db.inbound import menus
from db.inbound.menus import NewMenu
from db.queues import queues
from everline.sounds import check_sounds
from everline.terminal import CommandError, changing, columns, reading

app = typer.Typer(name="menu", no_args_is_help=True, help=__doc__)

_Name = Annotated[str, typer.Argument(metavar="MENU", help="Name of the menu, for example Front.")]
_Say = Annotated[str, typer.Option(help="Sounds, spoken one after the other: vm-press,digits/1,for,support.")]
_Keys = Annotated[list[str], typer.Option("--key", metavar="KEY=QUEUE", help="1=Support; repeat it for every key.")]
_Otherwise = Annotated[str | None, typer.Option(help="The queue of those who press no key; they are hung up without.")]
_Repeats = Annotated[int, typer.Option(help="How often the menu is spoken, 1 to 10.")]
_Patience = Annotated[int, typer.Option(help="Seconds to wait for a key, 1 to 60.")]


@app.command()
def add(  # noqa: PLR0913, PLR0917 - each is an option of its own on the command line
    name: _Name, say: _Say, key: _Keys, otherwise: _Otherwise = None, repeats: _Repeats = 3, patience: _Patience = 6
) -> None:
    """Make a menu."""
    said = _sounds(say)

    async def work(session: WriteSession) -> None:
        otherwise_id = await _queue_id(session, otherwise)
        new = NewMenu(name, said, await _options(session, key), repeats, patience, otherwise_id)
        await menus.add(session, new, None, now())

    changing(work)
    typer.echo(f"The menu {name} is there. Lead a number to it with: everline number add 5000 --menu {name!r}")


@app.command(name="set")
def change(  # noqa: PLR0913, PLR0917 - each is an option of its own on the command line
    name: _Name,
    say: Annotated[str | None, typer.Option(help="Other sounds.")] = None,
    key: Annotated[list[str] | None, typer.Option("--key", metavar="KEY=QUEUE", help="All keys anew.")] = None,
    otherwise: Annotated[str | None, typer.Option(help="The queue of those who press no key, or none.")] = None,
    repeats: Annotated[int | None, typer.Option(help="How often the menu is spoken, 1 to 10.")] = None,
    patience: Annotated[int | None, typer.Option(help="Seconds to wait for a key, 1 to 60.")] = None,
    rename: Annotated[str | None, typer.Option(help="Another name.")] = None,
) -> None:
    """Change a menu; what is not given stays. The next caller hears it."""
    said = _sounds(say) if say else None

    async def work(session: WriteSession) -> None:
        there = await menus.named(session, name)
        new = NewMenu(
            rename or there.name,
            said or there.prompt,
            await _options(session, key) if key else there.options,
            there.repeats if repeats is None else repeats,
            there.patience_seconds if patience is None else patience,
            there.otherwise_queue_id,
        )
        if otherwise:
            kept = None if otherwise.lower() == "none" else await queues.find(session, otherwise)
            new = replace(new, otherwise_queue_id=kept)
        await menus.replace(session, there.menu_id, new, None, now())

    changing(work)
    typer.echo(f"The menu {rename or name} has changed.")


@app.command()
def remove(name: _Name) -> None:
    """Take a menu away that no number leads to."""

    async def work(session: WriteSession) -> None:
        await menus.remove(session, (await menus.named(session, name)).menu_id, None, now())

    changing(work)
    typer.echo(f"The menu {name} is gone.")


@app.command(name="list")
def list_menus() -> None:
    """List the menus."""

    async def work(session: ReadSession) -> list[tuple[str, ...]]:
        names = {queue.queue_id: queue.name for queue in await queues.listing(session)}
        return [
            (
                menu.name,
                ",".join(menu.prompt),
                ", ".join(f"{key}={names[queue_id]}" for key, queue_id in menu.options),
                names[menu.otherwise_queue_id] if menu.otherwise_queue_id else "hang up",
                f"{menu.repeats} times, {menu.patience_seconds} s",
            )
            for menu in await menus.listing(session)
        ]

    columns(
        ("NAME", "SAYS", "KEYS", "OTHERWISE", "PATIENCE"),
        reading(work),
        empty="There are no menus yet. Add one with: everline menu add Front --say vm-press,digits/1 --key 1=Support",
    )


def _sounds(text: str) -> tuple[str, ...]:
    sounds = tuple(part.strip() for part in text.split(","))
    check_sounds(sounds)
    return sounds


async def _options(session: AnySession, keys: list[str]) -> tuple[tuple[str, UUID], ...]:
    found = []
    for text in keys:
        key, equals, queue = text.partition("=")
        if not equals:
            raise CommandError(f"{text} is no key with a queue. Write it like 1=Support.")
        found.append((key.strip(), await queues.find(session, queue.strip())))
    return tuple(found)


async def _queue_id(session: AnySession, queue: str | None) -> UUID | None:
    return await queues.find(session, queue) if queue else None
