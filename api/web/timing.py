"""Tells of every reading request how long it kept the portal busy, as a Server-Timing header."""

import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_READING = frozenset({"GET", "HEAD"})


class ServerTiming:
    """Adds `Server-Timing: portal;dur=…`: milliseconds from the request until its answer begins.

    A browser shows it beside the request, so that slowness of the network can be told from ours. An answer in one
    piece is complete by then. What changes something is not timed: how long a password takes to be found wrong is
    nobody's business.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and adds to its answer."""
        if scope["type"] != "http" or scope["method"] not in _READING:
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def send_with_time(message: Message) -> None:
            if message["type"] == "http.response.start":
                taken = 1000 * (time.perf_counter() - began)
                MutableHeaders(scope=message)["Server-Timing"] = f"portal;dur={taken:.1f}"
            await send(message)

        await self._app(scope, receive, send_with_time)
