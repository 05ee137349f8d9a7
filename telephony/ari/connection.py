import asyncio
import json
import socket
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import structlog
from aiohttp import ClientConnectionResetError, WSMsgType, web

from telephony.ari.request import REQUEST_TIMEOUT, Method
from telephony.errors import NotConnected, ProtocolError, RequestTimedOut, refusal

_log = structlog.get_logger()

_REFUSED_FROM = 300
_FIRST_FRAME = 1.0  # seconds
_QUICK_ACKNOWLEDGEMENT: int | None = getattr(socket, "TCP_QUICKACK", None)  # Linux only


class AriConnection:
    """One websocket from Asterisk: requests out, answers and events in. It ends when the websocket does.

    on_ready is called once, before the first event: from then on requests may be sent.
    """

    def __init__(
        self,
        websocket: web.WebSocketResponse,
        on_event: Callable[[dict[str, Any]], None],
        on_ready: Callable[["AriConnection"], None],
    ) -> None:
        self._websocket = websocket
        self._on_event = on_event
        self._on_ready: Callable[[AriConnection], None] | None = on_ready
        self._pending: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = count(1)
        self._closed = False

    @property
    def is_open(self) -> bool:
        """Whether requests can still be sent."""
        return not self._closed and not self._websocket.closed

    async def request(
        self,
        method: Method,
        uri: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        timeout: float = REQUEST_TIMEOUT,  # noqa: ASYNC109  See Requester.
    ) -> Any:
        """As Requester. Many may be in flight: they are sent, and Asterisk does them, in the order of the calls."""
        if not self.is_open:
            raise NotConnected("The connection to Asterisk is closed")
        number = str(next(self._numbers))
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._pending[number] = answer
        try:
            async with asyncio.timeout(timeout):
                # Nothing is awaited before the frame is in the transport's buffer: this keeps the order of the calls.
                await self._websocket.send_str(_frame(number, method, uri, query, body))
                return _content(await answer)
        except TimeoutError:
            raise RequestTimedOut(f"{method} {uri} was not answered within {timeout:g} s") from None
        except (ClientConnectionResetError, ConnectionError) as error:
            raise NotConnected(f"The connection to Asterisk broke during {method} {uri}") from error
        finally:
            del self._pending[number]

    async def read(self) -> None:
        """Take in answers and events until the websocket closes. Events are only handed on: nothing here waits."""
        patience = asyncio.get_running_loop().call_later(_FIRST_FRAME, self._ready)
        try:
            async for message in self._websocket:
                self._acknowledge()
                self._ready()
                if message.type is WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            patience.cancel()
            self._fail_pending()

    async def close(self) -> None:
        """Close the websocket; what is in flight fails with NotConnected."""
        self._fail_pending()
        await self._websocket.close()

    def _ready(self) -> None:
        """Let requests go, once Asterisk has sent its first frame (it always sends one: ApplicationRegistered).

        A frame that reaches Asterisk together with our end of the handshake stays unseen in its buffer until another
        one comes.
        """
        if self._on_ready is not None and self.is_open:
            on_ready, self._on_ready = self._on_ready, None
            on_ready(self)

    def _acknowledge(self) -> None:
        """Acknowledge at once what came.

        Asterisk leaves Nagle's algorithm on: its next frame waits until the last one is acknowledged, which our kernel
        would do after 40 ms only. It forgets the wish, so it is told again each time. Four commands in a row took 43 ms
        without this, and 1 ms with it.
        """
        connection = self._websocket.get_extra_info("socket")
        if connection is not None and _QUICK_ACKNOWLEDGEMENT is not None:
            connection.setsockopt(socket.IPPROTO_TCP, _QUICK_ACKNOWLEDGEMENT, 1)

    def _take(self, text: str) -> None:
        try:
            fields = json.loads(text)
            kind = fields["type"]
        except (ValueError, TypeError, KeyError, RecursionError):
            _log.warning("ari_frame_skipped", length=len(text))
            return
        if kind != "RESTResponse":
            self._on_event(fields)
            return
        answer = self._pending.get(str(fields.get("request_id")))
        if answer is None or answer.done():
            _log.info("ari_answer_too_late", uri=fields.get("uri"), status=fields.get("status_code"))
        else:
            answer.set_result(fields)

    def _fail_pending(self) -> None:
        self._closed = True
        for answer in self._pending.values():
            if not answer.done():
                answer.set_exception(NotConnected("The connection to Asterisk broke before the answer came"))


def _frame(
    number: str, method: Method, uri: str, query: Mapping[str, str] | None, body: Mapping[str, Any] | None
) -> str:
    fields: dict[str, Any] = {"type": "RESTRequest", "request_id": number, "method": method, "uri": uri}
    if query:
        # As a list, values go through as they are; in the uri they would need quoting.
        fields["query_strings"] = [{"name": name, "value": value} for name, value in query.items()]
    if body is not None:
        fields["content_type"] = "application/json"
        fields["message_body"] = json.dumps(body)
    return json.dumps(fields)


def _content(fields: dict[str, Any]) -> Any:
    status = fields.get("status_code")
    text = fields.get("message_body")
    if not isinstance(status, int):
        raise ProtocolError("Asterisk's answer has no status")
    try:
        content = json.loads(text) if text else None
    except (ValueError, TypeError) as error:
        raise ProtocolError("Asterisk's answer is no JSON") from error
    if status >= _REFUSED_FROM:
        message = content.get("message") if isinstance(content, dict) else None
        raise refusal(status, str(message or fields.get("reason_phrase", "")))
    return content
