"""Behind a proxy that speaks TLS: who asks, and whether by TLS, is believed of trusted proxies only."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientSession
from fastapi import FastAPI
from sqlalchemy import event, select

from api.app import create
from api.config import ApiConfig
from api.core import pulse
from api.portal import Portal
from db.models import AuditEntry
from tests.api.browser import Browser
from tests.api.conftest import QuietServer
from tests.api.floor import PASSWORD, Floor
from tests.support.stack import free_ports, until

_OURS = "calls.example.org"


@pytest.fixture(scope="module")
async def behind(config: ApiConfig) -> AsyncIterator[str]:
    """A portal that trusts a proxy on this machine."""
    (port,) = free_ports(1)
    config = replace(config, port=port, trusted_proxies=("127.0.0.1",), names=frozenset({_OURS, "*.example.net"}))
    server = QuietServer(create(config), config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started or serving.done())
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving


def _by_tls(address: str = "203.0.113.9") -> dict[str, str]:
    return {"Host": _OURS, "Origin": f"https://{_OURS}", "X-Forwarded-Proto": "https", "X-Forwarded-For": address}


async def test_by_tls_cookies_are_of_this_host_alone_and_browsers_stay_with_tls(floor: Floor, behind: str) -> None:
    user = await floor.add_user()
    async with ClientSession(behind) as session:
        form = {"name": user.name, "password": PASSWORD}
        answer = await session.post("/login", data=form, headers=_by_tls(), allow_redirects=False)
        assert answer.status == 303
        for cookie in answer.headers.getall("Set-Cookie"):
            assert cookie.startswith("__Host-everline_")
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
            assert "Domain" not in cookie
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        token = answer.cookies["__Host-everline_session"].value
        # A cookie without the prefix may come from a neighbour or from a plain page.
        for name, status in (("__Host-everline_session", 200), ("everline_session", 401)):
            desk = await session.get("/api/v1/desk", headers={**_by_tls(), "Cookie": f"{name}={token}"})
            assert desk.status == status
        headers = {**_by_tls(), "Cookie": f"__Host-everline_session={token}"}
        gone = await session.post("/logout", headers=headers, allow_redirects=False)
        assert gone.headers["Clear-Site-Data"] == '"cache"'
        assert "Secure" in gone.headers["Set-Cookie"]


async def test_a_plain_page_of_the_same_host_may_change_nothing_by_tls(behind: str) -> None:
    async with ClientSession(behind) as session:
        for origin, status in ((f"http://{_OURS}", 403), (f"https://{_OURS}", 401), ("https://[", 403)):
            headers = {**_by_tls(), "Origin": origin}
            answer = await session.put("/api/v1/agent/state", json={"state": "idle"}, headers=headers)
            assert answer.status == status


async def test_refused_log_ins_are_counted_by_who_asks_the_proxy(floor: Floor, behind: str) -> None:
    async with ClientSession(behind) as session:
        for address in ("203.0.113.1", "198.51.100.7, 203.0.113.1"):
            form = {"name": "nobody", "password": "wrong"}
            answer = await session.post("/login", data=form, headers=_by_tls(address))
            assert answer.status == 401
    async with floor.database.read() as session:
        found = await session.scalars(
            select(AuditEntry.origin)
            .where(AuditEntry.action == "login.refused")
            .order_by(AuditEntry.id.desc())
            .limit(2)
        )
        assert set(found) == {"203.0.113.1"}


async def test_nobody_else_may_say_where_a_request_comes_from(floor: Floor, browser: Browser) -> None:
    answer = await browser.ask(
        "POST",
        "/login",
        data={"name": "nobody", "password": "wrong"},
        headers={"X-Forwarded-For": "203.0.113.77", "X-Forwarded-Proto": "https"},
    )
    assert answer.status == 401
    assert "Strict-Transport-Security" not in answer.headers
    async with floor.database.read() as session:
        newest = select(AuditEntry.origin).where(AuditEntry.action == "login.refused").order_by(AuditEntry.id.desc())
        assert await session.scalar(newest.limit(1)) == "127.0.0.1"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (_OURS, 200),
        (f"{_OURS.upper()}:8443", 200),
        ("one.example.net", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 421),
        ("two.one.example.net", 421),
        (f"{_OURS}.evil.example", 421),
        (f"{_OURS}@evil.example", 421),
        ("", 421),
    ],
)
async def test_the_portal_is_served_under_its_own_names(behind: str, host: str, status: int) -> None:
    async with ClientSession(behind) as session:
        assert (await session.get("/healthz", headers={"Host": host})).status == status


async def test_health_is_told_to_many_by_one_look(
    app: FastAPI, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal: Portal = app.state.portal
    looks: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        looks.extend([statement] if statement == "SELECT 1" else [])

    monkeypatch.setattr(pulse, "_GOOD_FOR", 60.0)
    monkeypatch.setattr(portal.pulse, "good_until", 0.0)
    engine = portal.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    answers = await asyncio.gather(*(browser.get("/healthz") for _ in range(50)))
    event.remove(engine, "before_cursor_execute", note)
    assert {answer.status for answer in answers} == {200}
    assert len(looks) == 1
