"""Whoever has a password that an administrator knows chooses another one, and does nothing else before."""

import pytest
from aiohttp import WSServerHandshakeError

from tests.api.admin import office
from tests.api.browser import Browser
from tests.api.conftest import Exchange
from tests.api.floor import Floor

NEW = "nine trains to the sea"
GIVEN = "urn:everline:problem:password-is-given"


async def test_a_new_user_does_nothing_before_choosing_a_password(
    floor: Floor, address: str, browser: Browser, exchange: Exchange
) -> None:
    async with office(floor, address) as boss:
        made = await boss.done("POST", "/users", {"name": "Ute Erstmals", "role": "administrator"})
    given = made["password"]
    assert (await browser.log_in(made["agent_id"], given)).headers["Location"] == "/users"
    for method, path in (("GET", "/api/v1/desk"), ("GET", "/api/v1/events"), ("GET", "/api/v1/admin/users")):
        answer = await browser.ask(method, path)
        assert (answer.status, answer.json["type"]) == (403, GIVEN)
        assert "Choose a password of your own first" in answer.json["detail"]
    with pytest.raises(WSServerHandshakeError):
        await browser.websocket("/phone/ws", protocols=("sip",))
    assert exchange.lines == 0
    page = await browser.get("/", headers={"Accept": "text/html"})
    assert (page.status, page.headers["Location"]) == (303, "/password")
    assert "Ute Erstmals" in (await browser.get("/password")).text
    change = {"current": given, "new": NEW}
    assert (await browser.ask("PUT", "/api/v1/account/password", json=change)).status == 200
    assert (await browser.get("/api/v1/desk")).status == 200
    assert (await browser.get("/password")).headers["Location"] == "/users"


@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ({"again": "something else"}, 422, "not the same"),
        ({"new": "short", "again": "short"}, 422, "10 to 128 characters"),
        ({"current": "wrong"}, 403, "not right"),
        ({"new": "{given}", "again": "{given}"}, 422, "Choose another one"),
        ({}, 303, ""),
    ],
)
async def test_the_page_says_what_is_wrong_and_goes_on_when_nothing_is(
    floor: Floor, address: str, typed: dict[str, str], status: int, told: str
) -> None:
    user = await floor.add_user()
    async with office(floor, address) as boss:
        given = (await boss.done("POST", f"/users/{user.user_id}/password", {}))["password"]
    async with Browser(address) as browser:
        assert (await browser.log_in(user.agent_id, given)).status == 303
        form = {"current": given, "new": NEW, "again": NEW}
        form |= {name: value.format(given=given) for name, value in typed.items()}
        answer = await browser.ask("POST", "/password", data=form)
        assert (answer.status, told in answer.text) == (status, True)
        assert (await browser.get("/api/v1/desk")).status == (200 if status == 303 else 403)
