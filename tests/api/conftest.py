import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest
from aiohttp import WSMsgType, web
from fastapi import FastAPI
from sqlalchemy import delete
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.app import create
from api.config import ApiConfig
from api.main import PortalServer
from db.core.engine import Database
from db.models import LoginFailure
from everline.settings import Settings
from everline.stack import Stack
from everline.stack.secret_files import Secret, read_secret
from tests.api.browser import Browser
from tests.api.floor import Floor
from tests.support.stack import free_ports, stack_settings, temporary_home, until


class QuietServer(PortalServer):
    """The production server, which leaves pytest its signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Exchange:
    """Stands where Asterisk's websocket is: answers each message, and remembers who was there."""

    address: str
    heard: list[str] = field(default_factory=list)
    lines: int = 0

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        line = web.WebSocketResponse(protocols=("sip",))
        await line.prepare(request)
        self.lines += 1
        async for message in line:
            if message.type is WSMsgType.TEXT:
                self.heard.append(message.data)
                await line.send_str(f"SIP/2.0 200 {message.data}")
        self.lines -= 1
        return line


@pytest.fixture(scope="session")
async def backend() -> AsyncIterator[Settings]:
    """A PostgreSQL and a Temporal of the portal's tests alone."""
    with temporary_home() as home:
        async with Stack(stack_settings(home), parts=["postgres", "temporal"]) as stack:
            yield stack.settings


@pytest.fixture(scope="session")
async def exchange() -> AsyncIterator[Exchange]:
    (port,) = free_ports(1)
    exchange = Exchange(f"ws://127.0.0.1:{port}/ws")
    app = web.Application()
    app.router.add_get("/ws", exchange.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield exchange
    await runner.cleanup()


@pytest.fixture(scope="session")
def config(backend: Settings, exchange: Exchange) -> ApiConfig:
    (port,) = free_ports(1)
    return ApiConfig(
        backend.database,
        backend.temporal,
        recordings=backend.recordings,
        history_secret=read_secret(backend.home, Secret.HISTORY),
        asterisk_websocket=exchange.address,
        port=port,
        assets=backend.home / "assets",
    )


class Described:
    """Lets no test see a refusal that the description of the API does not tell of."""

    def __init__(self, app: ASGIApp, described: FastAPI) -> None:
        self._app = app
        self._described = described

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_described(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400:
                self._check(scope, message["status"])
            await send(message)

        await self._app(scope, receive, send_described)

    def _check(self, scope: Scope, status: int) -> None:
        operations = self._described.openapi()["paths"].get(getattr(scope.get("route"), "path", None), {})
        operation = operations.get(scope["method"].lower())
        assert operation is None or str(status) in operation["responses"], f"{scope['path']} answers {status}"


@pytest.fixture(scope="session")
async def app(config: ApiConfig) -> AsyncIterator[FastAPI]:
    """The application, served on a port as in production."""
    app = create(config)
    app.add_middleware(Described, described=app)
    server = QuietServer(app, config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started or serving.done())
    yield app
    server.should_exit = True
    await serving


@pytest.fixture(scope="session")
def address(app: FastAPI, config: ApiConfig) -> str:
    return f"http://127.0.0.1:{config.port}"


@pytest.fixture(scope="session")
async def floor(backend: Settings) -> AsyncIterator[Floor]:
    database = Database(backend.database)
    yield Floor(database)
    await database.close()


@pytest.fixture
async def browser(address: str) -> AsyncIterator[Browser]:
    async with Browser(address) as browser:
        yield browser


@pytest.fixture(autouse=True)
async def no_failed_logins(floor: Floor) -> None:
    """All tests share an address, and what one of them fails is not the next one's fault."""
    async with floor.database.write() as session:
        await session.execute(delete(LoginFailure))
