"""Carries SIP between a browser's websocket and Asterisk's, message by message, until either side or we end it.

Asterisk takes text and bytes alike; what the browser says goes through the gate.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import ClientSession, ClientWebSocketResponse, ClientWSTimeout, WSMsgType
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from api.live.hub import Connection, Farewell
from api.phones.gate import Calls, Gate, RefusedMessage, UnknownCall

log = structlog.get_logger(__name__)

SUBPROTOCOL = "sip"

_LARGEST = 64 * 1024
"""Bytes of one message; SIP with a long session description needs about 5,000."""
_HEARTBEAT = 20.0
_CONNECT_TIMEOUT = 3.0
_CLOSE_TIMEOUT = 1.0

_NORMAL, _GOING_AWAY, _TRY_AGAIN, _SESSION_OVER, _ELSEWHERE = 1000, 1001, 1013, 4401, 4409
_NOT_ALLOWED = 1008
_CODES = {
    Farewell.REPLACED: _SESSION_OVER,
    Farewell.SESSION_OVER: _SESSION_OVER,
    Farewell.STOPPING: _GOING_AWAY,
    Farewell.CROWDED: _ELSEWHERE,
}


async def dial(http: ClientSession, address: str) -> ClientWebSocketResponse:
    """Asterisk's end. Raises ClientError or TimeoutError."""
    async with asyncio.timeout(_CONNECT_TIMEOUT):
        return await http.ws_connect(
            address,
            protocols=(SUBPROTOCOL,),
            heartbeat=_HEARTBEAT,
            max_msg_size=_LARGEST,
            timeout=ClientWSTimeout(ws_close=_CLOSE_TIMEOUT),
        )


@dataclass(frozen=True)
class Line:
    """Both ends of a line, and what may pass from the browser's."""

    browser: WebSocket
    asterisk: ClientWebSocketResponse
    connection: Connection
    gate: Gate
    calls: Calls


async def carry(line: Line) -> None:
    """Carries until one of the three ends: the browser, Asterisk, or the session. Then closes both."""
    browser, connection = line.browser, line.connection
    code = await _first(_from_browser(line), _from_asterisk(line), _session(connection))
    log.info("phone line ended", user_id=str(connection.visitor.user_id), code=code)
    if browser.client_state is WebSocketState.CONNECTED and browser.application_state is WebSocketState.CONNECTED:
        await browser.close(code)


async def _first(*works: Coroutine[Any, Any, int]) -> int:
    """The result of whichever ends first; the others are ended."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return min(task.result() for task in done)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _from_browser(line: Line) -> int:
    try:
        while True:
            message = await line.browser.receive()
            if message["type"] == "websocket.disconnect":
                return _NORMAL
            text = message.get("text")
            if text is None:
                text = (message.get("bytes") or b"").decode()
            try:
                line.gate.check(text)
            except UnknownCall as error:
                log.info(
                    "phone line threw a message away", user_id=str(line.connection.visitor.user_id), reason=str(error)
                )
            else:
                await line.asterisk.send_str(text)
    except (ConnectionError, WebSocketDisconnect):
        return _TRY_AGAIN
    except (RefusedMessage, UnicodeDecodeError) as error:
        user_id = str(line.connection.visitor.user_id)
        log.warning("phone line refused what the browser said", user_id=user_id, reason=str(error))
        return _NOT_ALLOWED


async def _from_asterisk(line: Line) -> int:
    try:
        async for message in line.asterisk:
            if message.type is WSMsgType.TEXT:
                line.calls.hear(message.data)
                await line.browser.send_text(message.data)
            elif message.type is WSMsgType.BINARY:
                line.calls.hear(message.data.decode(errors="replace"))
                await line.browser.send_bytes(message.data)
    except (ConnectionError, WebSocketDisconnect):
        return _NORMAL
    return _TRY_AGAIN


async def _session(connection: Connection) -> int:
    return _CODES[await connection.dismissed()]
