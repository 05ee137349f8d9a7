import pytest
from sqlalchemy import update

from db.agents import release
from db.agents.release import Parting
from db.core.clock import now
from db.models import AgentChange
from domain.agents.agent import AgentState, ExtensionKind, Role
from domain.calls.call import CallStage
from tests.api.browser import Browser
from tests.api.floor import Floor
from tests.support.registrations import put_phone

STATE = "/api/v1/agent/state"


async def test_a_reason_that_is_not_in_the_list_is_refused_with_a_sentence(floor: Floor, address: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser, floor.pause_reasons("Lunch"):
        for reason in ("Dancing", None):
            answer = await browser.ask("PUT", STATE, json={"state": "paused", "reason": reason})
            assert answer.status == 422
            assert answer.json["detail"].endswith("Choose one of these: Lunch.")
        assert (await browser.desk())["agent"]["state"] == "offline"


async def test_a_reason_is_kept_as_the_administrator_wrote_it(floor: Floor, address: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser, floor.pause_reasons("Lunch"):
        answer = await browser.ask("PUT", STATE, json={"state": "paused", "reason": "lunch"})
        assert answer.json["reason"] == "Lunch"
        assert (await browser.desk())["pause_reasons"] == ["Lunch"]


async def test_becoming_ready_needs_no_reason(floor: Floor, address: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser, floor.pause_reasons("Lunch"):
        assert (await browser.ask("PUT", STATE, json={"state": "idle"})).status == 200


async def test_the_desk_tells_for_which_queues_i_am_paused(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    paused, open_queue = await floor.add_queue(user), await floor.add_queue(user)
    path = f"/api/v1/agent/queues/{paused.queue_id}/pause"
    async with Browser(address, await floor.token(user)) as browser:
        answer = await browser.ask("PUT", path, json={"reason": "Training"})
        told = {found["queue_id"]: found for found in answer.json["items"]}
        assert told[str(paused.queue_id)]["paused_reason"] == "Training"
        assert told[str(open_queue.queue_id)]["paused_at"] is None
        assert (await browser.desk())["memberships"] == answer.json
        assert all(found["paused_at"] is None for found in (await browser.ask("DELETE", path)).json["items"])


async def test_a_new_reason_does_not_make_a_pause_younger(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    path = f"/api/v1/agent/queues/{(await floor.add_queue(user)).queue_id}/pause"
    async with Browser(address, await floor.token(user)) as browser:
        [first] = (await browser.ask("PUT", path, json={"reason": "Training"})).json["items"]
        [second] = (await browser.ask("PUT", path, json={"reason": "Meeting"})).json["items"]
    assert second == first | {"paused_reason": "Meeting"}


async def test_a_pause_of_one_queue_reaches_the_page(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    path = f"/api/v1/agent/queues/{(await floor.add_queue(user)).queue_id}/pause"
    async with (
        Browser(address, await floor.token(user)) as browser,
        browser.events(after=(await browser.desk())["cursor"]) as stream,
    ):
        told = (await browser.ask("PUT", path, json={"reason": "Training"})).json
        await stream.until("memberships", **told)


async def test_calls_of_the_queue_come_again_when_its_pause_ends(floor: Floor, address: str) -> None:
    user = await floor.add_user(kind=ExtensionKind.SIP)
    queue = await floor.add_queue(user)
    path = f"/api/v1/agent/queues/{queue.queue_id}/pause"
    async with floor.database.write() as session:
        await put_phone(session, user.extension, now())
    async with Browser(address, await floor.token(user)) as browser:
        await browser.ask("PUT", path, json={})
        call_id = await floor.add_waiting_call(queue)
        await browser.ask("PUT", STATE, json={"state": "idle"})
        assert await floor.is_claimed(call_id) is None
        await browser.ask("DELETE", path)
        assert await floor.is_claimed(call_id) == user.user_id


@pytest.mark.parametrize("stage", [CallStage.OFFERED, CallStage.CONNECTED, CallStage.WRAP_UP])
async def test_a_pause_asked_for_during_a_call_is_told_and_can_be_taken_back(
    floor: Floor, address: str, stage: CallStage
) -> None:
    user, supervisor = await floor.add_user(), await floor.add_user(Role.SUPERVISOR)
    call_id = await floor.give_call(user, stage)
    wish = {"state": "paused", "reason": "Lunch"}
    async with (
        Browser(address, await floor.token(user)) as browser,
        Browser(address, await floor.token(supervisor)) as boss,
        boss.events(after=(await boss.desk())["cursor"]) as stream,
    ):
        before = (await browser.desk())["agent"]["state"]
        for asked, wanted, reason in ((wish, "paused", "Lunch"), ({"state": "idle"}, None, None)) * 2:
            answer = (await browser.ask("PUT", STATE, json=asked)).json
            assert (answer["state"], answer["wanted"], answer["reason"]) == (before, wanted, reason)
            await stream.until("colleague", user_id=str(user.user_id), state=before, wanted=wanted, reason=reason)
        await browser.ask("PUT", STATE, json=wish)
        async with floor.database.write() as session:
            released = await release.release(session, call_id, now())
        assert released.states == {user.user_id: AgentState.PAUSED}
        assert (await browser.desk())["agent"]["reason"] == "Lunch"


async def test_an_agent_who_is_paused_for_not_answering_is_told_and_how_often(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue(user)
    async with (
        Browser(address, await floor.token(user)) as browser,
        browser.events(after=(await browser.desk())["cursor"]) as stream,
    ):
        for _ in range(2):
            call_id = await floor.give_call(user, CallStage.OFFERED, queue=queue)
            async with floor.database.write() as session:
                await release.release(session, call_id, now(), why=Parting.MISSED, limit=2)
        await stream.until("agent", state="paused", reason="No answer", missed=2)


async def test_my_changes_of_a_day_are_listed_page_by_page(floor: Floor, address: str) -> None:
    user, other = await floor.add_user(), await floor.add_user()
    queue = await floor.add_queue(user)
    async with Browser(address, await floor.token(other)) as browser:
        await browser.ask("PUT", STATE, json={"state": "paused", "reason": "Lunch"})
    async with Browser(address, await floor.token(user)) as browser:
        await browser.ask("PUT", STATE, json={"state": "idle"})
        await browser.ask("PUT", STATE, json={"state": "paused", "reason": "Meeting"})
        await browser.ask("PUT", f"/api/v1/agent/queues/{queue.queue_id}/pause", json={"reason": "Training"})
        found = (await browser.get("/api/v1/agent/changes")).json
        told = [(item["state"], item["reason"], item["queue"]) for item in found["items"]]
        assert told == [
            ("paused", "Training", queue.name),
            ("paused", "Meeting", None),
            ("idle", None, None),
            ("offline", None, None),
        ]
        assert found["next"] is None
        first = (await browser.get("/api/v1/agent/changes?limit=3")).json
        second = (await browser.get(f"/api/v1/agent/changes?limit=3&before={first['next']}")).json
        assert first["items"] + second["items"] == found["items"]


async def test_changes_of_another_day_are_not_todays(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    async with floor.database.write() as session:
        await session.execute(
            update(AgentChange).where(AgentChange.user_id == user.user_id).values(at="2026-01-31T23:59:59Z"),
        )
    async with Browser(address, await floor.token(user)) as browser:
        assert (await browser.get("/api/v1/agent/changes")).json["items"] == []
        assert (await browser.get("/api/v1/agent/changes?day=2026-02-01")).json["items"] == []
        [change] = (await browser.get("/api/v1/agent/changes?day=2026-01-31")).json["items"]
        assert change["state"] == AgentState.OFFLINE
        for wrong in ("day=yesterday", "before=x", "before=1.y", "before=9999999999999999999999.1", "day=9999-12-31"):
            assert (await browser.get(f"/api/v1/agent/changes?{wrong}")).status in {400, 422}
