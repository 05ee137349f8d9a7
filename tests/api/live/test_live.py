import asyncio

import pytest
from sqlalchemy import delete

from db.agents import attendance, pause_reasons, presence
from db.core.clock import now
from db.core.notices import Notice, publish
from db.desk import desk
from db.models import Event
from db.queues import memberships
from domain.agents.agent import AgentState, Role
from domain.calls.call import CallStage
from domain.events.notice import NoticeKind
from tests.api.browser import Browser
from tests.api.floor import Floor, enter
from tests.support.registrations import put_phone

HOSTILE = "<img src=x onerror=alert(1)>\"'&" + "x" * 270


async def test_a_change_of_state_reaches_the_page(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    async with Browser(address, await floor.token(user)) as browser:
        cursor = (await browser.desk())["cursor"]
        async with browser.events(after=cursor) as stream:
            answer = await browser.ask("PUT", "/api/v1/agent/state", json={"state": "paused", "reason": "Lunch"})
            assert (answer.json["state"], answer.json["reason"]) == ("paused", "Lunch")
            await stream.until("agent", **answer.json)


async def test_a_pause_gets_a_new_reason(floor: Floor, address: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        for reason in ("Lunch", "Meeting", None):
            answer = await browser.ask("PUT", "/api/v1/agent/state", json={"state": "paused", "reason": reason})
            assert answer.json["reason"] == reason


async def test_a_registration_reaches_the_page(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    async with Browser(address, await floor.token(user)) as browser:
        desk_before = await browser.desk()
        assert desk_before["phone"]["registered"] is False
        async with browser.events(after=desk_before["cursor"]) as stream:
            async with floor.database.write() as session:
                assert await put_phone(session, user.extension, now()) == user.user_id
            await stream.until("phone", registered=True)


async def test_a_line_is_told_to_its_agents_and_to_supervisors_but_to_no_other_agent(
    floor: Floor, address: str
) -> None:
    member, stranger, supervisor = await floor.add_user(), await floor.add_user(), await floor.add_user(Role.SUPERVISOR)
    queue = await floor.add_queue(member)
    other = await floor.add_queue(stranger)
    browsers = [Browser(address, await floor.token(user)) for user in (member, supervisor, stranger)]
    async with browsers[0] as first, browsers[1] as second, browsers[2] as third:
        cursors = [(await browser.desk())["cursor"] for browser in browsers]
        async with (
            first.events(after=cursors[0]) as to_member,
            second.events(after=cursors[1]) as to_supervisor,
            third.events(after=cursors[2]) as to_stranger,
        ):
            await floor.add_waiting_call(queue)
            await floor.add_waiting_call(other)
            for stream in (to_member, to_supervisor):
                await stream.until("queue", queue_id=str(queue.queue_id), waiting=1)
            while (told := await to_stranger.until("queue")).data["waiting"] == 0:
                assert told.data["queue_id"] == str(other.queue_id)
            assert told.data["queue_id"] == str(other.queue_id)


async def test_a_new_membership_brings_a_whole_desk_and_then_the_queue(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue()
    async with Browser(address, await floor.token(user)) as browser:
        cursor = (await browser.desk())["cursor"]
        async with browser.events(after=cursor) as stream:
            async with floor.database.write() as session:
                await memberships.add(session, queue.queue_id, user.user_id)
            assert [found["name"] for found in (await stream.until("desk")).data["queues"]] == [queue.name]
            await floor.add_waiting_call(queue)
            await stream.until("queue", waiting=1)


async def test_a_new_reason_and_a_new_queue_reach_the_pages_that_are_open(floor: Floor, address: str) -> None:
    supervisor = await floor.add_user(Role.SUPERVISOR)
    async with (
        Browser(address, await floor.token(supervisor)) as browser,
        floor.pause_reasons("Lunch"),
        browser.events(after=(await browser.desk())["cursor"]) as stream,
    ):
        async with floor.database.write() as session:
            await pause_reasons.add(session, "Training", supervisor.user_id, now())
        await stream.until("desk", pause_reasons=["Lunch", "Training"])
        queue = await floor.add_queue()
        while queue.name not in {found["name"] for found in (await stream.until("desk")).data["queues"]}:
            pass
        await floor.add_waiting_call(queue)
        await stream.until("queue", queue_id=str(queue.queue_id), waiting=1)


async def test_a_hostile_customer_name_arrives_whole_and_only_as_data(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue(user)
    async with Browser(address, await floor.token(user)) as browser:
        async with browser.events(after=(await browser.desk())["cursor"]) as stream:
            await floor.give_call(user, CallStage.OFFERED, HOSTILE, queue=queue)
            while (told := await stream.until("call")).data is None:
                pass
            assert told.data["customer_name"] == HOSTILE
        answer = await browser.get("/api/v1/desk")
        assert answer.json["call"]["customer_name"] == HOSTILE
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert HOSTILE[:10] not in (await browser.get("/")).text


async def test_an_open_older_transaction_holds_back_what_came_after_it_and_nothing_is_lost(
    floor: Floor, address: str
) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue(user)
    async with Browser(address, await floor.token(user)) as browser:
        cursor = (await browser.desk())["cursor"]
        async with browser.events(after=cursor) as stream:
            async with floor.database.write() as older:
                await attendance.change(older, user.user_id, AgentState.PAUSED, now(), "slow")
                await floor.add_waiting_call(queue)
            told = {event.name: event.data for event in await stream.batch()}
            assert told["queue"]["waiting"] == 1
            assert (told["agent"]["state"], told["agent"]["reason"]) == ("paused", "slow")


async def test_a_page_that_comes_back_again_and_again_misses_nothing_of_many_writers(
    floor: Floor, address: str
) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue(user)
    writers, each = 6, 5
    turn = asyncio.Semaphore(3)

    async def write(number: int) -> None:
        for _ in range(each):
            async with turn, floor.database.write() as session:
                await enter(session, queue)
                # Every other transaction stays open while younger ones commit.
                if number % 2:
                    async with floor.database.write() as younger:
                        publish(younger, Notice(NoticeKind.AGENT_CHANGED, user.user_id))

    async with Browser(address, await floor.token(user)) as browser:
        cursor = (await browser.desk())["cursor"]
        writing = asyncio.gather(*(write(number) for number in range(writers)))
        waiting = 0
        while waiting < writers * each:
            async with browser.events(last=cursor) as stream:
                for event in await stream.batch():
                    if event.name == "queue":
                        assert event.data["waiting"] >= waiting
                        waiting = event.data["waiting"]
                cursor = stream.cursor
        await writing
        assert (await browser.desk())["queues"][0]["waiting"] == waiting


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "1-1",
        "-5:3:",
        "99999999999999999999999:1:",
        "1:9000000000000000000:",
        "5:9999999999999999999:6",
        "1:2:3,",
    ],
)
async def test_an_unreadable_or_impossible_cursor_brings_a_whole_desk(floor: Floor, address: str, cursor: str) -> None:
    user = await floor.add_user()
    async with Browser(address, await floor.token(user)) as browser:
        await floor.add_waiting_call(await floor.add_queue(user))
        async with browser.events(after=cursor) as stream:
            told = await stream.next()
            assert told.name == "desk"
            assert told.data["agent"]["name"] == user.name


async def test_a_cursor_older_than_the_log_brings_a_whole_desk(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    async with Browser(address, await floor.token(user)) as browser:
        cursor = (await browser.desk())["cursor"]
        await floor.add_waiting_call(await floor.add_queue(user))
        async with floor.database.write() as session:
            await session.execute(delete(Event))
        await floor.add_waiting_call(await floor.add_queue(user))
        async with browser.events(after=cursor) as stream:
            assert (await stream.next()).name == "desk"


async def test_log_out_ends_the_stream(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    async with Browser(address, await floor.token(user)) as browser:
        cursor = (await browser.desk())["cursor"]
        async with browser.events(after=cursor) as stream:
            await browser.ask("POST", "/logout")
            with pytest.raises(EOFError):
                await stream.until("never")


async def test_an_open_page_makes_a_silent_agent_reachable(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    queue = await floor.add_queue(user)
    async with floor.database.write() as session:
        await put_phone(session, user.extension, now())
        await presence.request_state(session, user.user_id, AgentState.IDLE, now())
    call_id = await floor.add_waiting_call(queue)
    assert await floor.is_claimed(call_id) is None
    async with Browser(address, await floor.token(user)) as browser, browser.events():
        assert await floor.is_claimed(call_id) == user.user_id


async def test_a_claim_that_ran_out_is_shown_as_idle(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    await floor.give_call(user, CallStage.OFFERED)
    async with floor.database.write() as session:
        agent = await presence.lock_agent(session, user.user_id)
        agent.until = now()
    async with floor.database.read() as session:
        assert (await desk.agents(session, [user.user_id], now()))[user.user_id].state is AgentState.IDLE
