import json
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from api.portal import Portal
from db.core.engine import Database
from db.inbound import numbers
from domain.agents.agent import Role
from tests.api.browser import Answer, Browser
from tests.api.floor import Floor


def _check(answer: Answer, status: int) -> dict[str, Any]:
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(answer.text)
    assert problem["status"] == status
    assert {"type", "title", "detail"} <= problem.keys()
    return problem


async def test_an_unknown_address_is_a_problem_to_a_program_and_a_page_to_a_person(browser: Browser) -> None:
    _check(await browser.get("/api/v1/nothing"), 404)
    page = await browser.get("/nothing", headers={"Accept": "text/html"})
    assert page.status == 404
    assert "There is nothing at this address." in page.text


async def test_a_wrong_method_is_a_problem_that_names_the_right_ones(browser: Browser) -> None:
    answer = await browser.ask("DELETE", "/api/v1/desk")
    _check(answer, 405)
    assert answer.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    "body",
    [
        '{"state": "dancing"}',
        '{"state": "idle", "more": 1}',
        "[]",
        "{",
        '{"state":"paused","reason":"' + "x" * 81 + '"}',
    ],
)
async def test_a_request_that_makes_no_sense_is_a_problem_that_repeats_nothing_of_it(
    floor: Floor, address: str, body: str
) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        headers = {"Content-Type": "application/json"}
        problem = _check(await browser.ask("PUT", "/api/v1/agent/state", data=body, headers=headers), 422)
        assert problem["errors"]
        assert "dancing" not in json.dumps(problem)


async def test_a_nul_in_an_address_is_a_problem(floor: Floor, address: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        _check(await browser.ask("POST", "/api/v1/calls/a%00b/hang-up"), 422)


async def test_a_control_character_in_a_reason_is_left_out(floor: Floor, address: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        body = {"state": "paused", "reason": "Lu\x00n\u202ech\n"}
        assert (await browser.ask("PUT", "/api/v1/agent/state", json=body)).json["reason"] == "Lunch"


async def test_a_database_that_does_not_answer_is_a_problem_and_not_a_failure(
    app: FastAPI, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal: Portal = app.state.portal
    nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setattr(portal.database, "read", nowhere.read)
    monkeypatch.setattr(portal.pulse, "good_until", 0.0)
    problem = _check(await browser.get("/healthz"), 503)
    assert problem["detail"] == "The database does not answer. Try again in a moment."
    await nowhere.close()


async def test_a_change_that_crosses_another_is_told_so_and_not_made(
    floor: Floor, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def found(*_: object) -> str:
        return "a queue that somebody has removed since"

    # As though the queue had gone between the look and the change.
    monkeypatch.setattr(numbers, "_checked", found)
    async with Browser(address, await floor.token(await floor.add_user(Role.ADMINISTRATOR))) as browser:
        gone = {"number": "70999", "queue_id": str(UUID(int=0))}
        problem = _check(await browser.ask("POST", "/api/v1/admin/numbers", json=gone), 409)
        assert problem["detail"].startswith("Somebody else has changed this at the same moment.")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"state": "idle", "more": 1}', "more: There is no such field."),
        ("{", "This is no JSON."),
        ("[]", "This has to be an object, such as {}."),
        ("{}", "state: This is needed, and it is not there."),
        ('{"state": "paused", "reason": 7}', "reason: This has to be a text."),
    ],
)
async def test_what_is_wrong_with_a_request_is_told_in_our_words(
    floor: Floor, address: str, body: str, told: str
) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        headers = {"Content-Type": "application/json"}
        problem = _check(await browser.ask("PUT", "/api/v1/agent/state", data=body, headers=headers), 422)
        assert problem["detail"].endswith(told), problem["detail"]


@pytest.mark.parametrize("day", ["0", "20261127", "x", "2026-13-01"])
async def test_what_is_no_day_is_refused(floor: Floor, address: str, day: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        problem = _check(await browser.get(f"/api/v1/agent/changes?day={day}"), 422)
        assert "This is no day; 2026-11-27 is one" in problem["detail"]


async def test_all_methods_of_an_address_are_named(browser: Browser) -> None:
    answer = await browser.ask("PUT", f"/api/v1/admin/queues/{UUID(int=0)}", json={})
    _check(answer, 405)
    assert answer.headers["Allow"] == "DELETE, GET, PATCH"


async def test_a_name_that_is_taken_is_not_told_as_impossible_just_now(floor: Floor, address: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user(Role.ADMINISTRATOR))) as browser:
        await browser.ask("POST", "/api/v1/admin/skills", json={"name": "Taken twice"})
        problem = _check(await browser.ask("POST", "/api/v1/admin/skills", json={"name": "Taken twice"}), 409)
        assert problem["title"] == "Taken already"
