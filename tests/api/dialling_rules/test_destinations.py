"""Whom agents may call and how much, as administrators say, and what agents read of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import delete

from db.models import DestinationRule, DialLimit
from tests.api.admin import NOBODY, office
from tests.api.browser import Browser
from tests.api.floor import Floor


@pytest.fixture(autouse=True)
async def as_it_was(floor: Floor) -> AsyncIterator[None]:
    """Rules hold for everybody, so none stays for another test."""
    yield
    async with floor.database.write() as session:
        await session.execute(delete(DestinationRule))
        await session.execute(delete(DialLimit))


async def test_a_destination_is_added_listed_used_and_removed(floor: Floor, address: str) -> None:
    async with office(floor, address) as boss:
        made = await boss.done("POST", "/destinations", {"prefix": "+44 (20)", "name": "London"})
        assert made == {"id": made["id"], "prefix": "+4420", "allowed": True, "name": "London"}
        again = await boss.refused("POST", "/destinations", {"prefix": "+4420", "allowed": False})
        assert again == (409, "There is a destination +4420 already. Remove it first to change it.")
        listed = await boss.done("GET", "/destinations")
        assert listed == {"region": "US", "items": [made]}
        check = await boss.done("GET", "/destinations/check?number=%2B44+20+7946+0123")
        assert check == {"number": "+442079460123", "refusal": None, "decided_by": "+4420"}
        await boss.done("DELETE", f"/destinations/{made['id']}")
        check = await boss.done("GET", "/destinations/check?number=%2B44+20+7946+0123")
        assert (check["number"], check["decided_by"]) == (None, None)
        assert "not among the destinations" in check["refusal"]
        assert await boss.refused("DELETE", f"/destinations/{made['id']}") == (404, "There is no such destination.")
        assert [action for action, _ in await boss.audited(made["id"])] == ["destination.added", "destination.removed"]


@pytest.mark.parametrize(
    "wrong", [{"prefix": "44"}, {"prefix": "+4"}, {"prefix": "+44 or +49"}, {"prefix": "+"}, {"name": "\x00"}]
)
async def test_a_destination_that_cannot_be_meant_is_refused(floor: Floor, address: str, wrong: dict[str, Any]) -> None:
    async with office(floor, address) as boss:
        status, detail = await boss.refused("POST", "/destinations", {"prefix": "+44", **wrong})
        assert status == 422
        assert "prefix" not in wrong or "whole country code: +44, +4930 or +1900" in detail


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("+1 900 555 0199", "+1 900-555-0199 is a premium, shared-cost or other special number"),
        ("+442079460123", "+44 20 7946 0123 is not among the destinations that may be called. An administrator can"),
        ("2125550147", "+1 212-555-0147 is among the destinations that may not be called."),
        ("911", "911 is an emergency number"),
        ("411", "411 is too short"),
        ("2025550147 ext 5", "2025550147 ext 5 has an extension."),
        ("nobody", "nobody is no telephone number."),
    ],
)
async def test_an_agent_reads_why_a_number_is_not_called(floor: Floor, address: str, number: str, told: str) -> None:
    async with office(floor, address) as boss:
        await boss.done("POST", "/destinations", {"prefix": "+1212", "allowed": False})
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        answer = await browser.ask("POST", "/api/v1/calls", json={"number": number})
    assert (answer.status, answer.headers["Content-Type"]) == (409, "application/problem+json")
    assert answer.json["detail"].startswith(told)


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"handle": "number:+442079460123"}, 409, "+44 20 7946 0123 is not among the destinations"),
        ({"handle": "somebody:7"}, 409, "Whom to call is not known any more."),
        ({"handle": "number:+12025550147", "number": "+12025550147"}, 422, ""),
        ({}, 422, ""),
    ],
)
async def test_a_party_is_called_by_its_handle_under_the_same_rules(
    floor: Floor, address: str, body: dict[str, Any], status: int, told: str
) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        answer = await browser.ask("POST", "/api/v1/calls", json=body)
    assert answer.status == status
    assert answer.json["detail"].startswith(told)


async def test_limits_are_everybodys_until_a_user_has_other_ones(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    own = f"/users/{user.user_id}/dial-limits"
    usual = {"a_minute": 12, "at_once": 3}
    async with office(floor, address) as boss:
        assert await boss.done("GET", own) == {"set": {"a_minute": None, "at_once": None}, "in_force": usual}
        await boss.done("PUT", "/dial-limits", {"a_minute": 4})
        assert (await boss.done("GET", own))["in_force"] == {"a_minute": 4, "at_once": 3}
        told = await boss.done("PUT", own, {"at_once": 0})
        assert told == {"set": {"a_minute": None, "at_once": 0}, "in_force": {"a_minute": 4, "at_once": 0}}
        assert (await boss.done("GET", "/dial-limits"))["in_force"] == {"a_minute": 4, "at_once": 3}
        assert await boss.audited(user.user_id) == [("dial_limits.changed", {"a_minute": None, "at_once": 0})]
        assert (await boss.done("PUT", own, {}))["in_force"] == {"a_minute": 4, "at_once": 3}


@pytest.mark.parametrize("wrong", [{"a_minute": -1}, {"a_minute": 61}, {"at_once": 51}, {"at_once": "3"}])
async def test_limits_that_cannot_be_meant_are_refused(floor: Floor, address: str, wrong: dict[str, Any]) -> None:
    async with office(floor, address) as boss:
        assert (await boss.refused("PUT", "/dial-limits", wrong))[0] == 422


async def test_nobody_has_no_limits(floor: Floor, address: str) -> None:
    async with office(floor, address) as boss:
        assert (await boss.refused("GET", f"/users/{NOBODY}/dial-limits"))[0] == 404
