"""A connection as uvicorn serves it, with a limit to how long and how large the head of a request may be.

uvicorn waits for ever for a head that comes drop by drop, and keeps whatever is sent of it.
"""

from asyncio import Transport
from asyncio.events import TimerHandle

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD_WITHIN = 10.0
"""Seconds from the connection, or from a request's first byte, until its head has come."""
LARGEST_HEAD = 64 * 1024
"""Bytes that are read of a head; api.web.limits refuses in words what is smaller and still too large."""

_REFUSAL = STATUS_LINE[431] + b"connection: close\r\ncontent-length: 0\r\n\r\n"


class LimitedProtocol(HttpToolsProtocol):
    """Closes connections on which a request does not come, or does not come to the end of its head."""

    _head: int | None = 0
    """Bytes of the head that is being read; None while there is none."""
    _head_timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """Begins to wait for the first request."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits for nothing any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Reads on, unless the head is too long already."""
        super().data_received(data)
        if self._head is not None and not self.transport.is_closing():
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self.transport.write(_REFUSAL)
                self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._head = 0
        if self._head_timer is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._head = None
        self._stop_waiting()
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_WITHIN, self._give_up)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            self.transport.close()
