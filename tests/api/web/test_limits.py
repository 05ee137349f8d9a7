"""What is too large, too slow or too many is refused before it is read, and whoever sends it."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientError, WSCloseCode, WSMsgType

from api.config import ApiConfig
from api.live import hub
from api.web import connection, limits
from tests.api.browser import Answer, Browser, EventStream
from tests.api.floor import Floor

_JSON = {"Content-Type": "application/json"}


def _problem(answer: Answer, status: int) -> str:
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    detail: str = answer.json["detail"]
    return detail


async def test_a_body_that_is_too_large_is_refused_unread_and_before_anybody_is_asked_who_it_is(
    browser: Browser,
) -> None:
    body = b"[" + b"{}," * 500_000 + b"{}]"
    began = time.monotonic()
    answer = await browser.ask("POST", "/api/v1/calls", data=body, headers=_JSON)
    assert "larger than" in _problem(answer, 413)
    assert time.monotonic() - began < 5


async def test_a_body_without_a_length_is_read_no_further_than_the_limit(browser: Browser) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 50_000_000:
            sent += 65_536
            yield b" " * 65_536

    # Who sends on after the refusal may lose it with the connection.
    with contextlib.suppress(ClientError):
        _problem(await browser.ask("POST", "/api/v1/calls", data=endless(), headers=_JSON), 413)
    assert sent < 20_000_000


async def test_a_body_of_usual_size_is_taken(floor: Floor, address: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        body = json.dumps({"state": "paused", "reason": "Lunch"}) + " " * 30_000
        assert (await browser.ask("PUT", "/api/v1/agent/state", data=body, headers=_JSON)).status == 200


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"state": "\xff"}', "UTF-8"),
        (b'{"state": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", "nested"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_in_words(
    floor: Floor, address: str, body: bytes, why: str
) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        answer = await browser.ask("PUT", "/api/v1/agent/state", data=body, headers=_JSON)
        assert why in _problem(answer, 400)


@pytest.mark.parametrize("headers", [{"X-Long": "x" * 40_000}, {f"X-{number}": "x" for number in range(200)}])
async def test_too_many_or_too_long_headers_are_refused(browser: Browser, headers: dict[str, str]) -> None:
    assert "header" in _problem(await browser.get("/healthz", headers=headers), 431)


@asynccontextmanager
async def _socket(config: ApiConfig) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", config.port)
    yield reader, writer
    writer.close()


async def test_a_head_without_end_is_cut_off(address: str, config: ApiConfig) -> None:
    async with _socket(config) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nX-Long: ")
        with pytest.raises(ConnectionError):  # noqa: PT012 - it ends somewhere on the way
            for _ in range(1000):
                writer.write(b"x" * 16_384)
                await writer.drain()
                if reader.at_eof():
                    raise ConnectionResetError
                await asyncio.sleep(0)


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b"POST"])
async def test_a_socket_that_asks_for_nothing_is_closed(
    address: str, config: ApiConfig, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEAD_WITHIN", 0.3)
    async with _socket(config) as (reader, writer), asyncio.timeout(5):
        writer.write(sent)
        await reader.read()


async def test_a_body_that_comes_drop_by_drop_is_given_up(
    address: str, config: ApiConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BODY_WITHIN", 0.3)
    async with _socket(config) as (reader, writer), asyncio.timeout(5):
        writer.write(
            b"POST /api/v1/calls HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 100\r\n\r\n{"
        )
        assert (await reader.readline()).startswith(b"HTTP/1.1 408")
        await reader.read()


async def test_a_request_that_comes_slowly_but_in_time_is_answered(address: str, config: ApiConfig) -> None:
    async with _socket(config) as (reader, writer), asyncio.timeout(5):
        for letter in b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n":
            writer.write(bytes([letter]))
            await writer.drain()
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


async def _ended(stream: EventStream) -> None:
    with contextlib.suppress(EOFError):
        async with asyncio.timeout(5):
            while (await stream.next()).name:
                pass


async def test_a_log_in_follows_events_on_so_many_pages_and_the_oldest_goes(floor: Floor, address: str) -> None:
    token = await floor.token(await floor.add_user())
    async with Browser(address, token) as first, first.events() as oldest, Browser(address, token) as others:
        pages = [others.events() for _ in range(hub.MOST_STREAMS)]
        streams = [await page.__aenter__() for page in pages]
        await _ended(oldest)
        async with asyncio.timeout(30):
            assert (await streams[0].until("heartbeat")).name == "heartbeat"
        for page in pages:
            await page.__aexit__(None, None, None)


async def test_all_streams_of_a_log_in_end_at_once_when_it_ends(floor: Floor, address: str) -> None:
    token = await floor.token(await floor.add_user())
    async with Browser(address, token) as browser:
        pages = [browser.events() for _ in range(hub.MOST_STREAMS)]
        streams = [await page.__aenter__() for page in pages]
        began = time.monotonic()
        await browser.ask("POST", "/logout")
        await asyncio.gather(*(_ended(stream) for stream in streams))
        assert time.monotonic() - began < 3
        for page in pages:
            await page.__aexit__(None, None, None)


async def test_a_frame_of_the_phone_line_that_is_too_large_ends_the_line(floor: Floor, address: str) -> None:
    token = await floor.token(await floor.add_user())
    async with Browser(address, token) as browser, browser.websocket("/phone/ws", protocols=("sip",)) as line:
        await line.send_str("x" * 200_000)
        assert (await line.receive(timeout=5)).type in {WSMsgType.CLOSE, WSMsgType.CLOSED}
        # Too big to be read: nothing has looked into it.
        assert line.close_code == WSCloseCode.MESSAGE_TOO_BIG


@pytest.mark.parametrize(
    "mark", [{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, {"Accept": "text/html"}]
)
async def test_a_link_on_a_foreign_page_does_not_make_an_absent_agent_present(
    floor: Floor, address: str, mark: dict[str, str]
) -> None:
    user = await floor.add_user()
    async with Browser(address, await floor.token(user)) as browser:
        before = await floor.seen_at(user.user_id)
        answer = await browser.get("/api/v1/events", headers=mark)
        _problem(answer, 403)
        assert await floor.seen_at(user.user_id) == before
