"""A queue's rules, checked and changed while calls wait in it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from db.audit import audit
from db.core import texts
from db.core.engine import AnySession, WriteSession
from db.core.errors import NotAllowedNowError, NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.core.texts import checked_name
from db.core.unique import or_taken
from db.models import Queue, Schedule
from db.nodes import nodes
from db.queues import wrap_up_codes
from db.routing import claims
from domain.events.notice import NoticeKind
from domain.phones.keys import KEYS
from domain.queues.queue import STANDARD_MUSIC, ServiceLevel, Strategy
from domain.routing.matching import Match


@dataclass(frozen=True)
class Span:
    """What a number may be; `off` says that none at all turns the rule off."""

    lowest: int
    highest: int
    off: bool = False


SPANS: dict[str, Span] = {
    "ring_seconds": Span(5, 120),
    "wrap_up_seconds": Span(0, 3600),
    "weight": Span(0, 100),
    "no_answer_limit": Span(1, 100, off=True),
    "max_wait_seconds": Span(5, 86_400, off=True),
    "max_waiting": Span(0, 10_000, off=True),
    "aging_seconds": Span(1, 3600, off=True),
    "skill_widening_seconds": Span(1, 3600, off=True),
    "service_level_seconds": Span(1, 3600),
    "short_abandon_seconds": Span(0, 60),
    "announce_seconds": Span(15, 3600, off=True),
    "callback_attempts": Span(1, 10),
    "callback_busy_seconds": Span(10, 86_400),
    "callback_no_answer_seconds": Span(10, 86_400),
}
_CHOICES: dict[str, frozenset[str]] = {
    "strategy": frozenset(Strategy),
    "service_level_formula": frozenset(ServiceLevel),
}


@dataclass(frozen=True)
class _Other:
    """A rule that is neither a number nor a choice, and the sentence that says what it may be."""

    allows: Callable[[object], bool]
    sentence: str


_OTHERS = {
    **{
        flag: _Other(lambda value: isinstance(value, bool), f"{flag} is true or false.")
        for flag in ("announce_position", "announce_wait", "recorded", "wrap_up_code_required")
    },
    "music": _Other(
        lambda value: isinstance(value, str), "music is the name of what callers wait to, for example default."
    ),
    "callback_key": _Other(
        lambda value: value is None or value in KEYS,
        "callback_key is one key of a telephone, or none to offer no callbacks.",
    ),
    "shown_number": _Other(
        lambda value: value is None or (isinstance(value, str) and re.fullmatch(r"\+?[0-9]{2,20}", value) is not None),
        "shown_number is a number of ours that the queue's customers see, like +49301230, or none.",
    ),
    "schedule_id": _Other(
        lambda value: value is None or isinstance(value, UUID),
        "schedule_id is the id of opening hours, or none to be always open.",
    ),
}
SETTINGS = (*SPANS, *_CHOICES, *_OTHERS)
"""The names of all rules that can be changed."""


async def get(session: AnySession, queue_id: UUID) -> dict[str, Any]:
    """Every rule of a queue by its name. Raises NotFoundError."""
    queue = await session.get(Queue, queue_id)
    if queue is None:
        raise NotFoundError("There is no such queue.")
    return {name: getattr(queue, name) for name in SETTINGS}


async def change(
    session: WriteSession, queue_id: UUID, changes: Mapping[str, Any], by: UUID | None, now: datetime
) -> list[Match]:
    """Changes the given rules, or the name, and nothing else; None turns a rule off that can be.

    Returns the calls it served. Raises NotFoundError, AlreadyTakenError for a name in use, NotAllowedNowError, and
    UnusableValueError for a value that cannot be meant.
    """
    wanted = {name: value for name, value in changes.items() if name != "name"}
    for name, value in wanted.items():
        _check(name, value)
    if "name" in changes:
        wanted["name"] = _checked_name(changes["name"])
    await _check_others(session, queue_id, wanted)
    # The row cannot be taken away, nor changed by somebody else, until this is done.
    await claims.lock(session)
    await get(session, queue_id)
    if wanted:
        async with or_taken(session, f"There is a queue named {wanted.get('name')} already. Choose another name."):
            await session.execute(update(Queue).where(Queue.id == queue_id).values(**wanted))
    facts = {name: str(value) if isinstance(value, UUID) else value for name, value in wanted.items()}
    await audit.note(session, by, "queue.changed", str(queue_id), facts, now)
    publish(session, Notice(NoticeKind.QUEUE_CHANGED, None, queue_id))
    if "name" in wanted:
        publish(session, Notice(NoticeKind.QUEUE_RENAMED, None, queue_id))
    # A rule may have kept a call from its agent until now.
    return await claims.match(session, [queue_id], now)


async def _check_others(session: WriteSession, queue_id: UUID, wanted: Mapping[str, Any]) -> None:
    """What a rule needs besides its value."""
    schedule_id = wanted.get("schedule_id")
    if schedule_id is not None and await session.get(Schedule, schedule_id) is None:
        raise UnusableValueError("There are no such opening hours.")
    music = wanted.get("music", STANDARD_MUSIC)
    if music != STANDARD_MUSIC and music not in (there := await nodes.music(session)):
        raise UnusableValueError(
            f"There is no music {music}. {texts.known('music folders', there)} "
            "Put sound files into a folder of that name below the centre's folder music, and start the centre again."
        )
    if wanted.get("wrap_up_code_required") and not await wrap_up_codes.of_queues(session, [queue_id]):
        raise NotAllowedNowError("There is no wrap-up code that agents could give. Add one first.")


def _checked_name(name: object) -> str:
    if not isinstance(name, str):
        raise UnusableValueError("name is a text.")
    return checked_name(name, "a queue", needs_letter=True)


def _check(name: str, value: object) -> None:
    if name in SPANS:
        _check_span(name, value, SPANS[name])
    elif name in _CHOICES:
        if value not in _CHOICES[name]:
            raise UnusableValueError(f"{name} is one of these: {', '.join(sorted(_CHOICES[name]))}.")
    elif name not in _OTHERS:
        raise UnusableValueError(f"{name} is no rule of a queue. The rules are {', '.join(SETTINGS)}.")
    elif not _OTHERS[name].allows(value):
        raise UnusableValueError(_OTHERS[name].sentence)


def _check_span(name: str, value: object, span: Span) -> None:
    if value is None and span.off:
        return
    # True is a number to Python, but not to whoever asks.
    if not isinstance(value, int) or isinstance(value, bool) or not span.lowest <= value <= span.highest:
        off = ", or none to turn it off" if span.off else ""
        raise UnusableValueError(f"{name} is a whole number from {span.lowest} to {span.highest}{off}.")
