import asyncio

import pytest
from aiohttp import ClientSession, WSServerHandshakeError, encode_basic_auth

from telephony.errors import (
    AlreadyExists,
    BadRequest,
    Conflict,
    Failed,
    NotConnected,
    NotFound,
    NotInApplication,
    ProtocolError,
    Refused,
    RequestTimedOut,
)
from telephony.events import Event, PlaybackFinished
from tests.telephony.far_asterisk import serve
from tests.telephony.heard import Heard


async def _ignore(_event: Event) -> None:
    return


async def test_requests_go_out_in_the_order_of_the_calls_and_answers_may_come_in_any() -> None:
    async with serve(_ignore) as ours, ours.asterisk() as asterisk:
        asks = [asyncio.create_task(ours.link.request("GET", f"channels/{n}")) for n in range(50)]
        requests = [await asterisk.request() for _ in asks]
        assert [request["uri"] for request in requests] == [f"channels/{n}" for n in range(50)]
        for request in reversed(requests):
            await asterisk.answer(request, body={"id": request["uri"]})
        assert [found["id"] for found in await asyncio.gather(*asks)] == [f"channels/{n}" for n in range(50)]


async def test_query_and_body_travel_as_they_are() -> None:
    async with serve(_ignore) as ours, ours.asterisk() as asterisk:
        ask = asyncio.create_task(ours.link.request("POST", "x", query={"a": '"&=; \n'}, body={"b": [1]}))
        request = await asterisk.request()
        assert request["query_strings"] == [{"name": "a", "value": '"&=; \n'}]
        assert (request["content_type"], request["message_body"]) == ("application/json", '{"b": [1]}')
        await asterisk.answer(request, 204)
        assert await ask is None


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (400, "bad", BadRequest),
        (400, "Channel not found", NotFound),
        (404, "no", NotFound),
        (409, "Channel with given unique ID already exists", AlreadyExists),
        (409, "Channel not in Stasis application", NotInApplication),
        (409, "something", Conflict),
        (422, "Channel not in this bridge", NotInApplication),
        (500, "Allocation failed", Failed),
    ],
)
async def test_a_refusal_is_an_error_of_its_kind(status: int, message: str, error: type[Refused | Failed]) -> None:
    async with serve(_ignore) as ours, ours.asterisk() as asterisk:
        ask = asyncio.create_task(ours.link.request("GET", "x"))
        await asterisk.answer(await asterisk.request(), status, {"message": message})
        with pytest.raises(error, match=message) as caught:
            await ask
        assert type(caught.value) is error
        assert str(status) in str(caught.value)


async def test_a_request_without_an_answer_times_out_and_its_late_answer_is_harmless() -> None:
    async with serve(_ignore) as ours, ours.asterisk() as asterisk:
        with pytest.raises(RequestTimedOut):
            await ours.link.request("GET", "slow", timeout=0.1)
        slow = await asterisk.request()
        ask = asyncio.create_task(ours.link.request("GET", "quick"))
        await asterisk.answer(slow)
        await asterisk.answer(await asterisk.request(), body=[1])
        assert await ask == [1]


async def test_a_broken_connection_fails_what_is_in_flight() -> None:
    async with serve(_ignore) as ours:
        async with ours.asterisk() as asterisk:
            asks = [asyncio.create_task(ours.link.request("GET", "x")) for _ in range(3)]
            await asterisk.request()
        for outcome in await asyncio.gather(*asks, return_exceptions=True):
            assert isinstance(outcome, NotConnected)


async def test_a_request_waits_for_a_connection() -> None:
    async with serve(_ignore) as ours:
        ask = asyncio.create_task(ours.link.request("GET", "x"))
        await asyncio.sleep(0)
        assert not ours.link.connected
        async with ours.asterisk() as asterisk:
            await asterisk.answer(await asterisk.request(), body={"here": True})
            assert await ask == {"here": True}


async def test_a_request_gives_up_when_no_connection_comes() -> None:
    async with serve(_ignore) as ours:
        with pytest.raises(NotConnected):
            await ours.link.request("GET", "x", timeout=0.05)


async def test_an_asterisk_that_says_nothing_at_first_is_asked_all_the_same() -> None:
    async with serve(_ignore) as ours, ours.asterisk(silent=True) as asterisk:
        ask = asyncio.create_task(ours.link.request("GET", "x"))
        await asterisk.answer(await asterisk.request())
        await ask


@pytest.mark.parametrize("frame", ["", "{", "[]", "null", "7", '{"no":"type"}', '{"type":7}', "[" * 5000, '"\\ud800"'])
async def test_a_bad_frame_is_skipped(frame: str) -> None:
    heard = Heard()
    async with serve(heard.take) as ours, ours.asterisk() as asterisk:
        await asterisk.websocket.send_str(frame)
        await asterisk.websocket.send_bytes(b"\xff\x00")
        await asterisk.playback("after")
        assert (await heard.wait(PlaybackFinished)).playback == "after"


async def test_a_bad_answer_fails_its_request_only() -> None:
    async with serve(_ignore) as ours, ours.asterisk() as asterisk:
        ask = asyncio.create_task(ours.link.request("GET", "x"))
        request = await asterisk.request()
        await asterisk.event("RESTResponse", request_id=request["request_id"], status_code=200, message_body="{")
        with pytest.raises(ProtocolError):
            await ask
        assert ours.link.connected


async def test_events_come_in_order_after_the_connection_was_greeted() -> None:
    order: list[str] = []
    greet, done = asyncio.Event(), asyncio.Event()

    async def take(event: Event) -> None:
        assert isinstance(event, PlaybackFinished)
        order.append(event.playback)
        if event.playback == "99":
            done.set()

    async def connected() -> None:
        await ours.link.request("GET", "channels")
        await greet.wait()
        order.append("greeted")

    async with serve(take, connected) as ours, ours.asterisk() as asterisk:
        for number in range(100):
            await asterisk.playback(str(number))
        await asterisk.answer(await asterisk.request(), body=[])
        greet.set()
        await asyncio.wait_for(done.wait(), 5)
    assert order == ["greeted", *map(str, range(100))]


async def test_a_failing_greeting_is_tried_again() -> None:
    tries: list[int] = []
    heard = Heard()

    async def connected() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("not now")

    async with serve(heard.take, connected) as ours, ours.asterisk() as asterisk:
        await asterisk.playback("x")
        pings = asyncio.create_task(asterisk.request())
        await heard.wait(PlaybackFinished)
        pings.cancel()
    assert len(tries) == 2


async def test_a_failing_consumer_silences_nothing_and_a_slow_one_blocks_no_answer() -> None:
    heard, hold = Heard(), asyncio.Event()

    async def take(event: Event) -> None:
        await heard.take(event)
        if len(heard.events) == 1:
            raise ValueError("cannot handle this one")
        await hold.wait()

    async with serve(take) as ours, ours.asterisk() as asterisk:
        for number in range(1000):
            await asterisk.playback(str(number))
        await heard.wait(PlaybackFinished, lambda event: event.playback == "1")
        ask = asyncio.create_task(ours.link.request("GET", "x"))
        await asterisk.answer(await asterisk.request(), body=[2])
        assert await ask == [2]
        assert ours.link.waiting_events > 900
        hold.set()
        await heard.wait(PlaybackFinished, lambda event: event.playback == "999")


async def test_a_second_connection_replaces_the_first() -> None:
    async with serve(_ignore) as ours, ours.asterisk() as first:
        await ours.link.wait_connected()
        async with ours.asterisk() as second:
            await asyncio.wait_for(first.websocket.receive(), 5)
            assert first.websocket.closed
            ask = asyncio.create_task(ours.link.request("GET", "x"))
            await second.answer(await second.request(), body=[3])
            assert await ask == [3]


@pytest.mark.parametrize("authorization", [None, "Basic x", encode_basic_auth("everline", "wrong"), "Bearer é"])
async def test_a_stranger_is_not_let_in(authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    async with serve(_ignore) as ours, ClientSession() as session:
        with pytest.raises(WSServerHandshakeError, match="401"):
            await session.ws_connect(ours.url, protocols=("ari",), headers=headers)
        assert not ours.link.connected
