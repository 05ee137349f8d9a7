import pytest

from db.accounts import accounts
from db.core.clock import now
from db.users import users
from domain.agents.agent import ExtensionKind, Role
from domain.calls.call import CallStage
from tests.api.browser import Browser
from tests.api.floor import Floor
from tests.support.registrations import put_phone


async def test_a_supervisor_sees_what_every_agent_is_doing(floor: Floor, address: str) -> None:
    supervisor, talking, away = (
        await floor.add_user(Role.SUPERVISOR), await floor.add_user(kind=ExtensionKind.SIP), await floor.add_user()
    )  # fmt: skip
    queue = await floor.add_queue(talking, away)
    await floor.give_call(talking, CallStage.CONNECTED, queue=queue)
    async with floor.database.write() as session:
        await put_phone(session, talking.extension, now())
    async with Browser(address, await floor.token(away)) as browser:
        await browser.ask("PUT", f"/api/v1/agent/queues/{queue.queue_id}/pause", json={"reason": "Training"})
    async with Browser(address, await floor.token(supervisor)) as browser:
        found = {item["user_id"]: item for item in (await browser.get("/api/v1/agents")).json["items"]}
        assert (await browser.desk())["agents"] == list(found.values())
    there, gone = found[str(talking.user_id)], found[str(away.user_id)]
    assert (there["state"], there["reachable"], there["pauses"]) == ("on_call", True, [])
    assert (there["call"]["stage"], there["call"]["queue"]) == ("connected", queue.name)
    assert (gone["state"], gone["reachable"], gone["call"]) == ("offline", False, None)
    assert [(pause["queue_id"], pause["paused_reason"]) for pause in gone["pauses"]] == [
        (str(queue.queue_id), "Training")
    ]


async def test_a_change_of_an_agent_reaches_supervisors_and_no_agent(floor: Floor, address: str) -> None:
    user, supervisor, other = await floor.add_user(), await floor.add_user(Role.SUPERVISOR), await floor.add_user()
    browsers = [Browser(address, await floor.token(who)) for who in (user, supervisor, other)]
    async with browsers[0] as agent, browsers[1] as boss, browsers[2] as stranger:
        assert (await stranger.desk())["agents"] is None
        async with (
            boss.events(after=(await boss.desk())["cursor"]) as to_boss,
            stranger.events(after=(await stranger.desk())["cursor"]) as to_stranger,
        ):
            await agent.ask("PUT", "/api/v1/agent/state", json={"state": "paused", "reason": "Lunch"})
            await to_boss.until("colleague", user_id=str(user.user_id), state="paused", reason="Lunch")
            await stranger.ask("PUT", "/api/v1/agent/state", json={"state": "paused", "reason": "Nap"})
            while (told := await to_stranger.next()).name != "agent" or told.data["reason"] != "Nap":
                assert told.name != "colleague"


async def test_a_removed_user_leaves_the_floor(floor: Floor, address: str) -> None:
    user, supervisor = await floor.add_user(), await floor.add_user(Role.SUPERVISOR)
    async with (
        Browser(address, await floor.token(supervisor)) as browser,
        browser.events(after=(await browser.desk())["cursor"]) as stream,
    ):
        async with floor.database.write() as session:
            await accounts.remove(session, await users.find(session, user.name), now())
        await stream.until("colleague-gone", user_id=str(user.user_id))


@pytest.mark.parametrize("stage", [CallStage.CONNECTED, CallStage.DIALLING, CallStage.WRAP_UP])
async def test_every_stage_of_a_call_is_seen(floor: Floor, address: str, stage: CallStage) -> None:
    user, supervisor = await floor.add_user(), await floor.add_user(Role.SUPERVISOR)
    await floor.give_call(user, stage)
    async with Browser(address, await floor.token(supervisor)) as browser:
        found = {item["user_id"]: item for item in (await browser.get("/api/v1/agents")).json["items"]}
    assert found[str(user.user_id)]["call"]["stage"] == stage
