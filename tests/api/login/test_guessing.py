"""Passwords cannot be guessed, and nobody is kept out by whoever tries."""

import asyncio
import time

import pytest
from aiohttp import ClientTimeout
from fastapi import FastAPI
from sqlalchemy import func, select

from api.portal import Portal
from api.web.cookies import BROWSER
from db.accounts import accounts
from db.core.clock import now
from db.models import AuditEntry, LoginFailure
from db.users import logins, passwords, users
from db.users.logins import Attempt
from domain.agents.agent import Role
from tests.api.admin import office
from tests.api.browser import Browser
from tests.api.floor import PASSWORD, Floor


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has to wait waits for longer than a request may, so that no test has to."""
    monkeypatch.setattr(logins, "FIRST_GAP", logins.LONGEST_GAP)


async def _guess(browser: Browser, name: str, times: int) -> list[int]:
    return [(await browser.log_in(name, f"wrong {attempt}")).status for attempt in range(times)]


async def test_guesses_get_ever_slower_and_then_have_to_come_again(floor: Floor, browser: Browser, quick: None) -> None:
    user = await floor.add_user()
    statuses = await _guess(browser, user.name, 10)
    assert statuses == [401] * logins.FREE_FOR_A_PAIR + [429] * (10 - logins.FREE_FOR_A_PAIR)
    refused = await browser.log_in(user.name)
    assert refused.status == 429
    assert 0 < int(refused.headers["Retry-After"]) <= logins.LONGEST_GAP.total_seconds()
    assert "Too many log-ins have failed. Try again in " in refused.text


async def test_guesses_at_the_same_time_are_counted_as_well(floor: Floor, browser: Browser, quick: None) -> None:
    user = await floor.add_user()
    answers = await asyncio.gather(*(browser.log_in(user.name, "wrong") for _ in range(12)))
    assert sorted(answer.status for answer in answers) == [401] * 5 + [429] * 7


async def test_somebody_who_mistyped_for_long_waits_seconds_and_is_in(floor: Floor, browser: Browser) -> None:
    user = await floor.add_user()
    await _guess(browser, user.name, logins.FREE_FOR_A_PAIR + 1)
    began = time.monotonic()
    assert (await browser.log_in(user.name)).status == 303
    assert 1 < time.monotonic() - began < logins.PATIENCE.total_seconds()


async def test_the_owner_at_a_browser_of_the_own_waits_for_no_guesser(
    floor: Floor, browser: Browser, address: str, quick: None
) -> None:
    user = await floor.add_user()
    async with Browser(address) as own:
        assert (await own.log_in(user.name)).status == 303
        assert 429 in await _guess(browser, user.name, 8)
        assert 429 in await _guess(browser, user.agent_id, 8)
        await own.ask("POST", "/logout")
        assert (await own.log_in(user.name)).status == 303
        assert (await own.log_in(user.agent_id)).status == 303


async def test_a_browser_is_known_to_its_own_user_alone_and_until_the_password_changes(
    floor: Floor, address: str, quick: None
) -> None:
    user, other = await floor.add_user(), await floor.add_user()
    async with Browser(address) as own, Browser(address) as stranger:
        assert (await own.log_in(user.name)).status == 303
        assert 429 in await _guess(stranger, other.name, 8)
        assert (await own.log_in(other.name)).status == 429
        async with floor.database.write() as session:
            account = await users.find(session, user.name)
            await accounts.reset_password(session, account, PASSWORD, now())
        assert 429 in await _guess(stranger, user.name, 8)
        assert (await own.log_in(user.name)).status == 429


async def test_name_and_agent_id_do_not_tell_on_each_other(floor: Floor, browser: Browser, quick: None) -> None:
    user = await floor.add_user()
    assert 429 in await _guess(browser, user.name, 8)
    assert (await browser.log_in(user.agent_id, "wrong")).status == 401


async def test_a_reset_by_the_administrator_undoes_the_guesses(
    floor: Floor, browser: Browser, address: str, quick: None
) -> None:
    user = await floor.add_user()
    await _guess(browser, user.name, 8)
    async with office(floor, address) as administration:
        await administration.done("DELETE", f"/users/{user.user_id}/failed-logins")
        assert (await browser.log_in(user.name)).status == 303
        await _guess(browser, user.agent_id, 8)
        password = (await administration.done("POST", f"/users/{user.user_id}/password", {}))["password"]
        assert (await browser.log_in(user.agent_id, password)).status == 303


async def test_two_hundred_agents_of_one_office_are_in_within_seconds(
    app: FastAPI, floor: Floor, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal: Portal = app.state.portal

    async def verify(password: str, password_hash: str | None, *, is_known: bool = False) -> bool:
        # As passwords are checked, short of the work that makes it slow.
        await asyncio.sleep(0)
        return password == password_hash

    monkeypatch.setattr(portal.verifier, "verify", verify)
    monkeypatch.setattr(passwords, "hash_password", lambda password, _: password)
    agents = [await floor.add_user() for _ in range(200)]

    async def arrive(number: int) -> None:
        async with Browser(address) as browser:
            typed = ["mistyped", PASSWORD] if number % 8 == 0 else [PASSWORD]
            form = {"name": agents[number].name}
            answers = [
                await browser.ask("POST", "/login", data={**form, "password": password}, timeout=ClientTimeout(90))
                for password in typed
            ]
            assert [answer.status for answer in answers] == [401, 303][-len(answers) :]

    await asyncio.gather(*(arrive(number) for number in range(200)))


async def test_a_name_that_many_networks_guess_at_gets_slow_for_strangers_only(floor: Floor) -> None:
    user = await floor.add_user()
    key, moment = logins.name_key(user.name), now()
    async with floor.database.write() as session:
        for number in range(logins.FREE_FOR_A_NAME):
            session.add(LoginFailure(name_key=key, address=f"203.0.113.{number}", at=moment, failed=True))
        stranger = await logins.admit(session, Attempt(key, logins.source_of("198.51.100.7"), moment))
        owner = await logins.admit(session, Attempt(key, logins.source_of("198.51.100.7", "own"), moment))
    assert stranger.at > moment
    assert owner.at == moment


async def test_a_network_that_guesses_at_many_names_gets_slow_but_for_known_browsers(floor: Floor) -> None:
    moment, source = now(), logins.source_of("203.0.113.9")
    async with floor.database.write() as session:
        for number in range(logins.FREE_FOR_A_NETWORK):
            session.add(LoginFailure(name_key=f"name {number}", address=source, at=moment, failed=True))
        stranger = await logins.admit(session, Attempt("somebody", source, moment))
        owner = await logins.admit(session, Attempt("somebody", logins.source_of("203.0.113.9", "own"), moment))
    assert moment < stranger.at <= moment + logins.PATIENCE
    assert owner.at == moment


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_an_ipv6_customer_is_one_network(one: str, other: str, *, same: bool) -> None:
    assert (logins.source_of(one) == logins.source_of(other)) is same


async def test_refused_log_ins_are_in_the_audit_but_do_not_fill_it(
    floor: Floor, address: str, browser: Browser, quick: None
) -> None:
    for number in range(20):
        assert (await browser.log_in(f"nobody\u202e {number}", "wrong")).status == 401
    async with office(floor, address) as administration:
        found = await administration.done("GET", "/audit?action=login.refused&limit=50")
    entries = [entry for entry in found["items"] if entry["subject"].startswith("nobody ")]
    assert 5 <= len(entries) <= 8
    assert all(entry["origin"] == "127.0.0.1" and entry["user"] is None for entry in entries)


async def test_a_log_in_is_in_the_audit_and_what_the_browser_keeps_is_on_no_page(
    floor: Floor, browser: Browser
) -> None:
    user = await floor.add_user()
    answer = await browser.log_in(user.name)
    assert answer.status == 303
    async with floor.database.read() as session:
        noted = select(func.count()).where(AuditEntry.action == "login.done", AuditEntry.user_id == user.user_id)
        assert await session.scalar(noted) == 1
    assert BROWSER not in (await browser.get("/")).text


async def test_users_change_their_own_password(floor: Floor, address: str) -> None:
    user = await floor.add_user(Role.AGENT)
    path = "/api/v1/account/password"
    async with Browser(address) as browser:
        await browser.log_in(user.name)
        wrong = await browser.ask("PUT", path, json={"current": "not it", "new": "four words in a row"})
        assert (wrong.status, wrong.json["detail"]) == (403, "The present password is not right.")
        for weak in ("short", "password2026", f"{user.name}1234"):
            assert (await browser.ask("PUT", path, json={"current": PASSWORD, "new": weak})).status == 422
        changed = await browser.ask("PUT", path, json={"current": PASSWORD, "new": "four words in a row"})
        assert changed.status == 200, changed.text
        assert (await browser.get("/api/v1/desk")).status == 200
        assert (await browser.log_in(user.name)).status == 401
        assert (await browser.log_in(user.name, "four words in a row")).status == 303


async def test_the_present_password_cannot_be_guessed_there_either(floor: Floor, address: str, quick: None) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        change = {"current": "not it", "new": "four words in a row"}
        statuses = [(await browser.ask("PUT", "/api/v1/account/password", json=change)).status for _ in range(8)]
        assert statuses == [403] * 5 + [429] * 3
