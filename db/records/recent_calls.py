"""The list of past calls, of everybody or of one agent, part by part, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select, true

from db.core.clock import now
from db.core.engine import AnySession
from db.models import Cdr
from db.records.own_past import CLOCKS_DIFFER, MINE, MISSED_BY_ME, RINGS_END, newest, within
from db.records.past_calls import PastCall, columns, completed, past_call
from domain.calls.call import CallType, Disposition

Place = tuple[datetime, str]
"""Where a part of a list ends: the moment and the id of its last call."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND, _DAY = timedelta(microseconds=1), timedelta(days=1)
_SPANS = (timedelta(days=31), None, None, None)
"""How far back is looked for the rest of a part. Most parts are full with the first, which reads two months."""
_RINGS = 1000
"""Rings that are looked through at a time: most are answered, and some ring several times."""

_UNSERVED = and_(Cdr.type == CallType.INBOUND, Cdr.disposition != Disposition.ANSWERED)


def _of_all(condition: Any) -> Any:
    return newest(
        select(*columns())
        .where(condition, within(Cdr.arrived_at, Cdr.call_id))
        .order_by(Cdr.arrived_at.desc(), Cdr.call_id.desc())
        .limit(bindparam("limit"))
    )


_STATEMENTS = {
    (False, False): _of_all(true()),
    (False, True): _of_all(_UNSERVED),
    (True, False): MINE,
    (True, True): MISSED_BY_ME,
}
"""By whether they are one agent's, and whether only what was missed."""
_COUNTS = {which: select(func.count()).select_from(statement.subquery()) for which, statement in _STATEMENTS.items()}


@dataclass(frozen=True)
class CallFilter:
    """Which calls a list has: those of one user, or of all; since a moment; perhaps only those that were missed.

    Of all, those were missed whose callers nobody served.
    """

    user_id: UUID | None = None
    missed: bool = False
    since: datetime | None = None

    @property
    def kind(self) -> tuple[bool, bool]:
        """Which statement lists them."""
        return self.user_id is not None, self.missed


@dataclass(frozen=True)
class Part:
    """A part of the list, and where the next one begins; it may be short, or empty, and still not be the last."""

    items: Sequence[PastCall]
    next: Place | None


async def listing(session: AnySession, wanted: CallFilter, limit: int, before: Place | None = None) -> Part:
    """The newest calls before a place, or of all."""
    found: list[PastCall] = []
    place = before or (now() + _DAY, "")
    ended = False
    for span in _SPANS:
        since, ended = await _since(session, wanted, place[0], span)
        values = {**_values(wanted, place, since), "limit": limit + 1 - len(found)}
        found += [past_call(row) for row in await session.execute(_STATEMENTS[wanted.kind], values)]
        if ended or len(found) > limit:
            break
        # Exactly at `since` belongs to what was looked through.
        place = (since, "")
    shown = await completed(session, found[:limit], wanted.user_id)
    if len(found) > limit:
        return Part(shown, (shown[-1].started_at, shown[-1].call_id))
    return Part(shown, None if ended else place)


async def count(session: AnySession, wanted: CallFilter, most: int) -> int | None:
    """How many there are, counted up to `most`; None when one would have to look through too much to know."""
    place = (now() + _DAY, "")
    since, ended = await _since(session, wanted, place[0], None)
    values = {**_values(wanted, place, since), "limit": most}
    found = await session.scalar(_COUNTS[wanted.kind], values) or 0
    return found if ended or found >= most else None


def _values(wanted: CallFilter, place: Place, since: datetime) -> dict[str, Any]:
    about = {"user_id": wanted.user_id} if wanted.user_id is not None else {}
    return {**about, "since": since, "until": place[0], "last": place[1]}


async def _since(
    session: AnySession, wanted: CallFilter, until: datetime, span: timedelta | None
) -> tuple[datetime, bool]:
    """Since when calls are looked for, and whether there are none before: neither too long nor too many rings ago."""
    earliest = wanted.since or _BEGINNING
    since = earliest if span is None else max(earliest, until - span)
    if wanted.user_id is not None:
        values = {"user_id": wanted.user_id, "since": since, "until": until, "rings": _RINGS}
        rang_at = await session.scalar(RINGS_END, values)
        if rang_at is not None:
            since = max(since, min(rang_at + CLOCKS_DIFFER, until - _MICROSECOND))
    return since, since == earliest
