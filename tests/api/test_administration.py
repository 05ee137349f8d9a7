from typing import Any

import pytest

from domain.agents.agent import Role
from tests.api.browser import Answer, Browser
from tests.api.floor import Floor

ADMIN = "/api/v1/admin"
OFFICE = {
    "name": "Office",
    "time_zone": "Europe/Berlin",
    "week": [{"weekday": 0, "opens": "09:00:00", "closes": "17:00:00"}],
    "holidays": [{"day": "2026-12-25", "name": "Christmas", "opens": None, "closes": None}],
}


async def signed_in(floor: Floor) -> str:
    return await floor.token(await floor.add_user(Role.ADMINISTRATOR))


async def test_hours_are_made_read_and_replaced(floor: Floor, address: str) -> None:
    async with Browser(address, await signed_in(floor)) as browser:
        made = await browser.ask("POST", f"{ADMIN}/schedules", json=OFFICE)
        assert made.status == 201
        again = await browser.ask("POST", f"{ADMIN}/schedules", json={**OFFICE, "name": "OFFICE"})
        assert again.status == 409
        changed = {**OFFICE, "week": []}
        path = f"{ADMIN}/schedules/{made.json['id']}"
        assert (await browser.ask("PUT", path, json=changed)).status == 200
        found = (await browser.get(f"{ADMIN}/schedules")).json["items"]
        assert [one["hours"] for one in found if one["id"] == made.json["id"]] == [changed]


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"week": [{"weekday": 7, "opens": "09:00", "closes": "10:00"}]},
        {"holidays": [{"day": "2026-12-25", "name": "Half", "opens": "09:00", "closes": None}]},
        {"holidays": [OFFICE["holidays"][0]] * 2},
        {"name": "\x00"},
        {"name": "x" * 81},
    ],
)
async def test_hours_that_cannot_be_meant_are_refused(floor: Floor, address: str, wrong: dict[str, Any]) -> None:
    async with Browser(address, await signed_in(floor)) as browser:
        refused = await browser.ask("POST", f"{ADMIN}/schedules", json={**OFFICE, "name": "Wrong", **wrong})
        assert refused.status == 422
        assert refused.json["detail"]


async def test_a_menu_leads_to_queues_and_a_number_leads_to_it(floor: Floor, address: str) -> None:
    queue = await floor.add_queue()
    menu = {
        "name": f"Front of {queue.name}",
        "prompt": ["hello", "vm-press", "digits/1"],
        "options": {"1": str(queue.queue_id)},
        "repeats": 2,
        "patience_seconds": 5,
        "otherwise_queue_id": None,
    }
    async with Browser(address, await signed_in(floor)) as browser:
        made = await browser.ask("POST", f"{ADMIN}/menus", json=menu)
        assert made.status == 201
        found = (await browser.get(f"{ADMIN}/menus")).json["items"]
        assert {"id": made.json["id"], "menu": menu} in found
        number = {"number": "+49 30 5550100", "menu_id": made.json["id"], "priority": 70}
        assert (await browser.ask("POST", f"{ADMIN}/numbers", json=number)).status == 201
        assert (await browser.ask("POST", f"{ADMIN}/numbers", json=number)).status == 409
        listed = (await browser.get(f"{ADMIN}/numbers")).json["items"]
        leads = {"leads_to": menu["name"], "is_menu": True, "queue_id": None, "menu_id": made.json["id"]}
        assert {"number": "+49305550100", "priority": 70, **leads} in listed
        assert (await browser.ask("DELETE", f"{ADMIN}/numbers/+49305550100")).status == 200
        assert (await browser.ask("DELETE", f"{ADMIN}/numbers/+49305550100")).status == 404


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"options": {}}, 422),
        ({"options": {"11": "QUEUE"}}, 422),
        ({"options": {"1": "00000000-0000-0000-0000-000000000000"}}, 404),
        ({"prompt": []}, 422),
        ({"prompt": ["hello&x=1"]}, 422),
        ({"prompt": ["../secret?"]}, 422),
        ({"repeats": 0}, 422),
        ({"patience_seconds": 10**9}, 422),
    ],
)
async def test_a_menu_that_cannot_be_meant_is_refused(
    floor: Floor, address: str, wrong: dict[str, Any], status: int
) -> None:
    queue = await floor.add_queue()
    options = {key: str(queue.queue_id) if to == "QUEUE" else to for key, to in wrong.get("options", {}).items()}
    menu = {"name": "Wrong", "prompt": ["hello"], "options": {"1": str(queue.queue_id)}, **wrong}
    menu["options"] = options if "options" in wrong else menu["options"]
    async with Browser(address, await signed_in(floor)) as browser:
        assert (await browser.ask("POST", f"{ADMIN}/menus", json=menu)).status == status


async def test_a_number_leads_to_one_thing_with_a_priority_that_exists(floor: Floor, address: str) -> None:
    queue = await floor.add_queue()
    async with Browser(address, await signed_in(floor)) as browser:
        for wrong in (
            {},
            {"queue_id": str(queue.queue_id), "priority": 100},
            {"queue_id": str(queue.queue_id), "priority": 0},
        ):
            assert (await browser.ask("POST", f"{ADMIN}/numbers", json={"number": "5551", **wrong})).status == 422


async def test_codes_and_reasons_come_and_go(floor: Floor, address: str) -> None:
    queue = str((await floor.add_queue()).queue_id)
    async with Browser(address, await signed_in(floor)) as browser:

        async def add(**code: str) -> Answer:
            return await browser.ask("POST", f"{ADMIN}/wrap-up-codes", json={"queue_id": queue, **code})

        made = await add(name="Sold", key="1")
        assert made.status == 201
        assert (await add(name="sold")).status == 409
        assert (await add(name="Odd", key="0")).status == 422
        assert (await browser.ask("DELETE", f"{ADMIN}/wrap-up-codes/{made.json['id']}")).status == 200
        assert (await browser.ask("POST", f"{ADMIN}/pause-reasons", json={"name": "No answer"})).status == 422


async def test_an_exit_needs_the_queue_that_it_leads_to(floor: Floor, address: str) -> None:
    queue, other = await floor.add_queue(), await floor.add_queue()
    path = f"{ADMIN}/queues/{queue.queue_id}/exits"
    async with Browser(address, await signed_in(floor)) as browser:
        for wrong in (
            {"action": "queue"},
            {"action": "queue", "target_queue_id": str(queue.queue_id)},
            {"action": "dance"},
        ):
            assert (await browser.ask("PUT", f"{path}/full", json=wrong)).status == 422
        assert (await browser.ask("PUT", f"{path}/sometimes", json={"action": "hang_up"})).status == 422
        right = {"action": "queue", "target_queue_id": str(other.queue_id), "message": None}
        assert (await browser.ask("PUT", f"{path}/full", json=right)).status == 200
        found = (await browser.get(f"{ADMIN}/queues/{queue.queue_id}")).json["exits"]
        assert found == [{"occasion": "full", **right}]
