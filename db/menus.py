"""Choices by key before a queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from db import audit
from db.engine import AnySession, WriteSession
from db.errors import AlreadyTakenError, NotFoundError, UnusableValueError
from db.models import Menu, MenuOption, Queue
from db.texts import checked_name, is_sound
from domain import ids, menu

_KEYS = frozenset("0123456789*#")
_MOST_SOUNDS = 30


@dataclass(frozen=True)
class NewMenu:
    """A menu as an administrator wants it: sounds, and queues by key."""

    name: str
    prompt: tuple[str, ...]
    options: tuple[tuple[str, UUID], ...]
    repeats: int = 3
    patience_seconds: int = 6
    otherwise_queue_id: UUID | None = None


async def find(session: AnySession, menu_id: UUID) -> menu.Menu | None:
    """The menu with its keys; None when there is none."""
    found = await session.get(Menu, menu_id)
    if found is None:
        return None
    options = await session.scalars(
        select(MenuOption).where(MenuOption.menu_id == menu_id).order_by(MenuOption.digit),
    )
    return menu.Menu(
        menu_id,
        found.name,
        tuple(found.prompt),
        found.repeats,
        found.patience_seconds,
        tuple((option.digit, option.queue_id) for option in options),
        found.otherwise_queue_id,
    )


async def listing(session: AnySession) -> Sequence[menu.Menu]:
    """All menus, by name."""
    found = await session.scalars(select(Menu.id).order_by(func.lower(Menu.name)))
    menus = [await find(session, menu_id) for menu_id in found.all()]
    return [one for one in menus if one is not None]


async def add(session: WriteSession, new: NewMenu, by: UUID | None, now: datetime) -> UUID:
    """Makes a menu. Raises AlreadyTakenError, NotFoundError and UnusableValueError."""
    name = await _checked(session, new)
    made: UUID | None = await session.scalar(
        insert(Menu)
        .values(
            id=ids.uuid7(),
            name=name,
            prompt=list(new.prompt),
            repeats=new.repeats,
            patience_seconds=new.patience_seconds,
            otherwise_queue_id=new.otherwise_queue_id,
        )
        .on_conflict_do_nothing()
        .returning(Menu.id),
    )
    if made is None:
        raise AlreadyTakenError(f"There is a menu named {name} already.")
    await _fill(session, made, new)
    await audit.note(session, by, "menu.added", name, {}, now)
    return made


async def replace(session: WriteSession, menu_id: UUID, new: NewMenu, by: UUID | None, now: datetime) -> None:
    """Puts a new menu in the place of an old one; the next caller hears it. Raises NotFoundError and the others."""
    name = await _checked(session, new)
    found = await session.get(Menu, menu_id)
    if found is None:
        raise NotFoundError("There is no such menu.")
    if await session.scalar(select(Menu.id).where(func.lower(Menu.name) == name.lower(), Menu.id != menu_id)):
        raise AlreadyTakenError(f"There is a menu named {name} already.")
    found.name, found.prompt, found.repeats = name, list(new.prompt), new.repeats
    found.patience_seconds, found.otherwise_queue_id = new.patience_seconds, new.otherwise_queue_id
    await session.execute(delete(MenuOption).where(MenuOption.menu_id == menu_id))
    await _fill(session, menu_id, new)
    await audit.note(session, by, "menu.replaced", name, {}, now)


async def _fill(session: WriteSession, menu_id: UUID, new: NewMenu) -> None:
    session.add_all(MenuOption(menu_id=menu_id, digit=key, queue_id=queue_id) for key, queue_id in new.options)
    await session.flush()


async def _checked(session: AnySession, new: NewMenu) -> str:
    keys = [key for key, _ in new.options]
    if not keys or len(set(keys)) < len(keys) or not set(keys) <= _KEYS:
        raise UnusableValueError("A menu has at least one key, each once: 0 to 9, * or #.")
    if not 1 <= len(new.prompt) <= _MOST_SOUNDS or not all(is_sound(sound) for sound in new.prompt):
        raise UnusableValueError("The prompt is 1 to 30 names of sounds, such as vm-press: letters, digits, - and /.")
    if not (1 <= new.repeats <= 10 and 1 <= new.patience_seconds <= 60):
        raise UnusableValueError("A menu is repeated 1 to 10 times, and waits 1 to 60 seconds for a key.")
    wanted = {queue_id for _, queue_id in new.options} | ({new.otherwise_queue_id} - {None})
    found = set((await session.scalars(select(Queue.id).where(Queue.id.in_(wanted)))).all())
    if found != wanted:
        raise NotFoundError("There is no such queue behind a key.")
    return checked_name(new.name, "a menu")
