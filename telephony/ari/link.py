import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from aiohttp import web

from telephony.ari.connection import AriConnection
from telephony.ari.request import REQUEST_TIMEOUT, Method
from telephony.errors import NotConnected
from telephony.events import Event, parse

_log = structlog.get_logger()

_HOOK_PAUSE = 0.5  # seconds before a failed hook is tried again


class AriLink:
    """The lasting connection to one Asterisk: it outlives websockets.

    on_event gets every event, one after the other, in order. on_connected is called at every new websocket, before any
    event of that websocket is delivered, and again until it succeeds or the websocket is gone: requests work inside it,
    and it is where to listen (Asterisk.listen) and to compare channels and bridges with the calls that should be there.
    """

    def __init__(
        self, on_event: Callable[[Event], Awaitable[None]], on_connected: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self._on_event = on_event
        self._on_connected = on_connected
        self._connection: AriConnection | None = None
        self._opened = asyncio.Event()
        # Without a limit: were the reader to wait for the consumer, Asterisk would drop the websocket.
        self._arrivals: asyncio.Queue[AriConnection | Event] = asyncio.Queue()
        self._consumer: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self.lost_at: datetime | None = None
        """When the last connection ended; None before."""

    @property
    def connected(self) -> bool:
        """Whether a websocket is open now."""
        return self._connection is not None and self._connection.is_open

    @property
    def waiting_events(self) -> int:
        """Events received and not yet delivered."""
        return self._arrivals.qsize()

    async def wait_connected(self, timeout: float = REQUEST_TIMEOUT) -> None:  # noqa: ASYNC109  See Requester.
        """Return when a websocket is open. Raises NotConnected after so many seconds."""
        await self._open_connection(timeout)

    async def request(
        self,
        method: Method,
        uri: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        timeout: float = REQUEST_TIMEOUT,  # noqa: ASYNC109  See Requester.
    ) -> Any:
        """As Requester; waits for a connection where there is none."""
        deadline = asyncio.get_running_loop().time() + timeout
        connection = await self._open_connection(timeout)
        left = deadline - asyncio.get_running_loop().time()
        return await connection.request(method, uri, query=query, body=body, timeout=left)

    async def serve(self, websocket: web.WebSocketResponse) -> None:
        """Make this websocket the connection, in place of an older one, until it closes."""
        connection = AriConnection(websocket, self._take, self._open)
        try:
            await connection.read()
        finally:
            if self._connection is connection:
                self._connection = None
                self._opened.clear()
                self.lost_at = datetime.now(UTC)
            _log.info("ari_disconnected")

    async def close(self) -> None:
        """Close the websocket and stop delivering."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
        if self._consumer is not None:
            self._consumer.cancel()
            await asyncio.gather(self._consumer, return_exceptions=True)
            self._consumer = None

    async def _open_connection(self, patience: float) -> AriConnection:
        try:
            async with asyncio.timeout(patience):
                while self._connection is None or not self._connection.is_open:
                    self._opened.clear()
                    await self._opened.wait()
        except TimeoutError:
            raise NotConnected(f"Asterisk is not connected (waited {patience:g} s)") from None
        return self._connection

    def _open(self, connection: AriConnection) -> None:
        older, self._connection = self._connection, connection
        if older is not None and older.is_open:
            _log.warning("ari_connection_replaced")
            self._closing = asyncio.create_task(older.close(), name="ari-close")
        if self._consumer is None or self._consumer.done():
            self._consumer = asyncio.create_task(self._deliver(), name="ari-events")
        self._arrivals.put_nowait(connection)
        self._opened.set()
        _log.info("ari_connected")

    def _take(self, fields: dict[str, Any]) -> None:
        event = parse(fields)
        if event is not None:
            self._arrivals.put_nowait(event)

    async def _deliver(self) -> None:
        while True:
            arrival = await self._arrivals.get()
            if isinstance(arrival, AriConnection):
                await self._greet(arrival)
                continue
            try:
                await self._on_event(arrival)
            except Exception:  # noqa: BLE001
                # One event that cannot be handled must not silence all that follow.
                _log.exception("ari_event_failed", event_type=type(arrival).__name__)

    async def _greet(self, connection: AriConnection) -> None:
        while self._on_connected is not None and connection.is_open:
            try:
                await self._on_connected()
            except NotConnected:
                _log.info("ari_connected_hook_interrupted")
                await asyncio.sleep(0)
            except Exception:  # noqa: BLE001
                _log.exception("ari_connected_hook_failed")
                await asyncio.sleep(_HOOK_PAUSE)
            else:
                return
