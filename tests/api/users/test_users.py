from typing import Any

import pytest
from sqlalchemy import select
from yarl import URL

from db.models import Agent, Extension
from db.users.passwords import sip_digest
from domain.agents.agent import AgentState, ExtensionKind, Role
from domain.calls.call import CallStage
from tests.api.admin import ADMIN, office
from tests.api.browser import Browser
from tests.api.floor import Floor


async def test_a_new_user_can_log_in_with_what_the_answer_tells(floor: Floor, address: str, browser: Browser) -> None:
    async with office(floor, address) as boss:
        made = await boss.done("POST", "/users", {"name": "Ute Neu", "role": "supervisor"})
        assert (made["role"], made["kind"], made["agent_id"]) == ("supervisor", "web", made["extension"])
        listed = (await boss.done("GET", f"/users?text={made['agent_id']}"))["items"]
        assert "password" not in next(one for one in listed if one["user_id"] == made["user_id"])
        [(action, facts)] = await boss.audited(made["user_id"])
        assert (action, facts["name"], "password" in facts) == ("user.added", "Ute Neu", False)
    assert (await browser.log_in(made["agent_id"], made["password"])).status == 303
    change = {"current": made["password"], "new": "nine trains to the sea"}
    assert (await browser.ask("PUT", "/api/v1/account/password", json=change)).status == 200
    assert (await browser.get("/api/v1/agents")).status == 200


async def test_users_are_listed_page_by_page_in_either_order_and_none_is_lost_or_told_twice(
    floor: Floor, address: str
) -> None:
    async with office(floor, address) as boss:
        names = [f"Page Turner {number}" for number in (3, 1, 4, 2, 5)]
        made = [await boss.done("POST", "/users", {"name": name, "role": "agent"}) for name in names]
        whole = (await boss.done("GET", "/users?text=page%20turner"))["items"]
        for order in ("name", "agent_id"):
            path, found = f"/users?limit=2&order={order}&text=page%20turner", list[Any]()
            page = await boss.done("GET", path)
            while True:
                found += page["items"]
                assert page["count"] == len(whole)
                if page["next"] is None:
                    break
                page = await boss.done("GET", str(URL(path).update_query(after=page["next"])))
            assert sorted(user["user_id"] for user in found) == sorted(user["user_id"] for user in whole)
            keys = [
                user["name"].lower() if order == "name" else (len(user["agent_id"]), user["agent_id"]) for user in found
            ]
            assert keys == sorted(keys)
        assert {user["user_id"] for user in made} == {user["user_id"] for user in whole}
        for wrong in ("x", "x.y", "."):
            assert (await boss.refused("GET", f"/users?after={wrong}"))[0] == 400


async def test_users_are_found_by_a_part_of_the_name_or_how_their_numbers_begin(floor: Floor, address: str) -> None:
    async with office(floor, address) as boss:
        body = {"name": "Percy 100%_sure", "agent_id": "7654321", "extension": "88771", "kind": "sip"}
        made = await boss.done("POST", "/users", body)

        async def found(query: str) -> bool:
            listed = (await boss.done("GET", f"/users?{query}"))["items"]
            return made["user_id"] in {user["user_id"] for user in listed}

        for query in ("text=percy", "text=0%25_S", "text=76543", "text=8877", "kind=sip&role=agent"):
            assert await found(query), query
        for query in ("text=percy_", "text=54321", "text=8771", "kind=web", "role=supervisor"):
            assert not await found(query), query


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "12345"}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"extension": "12a"}, "extension"),
        ({"agent_id": "x"}, "agent_id"),
        ({"kind": "sip", "sip_secret": "12345678901"}, "sip_secret"),
        ({"role": "king"}, "role"),
    ],
)
async def test_what_is_wrong_is_told_at_its_field(
    floor: Floor, address: str, wrong: dict[str, str], field: str
) -> None:
    async with office(floor, address) as boss:
        answer = await boss.ask("POST", "/users", {"name": "Ute Falsch", **wrong})
        assert (answer.status, [error["field"] for error in answer.json["errors"]]) == (422, [field])


async def test_what_is_taken_is_told_at_its_field(floor: Floor, address: str) -> None:
    user, other = await floor.add_user(), await floor.add_user()
    async with office(floor, address) as boss:
        for field, value in (("name", user.name), ("agent_id", user.agent_id), ("extension", user.extension)):
            body = {"name": "Ute Doppelt", "agent_id": "98765", field: value}
            answer = await boss.ask("POST", "/users", body)
            assert (answer.status, [error["field"] for error in answer.json["errors"]]) == (409, [field])
        for field, value in (("name", user.name), ("agent_id", user.agent_id)):
            answer = await boss.ask("PATCH", f"/users/{other.user_id}", {field: value})
            assert (answer.status, [error["field"] for error in answer.json["errors"]]) == (409, [field])


async def test_a_sip_phone_gets_a_secret_that_is_told_once(floor: Floor, address: str) -> None:
    async with office(floor, address) as boss:
        made = await boss.done("POST", "/users", {"name": "Ute Sip", "kind": "sip", "extension": "70001"})
        renewed = await boss.done("POST", f"/users/{made['user_id']}/sip-secret")
        assert made["sip_secret"] != renewed["sip_secret"]
    async with floor.database.read() as session:
        digest = await session.scalar(select(Extension.digest).where(Extension.number == "70001"))
    assert digest == sip_digest("70001", renewed["sip_secret"])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "12345"}, "has no letter"),
        ({"name": "Bell\x07"}, "control characters"),
        ({"password": "short"}, "10 to 128 characters"),
        ({"password": ""}, "10 to 128 characters"),
        ({"extension": "12a"}, "2 to 10 digits"),
        ({"agent_id": "x"}, "1 to 16 digits"),
        ({"sip_secret": "long enough"}, "A Web extension has no SIP secret"),
        ({"kind": "sip", "sip_secret": "12345678901"}, "at least 12 characters"),
        ({"role": "king"}, "'agent', 'supervisor' or 'administrator'"),
    ],
)
async def test_a_user_that_cannot_be_made_is_told_why(
    floor: Floor, address: str, wrong: dict[str, str], told: str
) -> None:
    async with office(floor, address) as boss:
        status, detail = await boss.refused("POST", "/users", {"name": "Ute Falsch", **wrong})
        assert (status, told in detail) == (422, True), detail


async def test_a_name_or_number_in_use_says_whose_it_is(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    async with office(floor, address) as boss:
        for body in ({"name": user.name.upper()}, {"name": "Ute Doppelt", "extension": user.extension}):
            status, detail = await boss.refused("POST", "/users", body)
            assert (status, user.name.lower() in detail.lower()) == (409, True)
        other = await floor.add_user()
        status, _ = await boss.refused("PATCH", f"/users/{other.user_id}", {"agent_id": user.agent_id})
        assert status == 409


async def test_a_user_is_renamed_and_keeps_the_rest(floor: Floor, address: str) -> None:
    user = await floor.add_user(Role.SUPERVISOR)
    async with office(floor, address) as boss:
        changed = await boss.done("PATCH", f"/users/{user.user_id}", {"name": f"{user.name} renamed"})
        assert (changed["name"], changed["role"], changed["agent_id"]) == (
            f"{user.name} renamed", "supervisor", user.agent_id
        )  # fmt: skip
        assert await boss.audited(user.user_id) == [("user.changed", {"name": f"{user.name} renamed"})]


async def test_a_demoted_administrator_may_do_nothing_more_at_once(floor: Floor, address: str) -> None:
    async with office(floor, address) as boss, office(floor, address) as other:
        assert (await other.ask("GET", "/users")).status == 200
        await boss.done("PATCH", f"/users/{other.user.user_id}", {"role": "agent"})
        assert (await other.ask("GET", "/users")).status == 403
        assert (await other.browser.get("/api/v1/agents")).status == 403


async def test_a_demoted_supervisors_open_page_is_told_of_no_colleague_any_more(floor: Floor, address: str) -> None:
    user, agent = await floor.add_user(Role.SUPERVISOR), await floor.add_user()
    queue = await floor.add_queue(agent)
    async with (
        office(floor, address) as boss,
        Browser(address, await floor.token(user)) as page,
        page.events(after=(await page.desk())["cursor"]) as stream,
    ):
        await boss.done("PATCH", f"/users/{user.user_id}", {"role": "agent"})
        desk = await stream.until("desk")
        assert (desk.data["agents"], desk.data["queues"]) == (None, [])
        await floor.give_call(agent, CallStage.CONNECTED, queue=queue)
        await page.ask("PUT", "/api/v1/agent/state", json={"state": "paused", "reason": "Done"})
        while (told := await stream.next()).name != "agent" or told.data["reason"] != "Done":
            assert told.name not in {"colleague", "queue"}


async def test_a_promoted_agents_open_page_is_told_of_the_floor(floor: Floor, address: str) -> None:
    user, agent = await floor.add_user(), await floor.add_user()
    async with (
        office(floor, address) as boss,
        Browser(address, await floor.token(user)) as page,
        page.events(after=(await page.desk())["cursor"]) as stream,
    ):
        await boss.done("PATCH", f"/users/{user.user_id}", {"role": "supervisor"})
        desk = await stream.until("desk")
        assert str(agent.user_id) in {colleague["user_id"] for colleague in desk.data["agents"]}


async def test_a_new_password_ends_the_users_sessions(floor: Floor, address: str, browser: Browser) -> None:
    user = await floor.add_user()
    async with office(floor, address) as boss, Browser(address, await floor.token(user)) as page:
        renewed = await boss.done("POST", f"/users/{user.user_id}/password", {})
        assert (await page.get("/api/v1/desk")).status == 401
        assert "password" not in str(await boss.audited(user.user_id)).replace("password_reset", "")
    assert (await browser.log_in(user.name)).status == 401
    assert (await browser.log_in(user.name, renewed["password"])).status == 303


async def test_a_removed_user_is_logged_out_and_leaves_the_queues(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue(user)
    async with office(floor, address) as boss, Browser(address, await floor.token(user)) as page:
        await boss.done("DELETE", f"/users/{user.user_id}")
        assert (await page.get("/api/v1/desk")).status == 401
        assert (await boss.done("GET", f"/queues/{queue.queue_id}"))["members"] == []
        assert (await boss.ask("DELETE", f"/users/{user.user_id}")).status == 404
        assert (await boss.audited(user.user_id))[-1][0] == "user.removed"


async def test_another_kind_of_phone_logs_the_user_out_and_frees_the_old_number(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    async with office(floor, address) as boss, Browser(address, await floor.token(user)) as page:
        phone = await boss.done("PUT", f"/users/{user.user_id}/phone", {"number": "70011", "kind": "sip"})
        assert (phone["number"], phone["kind"], len(phone["sip_secret"]) >= 16) == ("70011", "sip", True)
        assert (await page.get("/api/v1/desk")).status == 401
        again = await boss.done(
            "POST", "/users", {"name": "Ute Zwei", "agent_id": "70012", "extension": user.extension}
        )
        assert again["extension"] == user.extension
        assert (await boss.ask("PUT", f"/users/{user.user_id}/phone", {"number": user.extension})).status == 409


async def test_a_phone_is_not_taken_from_an_agent_in_a_call(floor: Floor, address: str) -> None:
    user = await floor.add_user(kind=ExtensionKind.SIP)
    await floor.give_call(user, CallStage.CONNECTED)
    async with office(floor, address) as boss:
        status, detail = await boss.refused("PUT", f"/users/{user.user_id}/phone", {"kind": "web"})
        assert (status, "is in a call" in detail) == (409, True)
    async with floor.database.read() as session:
        assert await session.scalar(select(Agent.state).where(Agent.user_id == user.user_id)) == AgentState.ON_CALL


async def test_a_user_is_shown_with_queues_and_skills(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue()
    async with office(floor, address) as boss:
        await boss.done("PUT", f"/queues/{queue.queue_id}/members/{user.user_id}", {"penalty": 2, "position": 3})
        skill = (await boss.done("POST", "/skills", {"name": f"Skill of {user.name}"}))["id"]
        await boss.done("PUT", f"/agents/{user.user_id}/skills/{skill}", {"level": 4})
        found = await boss.done("GET", f"/users/{user.user_id}")
    served = {"queue_id": str(queue.queue_id), "queue": queue.name, "penalty": 2, "position": 3, "paused": False}
    assert found["queues"] == [served]
    assert [(known["skill"], known["level"]) for known in found["skills"]] == [(f"Skill of {user.name}", 4)]


async def test_what_is_secret_may_not_be_stored_by_the_browser(floor: Floor, address: str) -> None:
    async with office(floor, address) as boss:
        answer = await boss.browser.ask("POST", f"{ADMIN}/users", json={"name": "Ute Geheim"})
        assert answer.headers["Cache-Control"] == "no-store"
