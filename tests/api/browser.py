"""The portal as a browser meets it: cookies, the own origin, live events."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientResponse, ClientSession, ClientTimeout, CookieJar
from pydantic import TypeAdapter
from yarl import URL

from api.live import events as described
from api.web.cookies import SESSION
from tests.api.floor import PASSWORD

_DESCRIBED: TypeAdapter[Any] = TypeAdapter(described.LiveEvent)
"""Each event that a test reads is one of those that the API's description has."""


@dataclass(frozen=True)
class Answer:
    """An answer that was read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class LiveEvent:
    """A server-sent event."""

    name: str
    data: Any
    cursor: str | None


class Browser:
    """One browser, on a page of ours unless `origin` says otherwise."""

    def __init__(self, address: str, token: str | None = None, *, origin: str | None = "ours") -> None:
        self.address = address
        named = address if origin == "ours" else origin
        self._session = ClientSession(
            address,
            cookie_jar=CookieJar(unsafe=True),
            headers={"Origin": named} if named else None,
            cookies={SESSION: token} if token else None,
            timeout=ClientTimeout(total=20),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def ask(self, method: str, path: str | URL, **options: Any) -> Answer:
        async with self._session.request(method, path, allow_redirects=False, **options) as response:
            return Answer(response.status, dict(response.headers), await response.read())

    async def get(self, path: str | URL, **options: Any) -> Answer:
        return await self.ask("GET", path, **options)

    async def first_status(self, path: str) -> int:
        """The status of an answer that may have no end."""
        async with self._session.get(path) as response:
            return response.status

    async def log_in(self, name: str, password: str = PASSWORD) -> Answer:
        return await self.ask("POST", "/login", data={"name": name, "password": password})

    async def press(self, call_id: str, verb: str, **asked: Any) -> Answer:
        """Asks something of a call as the page does, which tells what it shows of it."""
        shown = (await self.desk())["call"]
        seen = shown["revision"] if shown else "nothing"
        return await self.ask("POST", f"/api/v1/calls/{call_id}/{verb}", json={"seen": seen, **asked})

    async def desk(self) -> Any:
        answer = await self.get("/api/v1/desk")
        assert answer.status == 200, answer.text
        return answer.json

    def websocket(self, path: str, **options: Any) -> Any:
        return self._session.ws_connect(path, **options)

    @asynccontextmanager
    async def events(self, *, after: str | None = None, last: str | None = None) -> AsyncIterator["EventStream"]:
        options: dict[str, Any] = {"params": {"after": after}} if after else {}
        if last:
            options["headers"] = {"Last-Event-ID": last}
        async with self._session.get("/api/v1/events", **options) as response:
            assert response.status == 200, response.status
            stream = EventStream(response)
            assert (await stream.next()).name == "heartbeat"
            yield stream


class EventStream:
    """Live events as they come."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response
        self.cursor: str | None = None

    async def next(self) -> LiveEvent:
        """The next event. Raises EOFError at the end of the stream."""
        fields: dict[str, str] = {}
        while line := (await self._response.content.readline()).decode():
            line = line.rstrip("\r\n")
            if not line and fields:
                event = LiveEvent(fields["event"], json.loads(fields["data"]), fields.get("id"))
                told = {"event": event.name, "data": event.data}
                assert _DESCRIBED.dump_python(_DESCRIBED.validate_python(told), mode="json") == told
                self.cursor = event.cursor or self.cursor
                return event
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
        raise EOFError

    async def batch(self) -> list[LiveEvent]:
        """What belongs together: the next events up to one with a cursor."""
        events = [await self.next()]
        while events[-1].cursor is None:
            events.append(await self.next())
        return [event for event in events if event.name != "heartbeat"]

    async def until(self, name: str, /, **data: Any) -> LiveEvent:
        """The next event of that name whose data holds these values; an earlier state may be told again first."""
        while True:
            event = await self.next()
            if event.name == name and all(event.data[key] == value for key, value in data.items()):
                return event
