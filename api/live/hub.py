"""The connections of this process: pages that follow events, and browsers' phones."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from db.events.outbox import Cursor
from db.users.sessions import Visitor

MOST_STREAMS = 8
"""Pages of one log-in that follow events; a browser has no more connections than six to one address."""


class Farewell(StrEnum):
    """Why a connection is ended from our side."""

    REPLACED = "replaced"
    SESSION_OVER = "session_over"
    STOPPING = "stopping"
    CROWDED = "crowded"


_numbers = itertools.count()


@dataclass(frozen=True)
class Update:
    """A slice of the desk to be replaced: the event's name and its data as JSON, which is one line."""

    event: str
    data: str

    @cached_property
    def lines(self) -> bytes:
        """As a server-sent event, but for its end; written once, however many pages are sent the same update."""
        return f"event: {self.event}\ndata: {self.data}\n".encode()


class Connection:
    """A connection that lives no longer than its session; of `most` at once the oldest goes, which may be dead."""

    most = 1

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.farewell: Farewell | None = None
        self.number = next(_numbers)
        self.changed = asyncio.Event()

    def dismiss(self, farewell: Farewell) -> None:
        """Asks the connection to end."""
        self.farewell = self.farewell or farewell
        self.changed.set()

    async def dismissed(self) -> Farewell:
        """Waits until the connection is to end. Returns why."""
        while self.farewell is None:
            await self.changed.wait()
            self.changed.clear()
        return self.farewell


class Listener(Connection):
    """A page. What it has not yet been sent is kept as one update a slice, so a slow page costs no memory.

    Until it is `welcomed`, that is, brought from `after` to the present, it is told nothing else: the cursor that
    comes with news must not step over what it has missed.
    """

    most = MOST_STREAMS

    def __init__(self, visitor: Visitor, after: Cursor | None) -> None:
        super().__init__(visitor)
        self.after = after
        self.welcomed = False
        self.queue_ids: frozenset[UUID] = frozenset()
        self._waiting: dict[str, Update] = {}
        self._cursor: Cursor | None = None

    def push(self, updates: Mapping[str, Update], cursor: Cursor) -> None:
        """Puts updates in line, by slice; `cursor` is how far they bring the page."""
        if "desk" in updates:
            # It holds all the others.
            self._waiting.clear()
        for name, update in updates.items():
            # A later update takes the place in line of now, so that a slice never goes back in time.
            self._waiting.pop(name, None)
            self._waiting[name] = update
        self._cursor = cursor
        self.changed.set()

    async def batches(self) -> AsyncIterator[tuple[list[Update], Cursor]]:
        """What to send next and the cursor after it, until the connection is to end."""
        while self.farewell is None:
            await self.changed.wait()
            self.changed.clear()
            if self._waiting and self._cursor is not None:
                batch, self._waiting = list(self._waiting.values()), {}
                yield batch, self._cursor


class Hub:
    """Everybody connected. `news` is set when somebody has come."""

    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self.newcomers: list[Connection] = []
        self.news = asyncio.Event()
        self._closed = False

    def attach(self, connection: Connection) -> None:
        """Lets a connection in; the reader brings it up to date and checks its session once more."""
        self.connections.add(connection)
        self._make_room(connection)
        self.newcomers.append(connection)
        self.news.set()
        if self._closed:
            connection.dismiss(Farewell.STOPPING)

    def _make_room(self, connection: Connection) -> None:
        of_log_in = [
            other
            for other in self.connections
            if type(other) is type(connection)
            and other.farewell is None
            and other.visitor.token_hash == connection.visitor.token_hash
        ]
        for other in sorted(of_log_in, key=lambda other: other.number)[: -connection.most]:
            other.dismiss(Farewell.CROWDED)

    def detach(self, connection: Connection) -> None:
        """Forgets a connection that has ended."""
        self.connections.discard(connection)
        if connection in self.newcomers:
            self.newcomers.remove(connection)

    def all_as_newcomers(self) -> list[Connection]:
        """Everybody connected, as one who has seen nothing yet."""
        for listener in self.listeners():
            listener.after = None
        return list(self.connections)

    def listeners(self) -> list[Listener]:
        """The pages."""
        return [connection for connection in self.connections if isinstance(connection, Listener)]

    def close(self) -> None:
        """Ends every connection, and those that still come."""
        self._closed = True
        for connection in list(self.connections):
            connection.dismiss(Farewell.STOPPING)
