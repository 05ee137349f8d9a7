"""Days and times as people type and read them."""

import re
from collections.abc import Sequence
from datetime import date, time

from db.inbound.schedules import SpecialDay, WeekdaySpan
from everline.terminal import CommandError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_TIMES = re.compile(f"({_CLOCK})-({_CLOCK}|24:00)")
_MIDNIGHT = {"24:00": "00:00"}


def weekdays(text: str) -> list[int]:
    """Weekdays, Monday is 0, of words such as "mon-fri,sun". Raises CommandError."""
    found: set[int] = set()
    for part in text.lower().split(","):
        first, _, last = part.strip().partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise CommandError(f"{part.strip()} is no day. Write days like mon-fri or sat,sun.")
        at = DAYS.index(first)
        # From Saturday to Monday is three days, too.
        found |= {(at + step) % len(DAYS) for step in range((DAYS.index(last or first) - at) % len(DAYS) + 1)}
    return sorted(found)


def span(text: str) -> tuple[time, time]:
    """From when until when, of words such as "09:00-17:30"; 24:00 is the day's end. Raises CommandError."""
    found = _TIMES.fullmatch(text.strip())
    clocks = [time.fromisoformat(_MIDNIGHT.get(part, part)) for part in found.groups()] if found else []
    if len(clocks) != 2:
        raise CommandError(f"{text} is no span of time. Write it like 09:00-17:30.")
    return clocks[0], clocks[1]


def day(text: str) -> date:
    """A day, written as in 2026-12-25. Raises CommandError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is no day. Write it like 2026-12-25.") from None


def shown_week(spans: Sequence[WeekdaySpan]) -> str:
    """A week in words; days that are alike in a row stand together."""
    days = [", ".join(_shown(one.opens, one.closes) for one in spans if one.weekday == at) for at in range(len(DAYS))]
    parts: list[str] = []
    first = 0
    for at in range(1, len(DAYS) + 1):
        if at < len(DAYS) and days[at] == days[first]:
            continue
        if days[first]:
            names = DAYS[first] if at - first == 1 else f"{DAYS[first]}-{DAYS[at - 1]}"
            parts.append(f"{names} {days[first]}")
        first = at
    return "; ".join(parts) or "never"


def shown_day(special: SpecialDay) -> str:
    """When a holiday is open."""
    if special.opens is None or special.closes is None:
        return "closed"
    return _shown(special.opens, special.closes)


def _shown(opens: time, closes: time) -> str:
    return f"{opens:%H:%M}-{f'{closes:%H:%M}' if closes != time() else '24:00'}"
