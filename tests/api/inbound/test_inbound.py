from typing import Any

import pytest
from fastapi import FastAPI

from tests.api.admin import ADMIN, NOBODY, office
from tests.api.floor import Floor


async def test_hours_that_a_queue_has_stay(floor: Floor, address: str) -> None:
    queue = await floor.add_queue()
    async with office(floor, address) as boss:
        made = await boss.done("POST", "/schedules", {"name": f"Hours of {queue.name}", "time_zone": "UTC"})
        await boss.done("PATCH", f"/queues/{queue.queue_id}", {"schedule_id": made["id"]})
        status, detail = await boss.refused("DELETE", f"/schedules/{made['id']}")
        assert (status, f": {queue.name}." in detail) == (409, True)
        await boss.done("PATCH", f"/queues/{queue.queue_id}", {"schedule_id": None})
        await boss.done("DELETE", f"/schedules/{made['id']}")
        assert [action for action, _ in await boss.audited(made["id"])] == ["schedule.added", "schedule.removed"]


async def test_two_opening_hours_cannot_have_one_name(floor: Floor, address: str) -> None:
    queue = await floor.add_queue()
    first, second = ({"name": f"{name} of {queue.name}", "time_zone": "UTC"} for name in ("First", "Second"))
    async with office(floor, address) as boss:
        await boss.done("POST", "/schedules", first)
        made = await boss.done("POST", "/schedules", second)
        assert (await boss.refused("PUT", f"/schedules/{made['id']}", {**first, "name": first["name"].upper()}))[
            0
        ] == 409


@pytest.mark.parametrize("clock", ["09:00+02:00", "09:00Z", "25:00", "nine"])
async def test_a_time_that_is_not_on_the_wall_there_is_refused(floor: Floor, address: str, clock: str) -> None:
    hours = {"name": "Odd", "time_zone": "UTC", "week": [{"weekday": 0, "opens": clock, "closes": "17:00"}]}
    async with office(floor, address) as boss:
        assert (await boss.refused("POST", "/schedules", hours))[0] == 422


async def test_a_menu_that_a_number_leads_to_stays(floor: Floor, address: str) -> None:
    queue = await floor.add_queue()
    menu = {"name": f"Menu of {queue.name}", "prompt": ["hello"], "options": {"1": str(queue.queue_id)}}
    async with office(floor, address) as boss:
        made = (await boss.done("POST", "/menus", menu))["id"]
        await boss.done("POST", "/numbers", {"number": "70200", "menu_id": made})
        status, detail = await boss.refused("DELETE", f"/menus/{made}")
        assert (status, "70200" in detail) == (409, True)
        await boss.done("PUT", "/numbers/70200", {"queue_id": str(queue.queue_id), "priority": 80})
        await boss.done("DELETE", f"/menus/{made}")
        [number] = [one for one in (await boss.done("GET", "/numbers"))["items"] if one["number"] == "70200"]
        assert (number["leads_to"], number["priority"]) == (queue.name, 80)
        assert [action for action, _ in await boss.audited("70200")] == ["number.added", "number.changed"]


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ({}, 422),
        ({"queue_id": str(NOBODY)}, 404),
        ({"menu_id": str(NOBODY)}, 404),
        ({"queue_id": "QUEUE", "menu_id": str(NOBODY)}, 422),
        ({"queue_id": "QUEUE", "priority": 0}, 422),
        ({"queue_id": "QUEUE", "priority": "50"}, 422),
    ],
)
async def test_a_number_leads_to_one_thing_that_is_there(
    floor: Floor, address: str, to: dict[str, Any], status: int
) -> None:
    queue = await floor.add_queue()
    body = {name: str(queue.queue_id) if value == "QUEUE" else value for name, value in to.items()}
    async with office(floor, address) as boss:
        assert (await boss.refused("POST", "/numbers", {"number": "70300", **body}))[0] == status
        assert "70300" not in {number["number"] for number in (await boss.done("GET", "/numbers"))["items"]}


async def test_a_key_gives_one_code_of_a_queue(floor: Floor, address: str) -> None:
    queue, other = await floor.add_queue(), await floor.add_queue()
    async with office(floor, address) as boss:
        first = {"name": "First", "key": "1", "queue_id": str(queue.queue_id)}
        await boss.done("POST", "/wrap-up-codes", first)
        status, detail = await boss.refused("POST", "/wrap-up-codes", {**first, "name": "Second"})
        assert (status, detail) == (409, "The key 1 gives First already. Choose another key.")
        await boss.done("POST", "/wrap-up-codes", {**first, "queue_id": str(other.queue_id)})
        assert (await boss.refused("POST", "/wrap-up-codes", {**first, "queue_id": str(NOBODY)}))[0] == 404


async def test_a_skill_is_renamed_and_forgotten(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    async with office(floor, address) as boss:
        skill = (await boss.done("POST", "/skills", {"name": f"Old {user.name}"}))["id"]
        await boss.done("PUT", f"/agents/{user.user_id}/skills/{skill}", {"level": 3})
        await boss.done("PUT", f"/skills/{skill}", {"name": f"New {user.name}"})
        known = (await boss.done("GET", "/skills"))["agents"]
        assert [one["skill"] for one in known if one["user_id"] == str(user.user_id)] == [f"New {user.name}"]
        await boss.done("DELETE", f"/skills/{skill}")
        assert str(user.user_id) not in {one["user_id"] for one in (await boss.done("GET", "/skills"))["agents"]}


def test_every_route_and_field_of_administration_is_described(app: FastAPI) -> None:
    description = app.openapi()
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if path.startswith(ADMIN):
                about = f"{method} {path}"
                assert operation["summary"], about
                assert operation["description"].endswith("."), about
                assert {"401", "403", "503"} <= operation["responses"].keys(), about
    for name in ("QueueChanges", "NewUserIn", "MenuModel", "HoursModel", "NewNumber", "ExitIn"):
        schema = description["components"]["schemas"][name]
        assert schema["description"], name
        assert "examples" in str(schema), name
