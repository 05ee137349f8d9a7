"""How large and how slow a request may be. A request beyond that is refused before it is read, for all users."""

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.errors import ApiError, HeadTooLargeError, TooLargeError, TooSlowError
from api.web.problems import of_error, respond

LARGEST_BODY = 64 * 1024
"""Bytes. The longest that the API takes, a menu with all its keys, has some 5,000."""
BODY_WITHIN = 20.0
"""Seconds in which a body has to be there."""
_MOST_THROWN_AWAY = 2 * 1024 * 1024
_THROWN_AWAY_WITHIN = 1.0
_LARGEST_HEAD = 32 * 1024
_MOST_HEADERS = 100

_LAST = {"Connection": "close"}


class RequestLimits:
    """Reads bodies within limits before anything else is asked, and refuses the rest unread."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with its whole body, or answers it with a refusal."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        try:
            _check_head(scope)
            receive = await _with_body(scope, receive)
        except ApiError as error:
            await _throw_away(receive)
            await respond(HTTPConnection(scope), of_error(error), _LAST)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _check_head(scope: Scope) -> None:
    headers = scope["headers"]
    size = len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
    size += sum(len(name) + len(value) for name, value in headers)
    if len(headers) > _MOST_HEADERS or size > _LARGEST_HEAD:
        raise HeadTooLargeError(
            f"The request has too many headers, or too long ones: {_MOST_HEADERS} of {_LARGEST_HEAD} bytes in all"
            " are the most."
        )


async def _with_body(scope: Scope, receive: Receive) -> Receive:
    """Tells the application of the whole body at once, and then of what comes after it."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "0")
    if scope["type"] != "http" or (length == "0" and "transfer-encoding" not in headers):
        return receive
    if not length.isdecimal() or len(length) > len(str(LARGEST_BODY)) or int(length) > LARGEST_BODY:
        raise _too_large()
    try:
        async with asyncio.timeout(BODY_WITHIN):
            first: Message | None = await _read(receive)
    except TimeoutError as error:
        raise TooSlowError("The body of the request did not come in time. Send it again.") from error

    async def once() -> Message:
        nonlocal first
        message, first = first, None
        return message if message is not None else await receive()

    return once


async def _read(receive: Receive) -> Message:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return message
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise _too_large()
        if not message.get("more_body", False):
            return {"type": "http.request", "body": bytes(body), "more_body": False}


async def _throw_away(receive: Receive) -> None:
    """Reads a request to its end that is only a little too large: a sender who is cut off does not read the answer."""
    thrown = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(_THROWN_AWAY_WITHIN):
            while thrown < _MOST_THROWN_AWAY:
                message = await receive()
                thrown += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


def _too_large() -> TooLargeError:
    return TooLargeError(
        f"The body of the request is larger than {LARGEST_BODY // 1024} KiB, which nothing here needs."
    )
