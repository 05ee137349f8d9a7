"""Choices by key before a queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import AlreadyTakenError, NotAllowedNowError, NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.core.texts import checked_name, is_sound, known, listed
from db.core.unique import or_taken
from db.models import Menu, MenuOption, Number, Queue
from domain.calls import ids
from domain.events.notice import NoticeKind
from domain.inbound import menu
from domain.phones.keys import KEYS

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


async def named(session: AnySession, name: str) -> menu.Menu:
    """The menu of that name. Raises NotFoundError, which names the menus there are."""
    menu_id = await session.scalar(select(Menu.id).where(func.lower(Menu.name) == name.lower()))
    found = await find(session, menu_id) if menu_id is not None else None
    if found is None:
        names = [one.name for one in await listing(session)]
        raise NotFoundError(f"There is no menu {name}. {known('menus', names)}")
    return found


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
        raise AlreadyTakenError(_taken(name))
    await _fill(session, made, new)
    await audit.note(session, by, "menu.added", str(made), _facts(name, new), now)
    publish(session, Notice(NoticeKind.MENU_CHANGED))
    return made


async def replace(session: WriteSession, menu_id: UUID, new: NewMenu, by: UUID | None, now: datetime) -> None:
    """Puts a new menu in the place of an old one; the next caller hears it. Raises NotFoundError and the others."""
    name = await _checked(session, new)
    found = await session.get(Menu, menu_id, with_for_update=True)
    if found is None:
        raise NotFoundError("There is no such menu.")
    async with or_taken(session, _taken(name)):
        found.name, found.prompt, found.repeats = name, list(new.prompt), new.repeats
        found.patience_seconds, found.otherwise_queue_id = new.patience_seconds, new.otherwise_queue_id
        await session.flush()
    await session.execute(delete(MenuOption).where(MenuOption.menu_id == menu_id))
    await _fill(session, menu_id, new)
    await audit.note(session, by, "menu.replaced", str(menu_id), _facts(name, new), now)
    publish(session, Notice(NoticeKind.MENU_CHANGED))


async def remove(session: WriteSession, menu_id: UUID, by: UUID | None, now: datetime) -> None:
    """Takes a menu away; callers who hear it go on. Raises NotFoundError, and NotAllowedNowError with numbers."""
    found = await session.get(Menu, menu_id, with_for_update=True)
    if found is None:
        raise NotFoundError("There is no such menu.")
    numbers = (await session.scalars(select(Number.number).where(Number.menu_id == menu_id))).all()
    if numbers:
        there = listed(sorted(numbers))
        raise NotAllowedNowError(f"These numbers lead to {found.name}: {there}. Lead them elsewhere first.")
    await session.delete(found)
    await audit.note(session, by, "menu.removed", str(menu_id), {"name": found.name}, now)
    publish(session, Notice(NoticeKind.MENU_CHANGED))


async def _fill(session: WriteSession, menu_id: UUID, new: NewMenu) -> None:
    session.add_all(MenuOption(menu_id=menu_id, digit=key, queue_id=queue_id) for key, queue_id in new.options)
    await session.flush()


def _taken(name: str) -> str:
    return f"There is a menu named {name} already. Choose another name."


def _facts(name: str, new: NewMenu) -> dict[str, object]:
    return {"name": name, "options": {key: str(queue_id) for key, queue_id in new.options}}


async def _checked(session: AnySession, new: NewMenu) -> str:
    keys = [key for key, _ in new.options]
    if not keys or len(set(keys)) < len(keys) or not set(keys) <= KEYS:
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
