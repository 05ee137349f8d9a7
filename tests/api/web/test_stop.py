import asyncio
from dataclasses import replace

import pytest
from aiohttp import WSMsgType

from api.app import create
from api.config import ApiConfig
from tests.api.browser import Browser
from tests.api.conftest import Exchange, QuietServer
from tests.api.floor import Floor
from tests.support.stack import free_ports, until


async def test_a_stop_ends_streams_and_phone_lines_at_once(config: ApiConfig, floor: Floor, exchange: Exchange) -> None:
    (port,) = free_ports(1)
    config = replace(config, port=port)
    server = QuietServer(create(config), config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    token = await floor.token(await floor.add_user())
    async with (
        Browser(f"http://127.0.0.1:{port}", token) as browser,
        browser.events() as stream,
        browser.websocket("/phone/ws", protocols=("sip",)) as line,
    ):
        async with asyncio.timeout(2):
            server.should_exit = True
            with pytest.raises(EOFError):
                await stream.until("never")
            assert (await line.receive()).type is WSMsgType.CLOSE
            await serving
