import logging

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from domain.agents.agent import ExtensionKind
from tests.api.browser import Browser
from tests.api.conftest import Exchange
from tests.api.floor import Floor
from tests.api.phones.test_phone_gate import register, request
from tests.support.stack import until


async def test_sip_is_carried_both_ways_and_the_line_ends_with_the_browser(
    floor: Floor, address: str, exchange: Exchange
) -> None:
    user = await floor.add_user()
    async with (
        Browser(address, await floor.token(user)) as browser,
        browser.websocket("/phone/ws", protocols=("sip",)) as line,
    ):
        assert line.protocol == "sip"
        said = register(user.extension, user.extension)
        await line.send_str(said)
        assert await line.receive_str() == f"SIP/2.0 200 {said}"
        assert exchange.lines == 1
    await until(lambda: exchange.lines == 0)


async def test_what_is_not_the_own_phones_never_reaches_asterisk_and_ends_the_line(
    floor: Floor, address: str, exchange: Exchange
) -> None:
    user = await floor.add_user()
    said = request("INVITE", sender="demo", to="<sip:5000@everline>", call_id="forged")
    for text in (said, register(user.extension, "1"), register("1", "1")):
        async with (
            Browser(address, await floor.token(user)) as browser,
            browser.websocket("/phone/ws", protocols=("sip",)) as line,
        ):
            await line.send_str(text)
            assert (await line.receive()).type is WSMsgType.CLOSE
            assert line.close_code == 1008
        assert text not in exchange.heard


async def test_log_out_ends_the_phone_line(floor: Floor, address: str, exchange: Exchange) -> None:
    async with (
        Browser(address, await floor.token(await floor.add_user())) as browser,
        browser.websocket("/phone/ws", protocols=("sip",)) as line,
    ):
        await browser.ask("POST", "/logout")
        assert (await line.receive()).type is WSMsgType.CLOSE
        assert line.close_code == 4401
    await until(lambda: exchange.lines == 0)


async def test_the_session_of_somebody_who_has_logged_out_opens_no_phone_line_and_is_no_error(
    floor: Floor, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = await floor.token(await floor.add_user())
    async with Browser(address, token) as browser:
        await browser.ask("POST", "/logout")
    async with Browser(address, token) as browser:
        with pytest.raises(WSServerHandshakeError) as refused:
            await browser.websocket("/phone/ws", protocols=("sip",))
        assert refused.value.status == 401
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_newer_log_in_ends_the_phone_line_of_the_older_one(
    floor: Floor, address: str, exchange: Exchange
) -> None:
    user = await floor.add_user()
    async with (
        Browser(address, await floor.token(user)) as browser,
        browser.websocket("/phone/ws", protocols=("sip",)) as line,
    ):
        await floor.token(user)
        assert (await line.receive()).type is WSMsgType.CLOSE
    await until(lambda: exchange.lines == 0)


async def test_of_the_phone_lines_of_a_log_in_only_the_newest_stays(floor: Floor, address: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        lines = [await browser.websocket("/phone/ws", protocols=("sip",)) for _ in range(2)]
        assert (await lines[0].receive(timeout=5)).type is WSMsgType.CLOSE
        assert lines[0].close_code == 4409
        with pytest.raises(TimeoutError):
            await lines[1].receive(timeout=0.3)
        for line in lines:
            await line.close()


async def test_a_browser_cannot_be_the_phone_of_a_user_with_a_sip_phone(floor: Floor, address: str) -> None:
    user = await floor.add_user(kind=ExtensionKind.SIP)
    async with Browser(address, await floor.token(user)) as browser:
        with pytest.raises(WSServerHandshakeError) as refused:
            await browser.websocket("/phone/ws", protocols=("sip",))
        assert refused.value.status == 409


async def test_a_websocket_that_does_not_speak_sip_is_refused(floor: Floor, address: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        with pytest.raises(WSServerHandshakeError) as refused:
            await browser.websocket("/phone/ws")
        assert refused.value.status == 400


async def test_a_message_of_a_call_of_before_is_thrown_away_and_the_line_goes_on(
    floor: Floor, address: str, exchange: Exchange
) -> None:
    user = await floor.add_user()
    async with (
        Browser(address, await floor.token(user)) as browser,
        browser.websocket("/phone/ws", protocols=("sip",)) as line,
    ):
        bye = request("BYE", call_id="of-before")
        await line.send_str(bye)
        said = register(user.extension, user.extension)
        await line.send_str(said)
        assert await line.receive_str() == f"SIP/2.0 200 {said}"
    assert bye not in exchange.heard
