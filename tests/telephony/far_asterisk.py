"""What Asterisk is to our server: a client whose frames a test writes by hand."""

import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, encode_basic_auth

from telephony.ari import AriLink, AriServer
from telephony.events import Event

USER, PASSWORD = "everline", "a-long-enough-password"


@dataclass(frozen=True)
class FarAsterisk:
    """One websocket of it."""

    websocket: ClientWebSocketResponse

    async def request(self) -> dict[str, Any]:
        """The next request that reaches it, pings apart, which it answers."""
        while True:
            request = dict(json.loads(await self.websocket.receive_str(timeout=5)))
            if request["uri"] != "asterisk/ping":
                return request
            await self.answer(request, body={"ping": "pong"})

    async def answer(self, request: dict[str, Any], status: int = 200, body: Any = None) -> None:
        fields = {"type": "RESTResponse", "request_id": request["request_id"], "status_code": status}
        if body is not None:
            fields["message_body"] = json.dumps(body)
        await self.websocket.send_str(json.dumps(fields))

    async def event(self, kind: str, **fields: Any) -> None:
        await self.websocket.send_str(json.dumps({"type": kind, "timestamp": "2026-01-02T03:04:05.678+0000", **fields}))

    async def playback(self, name: str) -> None:
        await self.event("PlaybackFinished", playback={"id": name})


@dataclass(frozen=True)
class Served:
    """Our side, and a way to become its Asterisk."""

    link: AriLink
    server: AriServer
    url: str

    @asynccontextmanager
    async def asterisk(self, *, silent: bool = False) -> AsyncIterator[FarAsterisk]:
        """Connect. An Asterisk that is not silent begins with ApplicationRegistered, as the real one does."""
        headers = {"Authorization": encode_basic_auth(USER, PASSWORD)}
        async with (
            ClientSession() as session,
            session.ws_connect(self.url, protocols=("ari",), headers=headers) as websocket,
        ):
            far = FarAsterisk(websocket)
            if not silent:
                await far.event("ApplicationRegistered")
            yield far


@asynccontextmanager
async def serve(
    on_event: Callable[[Event], Awaitable[None]], on_connected: Callable[[], Awaitable[None]] | None = None
) -> AsyncIterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    link = AriLink(on_event, on_connected)
    server = AriServer(link, "127.0.0.1", port, USER, PASSWORD)
    await server.start()
    try:
        yield Served(link, server, f"http://127.0.0.1:{port}/ari")
    finally:
        await server.stop()
