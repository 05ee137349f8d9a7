from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete

from db.accounts.accounts import NewAccount
from db.agents import attendance
from db.core.clock import now
from db.models import Callback, Extension, Voicemail, WaitingCall
from domain.agents.agent import ExtensionKind, Role
from domain.queues.queue import ServiceLevel, Strategy
from tests.api.admin import NOBODY, office
from tests.api.browser import Browser
from tests.api.floor import Floor
from tests.support.registrations import set_phones

EVERY_RULE: Mapping[str, Any] = {
    "strategy": Strategy.LINEAR,
    "weight": 7,
    "ring_seconds": 15,
    "wrap_up_seconds": 0,
    "wrap_up_code_required": False,
    "recorded": False,
    "music": "default",
    "no_answer_limit": None,
    "max_wait_seconds": 300,
    "max_waiting": 20,
    "aging_seconds": 30,
    "skill_widening_seconds": 60,
    "service_level_seconds": 10,
    "service_level_formula": ServiceLevel.OF_ANSWERED,
    "short_abandon_seconds": 3,
    "announce_seconds": 45,
    "announce_position": False,
    "announce_wait": False,
    "callback_key": "5",
    "callback_attempts": 2,
    "callback_busy_seconds": 60,
    "callback_no_answer_seconds": 600,
    "schedule_id": None,
    "shown_number": "+49301230",
}


async def ready_agent(floor: Floor) -> NewAccount:
    """An idle agent whose phone is there."""
    user = await floor.add_user(kind=ExtensionKind.SIP)
    async with floor.database.write() as session:
        await set_phones(session, Extension.user_id == user.user_id)
        await attendance.arrive(session, user.user_id, now())
    return user


async def test_every_rule_can_be_set_and_read(floor: Floor, address: str) -> None:
    queue = await floor.add_queue()
    async with office(floor, address) as boss:
        await boss.done("PATCH", f"/queues/{queue.queue_id}", {**EVERY_RULE, "name": f"{queue.name} renamed"})
        found = await boss.done("GET", f"/queues/{queue.queue_id}")
        assert (found["name"], found["rules"]) == (f"{queue.name} renamed", EVERY_RULE)
        [(action, facts)] = await boss.audited(queue.queue_id)
        assert (action, facts["strategy"], facts["no_answer_limit"]) == ("queue.changed", "linear", None)


async def test_what_is_left_out_stays(floor: Floor, address: str) -> None:
    queue = await floor.add_queue()
    async with office(floor, address) as boss:
        before = (await boss.done("GET", f"/queues/{queue.queue_id}"))["rules"]
        await boss.done("PATCH", f"/queues/{queue.queue_id}", {"max_waiting": 3})
        assert (await boss.done("GET", f"/queues/{queue.queue_id}"))["rules"] == {**before, "max_waiting": 3}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ring_seconds": 4}, "ring_seconds is a whole number from 5 to 120."),
        ({"ring_seconds": None}, "ring_seconds is a whole number from 5 to 120."),
        ({"max_wait_seconds": 0}, "from 5 to 86400, or none to turn it off."),
        ({"no_answer_limit": 10**30}, "from 1 to 100"),
        ({"strategy": None}, "strategy is one of these: "),
        ({"recorded": None}, "recorded is true or false."),
        ({"callback_key": "12"}, "one key of a telephone"),
        ({"callback_key": "A"}, "one key of a telephone"),
        ({"schedule_id": str(NOBODY)}, "no such opening hours"),
        ({"name": None}, "name is a text."),
        ({"name": "12345"}, "has no letter"),
        ({"name": "\x00 Queue"}, "control characters"),
        ({"ring_seconds": "20"}, "ring_seconds: Input should be a valid integer"),
        ({"ring_seconds": True}, "ring_seconds: Input should be a valid integer"),
        ({"ring_seconds": 20.5}, "ring_seconds: Input should be a valid integer"),
        ({"recorded": "yes"}, "recorded: Input should be a valid boolean"),
        ({"schedule_id": "office"}, "schedule_id: Input should be a valid UUID"),
        ({"colour": "red"}, "colour: There is no such field"),
    ],
)
async def test_a_rule_that_cannot_be_meant_says_what_could(
    floor: Floor, address: str, wrong: dict[str, Any], told: str
) -> None:
    queue = await floor.add_queue()
    async with office(floor, address) as boss:
        before = await boss.done("GET", f"/queues/{queue.queue_id}")
        status, detail = await boss.refused("PATCH", f"/queues/{queue.queue_id}", {"weight": 9, **wrong})
        assert (status, told in detail) == (422, True), detail
        assert await boss.done("GET", f"/queues/{queue.queue_id}") == before


async def test_two_queues_cannot_have_one_name(floor: Floor, address: str) -> None:
    queue, other = await floor.add_queue(), await floor.add_queue()
    async with office(floor, address) as boss:
        for method, path in (("POST", "/queues"), ("PATCH", f"/queues/{other.queue_id}")):
            status, detail = await boss.refused(method, path, {"name": queue.name.upper()})
            assert (status, "Choose another name." in detail) == (409, True)


async def test_a_new_name_reaches_the_pages_of_its_agents(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue(user)
    async with (
        office(floor, address) as boss,
        Browser(address, await floor.token(user)) as page,
        page.events(after=(await page.desk())["cursor"]) as stream,
    ):
        await boss.done("PATCH", f"/queues/{queue.queue_id}", {"name": f"{queue.name} again"})
        desk = await stream.until("desk")
        assert [shown["name"] for shown in desk.data["queues"]] == [f"{queue.name} again"]


async def test_a_code_is_required_only_where_there_is_one(floor: Floor, address: str) -> None:
    queue = await floor.add_queue()
    async with office(floor, address) as boss:
        required = {"wrap_up_code_required": True}
        assert (await boss.refused("PATCH", f"/queues/{queue.queue_id}", required))[0] == 409
        new = {"name": "Only here", "key": "9", "queue_id": str(queue.queue_id)}
        code = (await boss.done("POST", "/wrap-up-codes", new))["id"]
        await boss.done("PATCH", f"/queues/{queue.queue_id}", required)
        status, detail = await boss.refused("DELETE", f"/wrap-up-codes/{code}")
        assert (status, detail) == (
            409, f"Calls of {queue.name} need a wrap-up code, and Only here is the last. Add another."
        )  # fmt: skip


async def test_a_new_member_is_held_for_the_call_that_waits(floor: Floor, address: str) -> None:
    agent, queue = await ready_agent(floor), await floor.add_queue()
    call_id = await floor.add_waiting_call(queue)
    async with office(floor, address) as boss:
        await boss.done("PUT", f"/queues/{queue.queue_id}/members/{agent.user_id}", {})
        assert await floor.is_claimed(call_id) == agent.user_id
        [(action, facts)] = await boss.audited(queue.queue_id)
        assert (action, facts["name"], facts["penalty"]) == ("queue.member_added", agent.name, 0)


async def test_only_somebody_who_is_there_can_serve_a_queue(floor: Floor, address: str) -> None:
    queue, gone = await floor.add_queue(), await floor.add_user()
    async with office(floor, address) as boss:
        await boss.done("DELETE", f"/users/{gone.user_id}")
        for user_id in (NOBODY, gone.user_id):
            assert (await boss.refused("PUT", f"/queues/{queue.queue_id}/members/{user_id}", {}))[0] == 404
        member = f"/queues/{NOBODY}/members/{boss.user.user_id}"
        assert (await boss.refused("PUT", member, {}))[0] == 404


@pytest.mark.parametrize("wrong", [{"penalty": -1}, {"penalty": 101}, {"position": 10**20}, {"penalty": "1"}])
async def test_a_membership_that_cannot_be_meant_is_not_made(floor: Floor, address: str, wrong: dict[str, Any]) -> None:
    user, queue = await floor.add_user(), await floor.add_queue()
    async with office(floor, address) as boss:
        member = f"/queues/{queue.queue_id}/members/{user.user_id}"
        assert (await boss.refused("PUT", member, wrong))[0] == 422
        assert (await boss.done("GET", f"/queues/{queue.queue_id}"))["members"] == []


async def wants_skill(floor: Floor, address: str) -> tuple[NewAccount, UUID, str, str]:
    """An agent, a queue whose calls want what the agent does not know, the skill, and a call that waits."""
    agent = await ready_agent(floor)
    queue = await floor.add_queue(agent)
    async with office(floor, address) as boss:
        skill = (await boss.done("POST", "/skills", {"name": f"Skill of {queue.name}"}))["id"]
        await boss.done("PUT", f"/queues/{queue.queue_id}/skills/{skill}", {"level": 5})
        call_id = await floor.add_waiting_call(queue)
        await boss.done("PATCH", f"/queues/{queue.queue_id}", {"weight": 1})
    assert await floor.is_claimed(call_id) is None
    return agent, queue.queue_id, skill, call_id


async def test_a_call_that_waits_is_served_when_its_queue_wants_less(floor: Floor, address: str) -> None:
    agent, queue_id, skill, call_id = await wants_skill(floor, address)
    async with office(floor, address) as boss:
        await boss.done("PUT", f"/queues/{queue_id}/skills/{skill}", {"level": 0})
        assert (await boss.done("GET", f"/queues/{queue_id}"))["skills"] == []
    assert await floor.is_claimed(call_id) == agent.user_id


async def test_a_call_that_waits_is_served_when_an_agent_learns(floor: Floor, address: str) -> None:
    agent, _, skill, call_id = await wants_skill(floor, address)
    async with office(floor, address) as boss:
        await boss.done("PUT", f"/agents/{agent.user_id}/skills/{skill}", {"level": 4})
        assert await floor.is_claimed(call_id) is None
        await boss.done("PUT", f"/agents/{agent.user_id}/skills/{skill}", {"level": 5})
    assert await floor.is_claimed(call_id) == agent.user_id


async def test_a_call_that_waits_is_served_when_its_skill_is_forgotten(floor: Floor, address: str) -> None:
    agent, _, skill, call_id = await wants_skill(floor, address)
    async with office(floor, address) as boss:
        await boss.done("DELETE", f"/skills/{skill}")
    assert await floor.is_claimed(call_id) == agent.user_id


@pytest.mark.parametrize("level", [-1, 11, 10**20])
async def test_a_level_that_there_is_not_is_refused(floor: Floor, address: str, level: int) -> None:
    queue = await floor.add_queue()
    async with office(floor, address) as boss:
        skill = (await boss.done("POST", "/skills", {"name": f"Level {level} of {queue.name}"}))["id"]
        for path in (f"/queues/{queue.queue_id}/skills/{skill}", f"/agents/{boss.user.user_id}/skills/{skill}"):
            status, detail = await boss.refused("PUT", path, {"level": level})
            assert (status, "from 1 to 10" in detail) == (422, True)


async def test_supervisors_read_queues_and_change_none(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue(user)
    async with office(floor, address, Role.SUPERVISOR) as supervisor:
        found = await supervisor.done("GET", f"/queues/{queue.queue_id}")
        assert [member["name"] for member in found["members"]] == [user.name]
        assert queue.name in {one["name"] for one in (await supervisor.done("GET", "/queues"))["items"]}
        assert (await supervisor.refused("PATCH", f"/queues/{queue.queue_id}", {"weight": 1}))[0] == 403


async def test_an_empty_queue_that_nothing_leads_to_can_go(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue(user)
    async with office(floor, address) as boss, Browser(address, await floor.token(user)) as page:
        async with page.events(after=(await page.desk())["cursor"]) as stream:
            await boss.done("DELETE", f"/queues/{queue.queue_id}")
            assert (await stream.until("desk")).data["queues"] == []
        assert (await boss.ask("GET", f"/queues/{queue.queue_id}")).status == 404
        assert (await boss.audited(queue.queue_id))[-1] == ("queue.removed", {"name": queue.name})


async def test_a_queue_with_a_call_stays(floor: Floor, address: str) -> None:
    queue = await floor.add_queue()
    call_id = await floor.add_waiting_call(queue)
    async with office(floor, address) as boss:
        status, detail = await boss.refused("DELETE", f"/queues/{queue.queue_id}")
        assert (status, f"Calls wait in {queue.name}." in detail) == (409, True)
        async with floor.database.write() as session:
            await session.execute(delete(WaitingCall).where(WaitingCall.call_id == call_id))
        assert "are still going on" in (await boss.refused("DELETE", f"/queues/{queue.queue_id}"))[1]


async def test_a_queue_that_something_leads_to_stays_and_says_what(floor: Floor, address: str) -> None:
    queue, other = await floor.add_queue(), await floor.add_queue()
    to_queue = {"queue_id": str(queue.queue_id)}
    menu = {"name": f"Menu of {queue.name}", "prompt": ["hello"], "options": {"1": str(queue.queue_id)}}
    overflow = {"action": "queue", "target_queue_id": str(queue.queue_id)}
    async with office(floor, address) as boss:
        await boss.done("PUT", f"/queues/{other.queue_id}/exits/full", overflow)
        assert other.name in (await boss.refused("DELETE", f"/queues/{queue.queue_id}"))[1]
        made = (await boss.done("POST", "/menus", menu))["id"]
        assert str(menu["name"]) in (await boss.refused("DELETE", f"/queues/{queue.queue_id}"))[1]
        await boss.done("POST", "/numbers", {"number": "70100", **to_queue})
        assert "70100" in (await boss.refused("DELETE", f"/queues/{queue.queue_id}"))[1]
        for path in ("/numbers/70100", f"/menus/{made}", f"/queues/{other.queue_id}/exits/full"):
            await boss.done("DELETE", path)
        await boss.done("DELETE", f"/queues/{queue.queue_id}")


async def test_a_queue_that_owes_somebody_a_call_or_an_ear_stays(floor: Floor, address: str) -> None:
    queue, other = await floor.add_queue(), await floor.add_queue()
    call_id = f"owed-{queue.queue_id}"
    async with floor.database.write() as session:
        session.add(
            Callback(
                call_id=call_id, asked_in_call_id=call_id, queue_id=queue.queue_id, number="+12025550147", name="Cleo",
                state="waiting", asked_at=now(),
            )
        )  # fmt: skip
    async with office(floor, address) as boss:
        assert "called back" in (await boss.refused("DELETE", f"/queues/{queue.queue_id}"))[1]
        await add_unheard(floor, other.queue_id)
        assert "nobody has heard" in (await boss.refused("DELETE", f"/queues/{other.queue_id}"))[1]


async def add_unheard(floor: Floor, queue_id: UUID) -> None:
    async with floor.database.write() as session:
        session.add(
            Voicemail(
                call_id=f"unheard-{queue_id}", queue_id=queue_id, customer_number=None, customer_name="",
                recording="none", seconds=1, left_at=now(),
            )
        )  # fmt: skip
