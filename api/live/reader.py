"""The one reader of the event log in this process. It reads for all pages at once, and is the only one to push."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.live import mapping
from api.live.hub import Connection, Farewell, Hub, Listener
from api.live.mapping import Wanted
from api.live.slices import read_slices
from db.core.clock import now
from db.core.engine import Database, ReadSession
from db.core.notices import CHANNEL
from db.desk import desk
from db.events import outbox
from db.events.listen import listen
from db.events.outbox import Cursor, StoredEvent
from db.users import sessions
from domain.events.notice import DeskPart
from domain.users.login_session import EndReason

log = structlog.get_logger(__name__)

_MOST_MISSED = 500
"""Events that a page gets one by one when it comes back; after more, it reads the whole desk."""
_MOST_EVENTS = 5000
"""Events that are gone through in one reading; after more, everybody reads the whole desk."""
_QUIET = 5.0
"""Seconds after which the log is read even if nothing woke the reader."""
_TROUBLE = 1.0
_AT_ONCE = 5
"""Pages that are told before other requests of this process have a turn."""
_GATHER = 0.04
"""Seconds between two readings at least, so that under load one reading serves many events."""


@dataclass
class _Round:
    """One reading: what is new for everybody, and what each newcomer has missed before."""

    cursor: Cursor
    events: Sequence[StoredEvent]
    missed: dict[Listener, Sequence[StoredEvent] | None] = field(default_factory=dict)


class EventReader:
    """Follows the event log and tells each connected page which slices changed, as they are now."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self._cursor: Cursor | None = None
        self._patience = _QUIET
        self._last_read = 0.0

    async def listen(self) -> None:
        """Wakes the reader at every notice, for ever."""
        async for _ in listen(self._database.url, CHANNEL, every=_QUIET):
            self._hub.news.set()

    async def follow(self) -> None:
        """Reads and tells, for ever."""
        while True:
            try:
                await self._read_once()
            except SQLAlchemyError as error:
                log.warning("events cannot be read, will be tried again", error=type(error).__name__)
                self._patience = _TROUBLE
            except Exception:
                log.exception("events could not be told, will be tried again")
                self._patience = _TROUBLE
            await self._wait()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._hub.news.wait()
        except TimeoutError:
            pass
        await asyncio.sleep(self._last_read + _GATHER - asyncio.get_running_loop().time())
        self._hub.news.clear()

    async def _read_once(self) -> None:
        self._last_read = asyncio.get_running_loop().time()
        self._patience = _QUIET
        if not self._hub.connections:
            # Nobody to tell: the next page begins with the log as it is then.
            self._cursor = None
            return
        newcomers = self._hub.newcomers.copy()
        async with self._database.read() as session:
            cursor = await outbox.horizon(session)
            events = await outbox.read_after(session, self._cursor or cursor, _MOST_EVENTS + 1)
            if len(events) > _MOST_EVENTS:
                events, newcomers = [], self._hub.all_as_newcomers()
            this = _Round(cursor, events)
            await self._dismiss(session, newcomers, events)
            await self._renew_visitors(session, newcomers, events)
            await self._welcome(session, newcomers, this)
            await self._tell(session, this)
        # Only now: a round that failed half-way is read again, and what it told is told twice, which does no harm.
        self._cursor = cursor
        self._hub.newcomers = [one for one in self._hub.newcomers if one not in newcomers]

    async def _dismiss(
        self, session: ReadSession, newcomers: Sequence[Connection], events: Sequence[StoredEvent]
    ) -> None:
        users = {event.user_id for event in events if mapping.ends_sessions(event)}
        doubtful = {one for one in self._hub.connections if one.visitor.user_id in users}.union(newcomers)
        if not doubtful:
            return
        endings = await sessions.endings(session, {one.visitor.token_hash for one in doubtful})
        for connection in doubtful:
            reason = endings.get(connection.visitor.token_hash)
            if reason is not None:
                connection.dismiss(Farewell.REPLACED if reason is EndReason.REPLACED else Farewell.SESSION_OVER)

    async def _renew_visitors(
        self, session: ReadSession, newcomers: Sequence[Connection], events: Sequence[StoredEvent]
    ) -> None:
        """A user whose role has changed is told what the new role sees, and no more."""
        users = {event.user_id for event in events if mapping.changes_visitors(event)}
        doubtful = {one for one in self._hub.connections if one.visitor.user_id in users}.union(newcomers)
        visitors = await sessions.visitors(session, {one.visitor.token_hash for one in doubtful}) if doubtful else {}
        for connection in doubtful:
            connection.visitor = visitors.get(connection.visitor.token_hash, connection.visitor)

    async def _welcome(self, session: ReadSession, newcomers: Sequence[Connection], this: _Round) -> None:
        listeners = [one for one in newcomers if isinstance(one, Listener)]
        if not listeners:
            return
        oldest = await outbox.oldest(session)
        for listener in listeners:
            listener.queue_ids = await desk.watched(session, listener.visitor.user_id, listener.visitor.role)
            listener.welcomed = True
            this.missed[listener] = None
            # What may have been pruned, is too much to go through, or belongs to another database's life, is told as
            # a whole desk.
            after = listener.after
            if after and after.next <= this.cursor.next and (oldest is None or after.has_seen(oldest)):
                missed = await outbox.read_after(session, after, _MOST_MISSED + 1)
                if len(missed) <= _MOST_MISSED:
                    this.missed[listener] = missed

    async def _tell(self, session: ReadSession, this: _Round) -> None:
        if not this.events and not this.missed:
            return
        wanted: dict[Listener, Wanted] = {}
        news = mapping.Touched(this.events)
        for listener in self._hub.listeners():
            if not listener.welcomed:
                continue
            missed = this.missed.get(listener, ())
            if missed is None:
                wanted[listener] = Wanted(frozenset({DeskPart.DESK}))
                continue
            touched = mapping.Touched([*missed, *this.events]) if missed else news
            slices = touched.on(listener)
            if slices:
                wanted[listener] = slices
        await self._renew_queues(session, wanted)
        for place, (listener, updates) in enumerate((await read_slices(session, wanted, now())).items(), 1):
            listener.push(updates, this.cursor)
            if place % _AT_ONCE == 0:
                await asyncio.sleep(0)

    @staticmethod
    async def _renew_queues(session: ReadSession, wanted: dict[Listener, Wanted]) -> None:
        """A page that gets a whole desk may see other queues than before."""
        seen: dict[UUID, frozenset[UUID]] = {}
        for listener, slices in wanted.items():
            if DeskPart.DESK in slices.own:
                user_id = listener.visitor.user_id
                if user_id not in seen:
                    seen[user_id] = await desk.watched(session, user_id, listener.visitor.role)
                listener.queue_ids = seen[user_id]
