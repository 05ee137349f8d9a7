import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.accounts.accounts import NewAccount
from db.callbacks import callbacks
from db.core.clock import now
from db.models import AuditEntry
from domain.agents.agent import Role
from domain.queues.queue import Queue
from tests.api.browser import Browser
from tests.api.floor import Floor

AT_ONCE = 0.25
"""Seconds within which everybody sees a new order."""


async def _line(browser: Browser) -> list[tuple[str, int | None]]:
    [queue] = (await browser.desk())["queues"]
    return [(call["call_id"], call["place"]) for call in queue["calls"]]


@pytest.fixture
async def user(floor: Floor) -> NewAccount:
    return await floor.add_user()


@pytest.fixture
async def queue(floor: Floor, user: NewAccount) -> Queue:
    return await floor.add_queue(user)


async def test_the_newest_call_is_first_in_the_list_and_the_oldest_first_in_line(
    floor: Floor, address: str, user: NewAccount, queue: Queue
) -> None:
    made = [await floor.add_waiting_call(queue) for _ in range(3)]
    async with Browser(address, await floor.token(user)) as browser:
        assert await _line(browser) == [(made[2], 3), (made[1], 2), (made[0], 1)]


@pytest.mark.parametrize(
    ("to", "moved", "order"),
    [
        ("top", 2, [2, 0, 1]),
        ("up", 2, [0, 2, 1]),
        ("down", 0, [1, 0, 2]),
        ("up", 0, [0, 1, 2]),
        (2, 0, [1, 0, 2]),
        (1, 2, [2, 0, 1]),
        (9, 0, [1, 2, 0]),
    ],
)
async def test_a_call_is_moved_and_the_move_is_written_down(  # noqa: PLR0917 - parameters and fixtures
    floor: Floor, address: str, user: NewAccount, queue: Queue, to: str | int, moved: int, order: list[int]
) -> None:
    made = [await floor.add_waiting_call(queue) for _ in range(3)]
    path = f"/api/v1/queues/{queue.queue_id}/waiting/{made[moved]}/move"
    async with Browser(address, await floor.token(user)) as browser:
        answer = await browser.ask("POST", path, json={"to": to})
        places = {call["place"]: call["call_id"] for call in answer.json["calls"]}
        assert [places[place] for place in (1, 2, 3)] == [made[at] for at in order]
        assert (await browser.desk())["queues"] == [answer.json]
    async with floor.database.read() as session:
        by = await session.scalar(select(AuditEntry.user_id).where(AuditEntry.subject == made[moved]))
    assert by == user.user_id


@pytest.mark.parametrize("to", [0, -1, 1.5, "2", "last", None])
async def test_a_place_that_no_line_has_is_refused(
    floor: Floor, address: str, user: NewAccount, queue: Queue, to: object
) -> None:
    made = await floor.add_waiting_call(queue)
    async with Browser(address, await floor.token(user)) as browser:
        path = f"/api/v1/queues/{queue.queue_id}/waiting/{made}/move"
        assert (await browser.ask("POST", path, json={"to": to})).status == 422


async def test_everybody_who_sees_the_queue_sees_the_new_order_at_once(
    floor: Floor, address: str, user: NewAccount, queue: Queue
) -> None:
    supervisor, colleague = await floor.add_user(Role.SUPERVISOR), await floor.add_user()
    async with (
        Browser(address, await floor.token(supervisor)) as boss,
        Browser(address, await floor.token(user)) as agent,
    ):
        last = [await floor.add_waiting_call(queue) for _ in range(3)][-1]
        assert colleague
        async with agent.events(after=(await agent.desk())["cursor"]) as stream:
            path = f"/api/v1/queues/{queue.queue_id}/waiting/{last}/move"
            answer = await boss.ask("POST", path, json={"to": "top"})
            async with asyncio.timeout(AT_ONCE):
                await stream.until("queue", **answer.json)


async def test_a_call_that_no_longer_waits_in_that_queue_cannot_be_moved(
    floor: Floor, address: str, user: NewAccount, queue: Queue
) -> None:
    elsewhere = await floor.add_waiting_call(await floor.add_queue(user))
    async with Browser(address, await floor.token(user)) as browser:
        for call_id in (elsewhere, "unknown"):
            path = f"/api/v1/queues/{queue.queue_id}/waiting/{call_id}/move"
            assert (await browser.ask("POST", path, json={"to": "top"})).status == 404


async def test_a_callback_keeps_its_place_and_is_marked(
    floor: Floor, address: str, user: NewAccount, queue: Queue
) -> None:
    made = [await floor.add_waiting_call(queue, name) for name in ("Cleo", "Dora")]
    async with floor.database.write() as session:
        wish = callbacks.Request(made[0], queue.queue_id, "+12025550147")
        await callbacks.request(session, wish, now())
    async with Browser(address, await floor.token(user)) as browser:
        [told] = (await browser.desk())["queues"]
        found = {call["call_id"]: call for call in told["calls"]}
        assert (found[wish.call_id]["place"], found[wish.call_id]["callback"]) == (1, True)
        assert (found[made[1]]["place"], found[made[1]]["callback"]) == (2, False)
        [promise] = (await browser.get("/api/v1/callbacks")).json["items"]
        assert (promise["call_id"], promise["customer"]["display"]) == (wish.call_id, "+1 202-555-0147")
        assert promise["state"] == "waiting"


async def test_a_callback_for_later_has_no_place_and_is_not_counted(
    floor: Floor, address: str, user: NewAccount, queue: Queue
) -> None:
    asked = await floor.add_waiting_call(queue)
    later = now() + timedelta(minutes=5)
    async with floor.database.write() as session:
        wish = callbacks.Request(asked, queue.queue_id, "+12025550147")
        await callbacks.request(session, wish, now())
        await callbacks.retry(session, callbacks.NextTry(wish.call_id, user.user_id, later), now())
    behind = await floor.add_waiting_call(queue)
    async with Browser(address, await floor.token(user)) as browser:
        [told] = (await browser.desk())["queues"]
        assert told["waiting"] == 1
        assert {call["call_id"]: call["place"] for call in told["calls"]} == {wish.call_id: None, behind: 1}
