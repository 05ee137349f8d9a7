"""Carries SIP between a browser's websocket and Asterisk's, message by message, until either side or we end it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog
from aiohttp import ClientSession, ClientWebSocketResponse, ClientWSTimeout, WSMsgType
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from api.live.hub import Farewell, Guest

log = structlog.get_logger(__name__)

SUBPROTOCOL = "sip"

_LARGEST = 64 * 1024
"""Bytes of one message; SIP with a long session description needs about 5,000."""
_HEARTBEAT = 20.0
_CONNECT_TIMEOUT = 3.0
_CLOSE_TIMEOUT = 1.0

_NORMAL, _GOING_AWAY, _TRY_AGAIN, _SESSION_OVER, _ELSEWHERE = 1000, 1001, 1013, 4401, 4409
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


async def carry(browser: WebSocket, asterisk: ClientWebSocketResponse, guest: Guest) -> None:
    """Carries until one of the three ends: the browser, Asterisk, or the session. Then closes both."""
    code = await _first(_from_browser(browser, asterisk), _from_asterisk(browser, asterisk), _session(guest))
    log.info("phone line ended", user_id=str(guest.visitor.user_id), code=code)
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


async def _from_browser(browser: WebSocket, asterisk: ClientWebSocketResponse) -> int:
    try:
        while True:
            message = await browser.receive()
            if message["type"] == "websocket.disconnect":
                return _NORMAL
            if (text := message.get("text")) is not None:
                await asterisk.send_str(text)
            elif (content := message.get("bytes")) is not None:
                await asterisk.send_bytes(content)
    except (ConnectionError, WebSocketDisconnect):
        return _TRY_AGAIN


async def _from_asterisk(browser: WebSocket, asterisk: ClientWebSocketResponse) -> int:
    try:
        async for message in asterisk:
            if message.type is WSMsgType.TEXT:
                await browser.send_text(message.data)
            elif message.type is WSMsgType.BINARY:
                await browser.send_bytes(message.data)
    except (ConnectionError, WebSocketDisconnect):
        return _NORMAL
    return _TRY_AGAIN


async def _session(guest: Guest) -> int:
    return _CODES[await guest.dismissed()]
