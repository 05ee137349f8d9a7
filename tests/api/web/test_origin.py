import pytest
from aiohttp import WSServerHandshakeError

from tests.api.browser import Browser
from tests.api.floor import Floor

_STATE = {"state": "paused"}
FOREIGN = [
    {"Origin": "https://attacker.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1.attacker.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": ""},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_a_change_that_another_site_asks_for_is_refused(
    floor: Floor, address: str, headers: dict[str, str]
) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        answer = await browser.ask("PUT", "/api/v1/agent/state", json=_STATE, headers=headers)
        assert answer.status == 403
        assert answer.json["type"] == "urn:everline:problem:foreign-origin"
        assert (await browser.desk())["agent"]["state"] == "offline"


async def test_log_in_and_log_out_cannot_be_forced_by_another_site(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    async with Browser(address, await floor.token(user)) as browser:
        for path in ("/login", "/logout"):
            answer = await browser.ask("POST", path, headers={"Origin": "https://attacker.example"})
            assert answer.status == 403
        assert (await browser.get("/api/v1/desk")).status == 200


async def test_a_browser_that_names_only_the_site_may_change_things(floor: Floor, address: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user()), origin=None) as browser:
        for headers, status in (({"Sec-Fetch-Site": "same-origin"}, 200), ({}, 403)):
            answer = await browser.ask("PUT", "/api/v1/agent/state", json=_STATE, headers=headers)
            assert answer.status == status


@pytest.mark.parametrize("origin", ["https://attacker.example", "null", None])
async def test_a_phone_line_from_a_foreign_page_is_refused(floor: Floor, address: str, origin: str | None) -> None:
    async with Browser(address, await floor.token(await floor.add_user()), origin=origin) as browser:
        with pytest.raises(WSServerHandshakeError) as refused:
            await browser.websocket("/phone/ws", protocols=("sip",))
        assert refused.value.status == 403


async def test_pages_may_load_nothing_from_elsewhere_nor_be_framed(browser: Browser) -> None:
    headers = (await browser.get("/login")).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers
