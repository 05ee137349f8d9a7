"""Who was in line, or was served, stays in line: whom a queue's rules ask, and what is written of each stay."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from db.callbacks import callbacks
from db.calls import arrivals, calls, cdrs, control, handing_over, leaving
from db.core.clock import now
from db.core.engine import Database
from db.models import Call, Cdr, QueueVisit, Schedule, WaitingCall
from db.models import Queue as QueueRow
from db.routing import line
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import CallStage, Disposition, Party
from domain.queues.exits import Occasion
from domain.queues.line import Move
from domain.queues.queue import Queue
from tests.db.sample import RING, arrive, new_agents, new_name, new_queue

SECOND = timedelta(seconds=1)


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=8)
    yield opened
    await opened.close()


async def limited(db: Database, most: int, *, members: int = 0) -> Queue:
    """A queue in whose line so many may stand."""
    queue = await new_queue(db, await new_agents(db, members))
    async with db.write() as session:
        await session.execute(update(QueueRow).where(QueueRow.id == queue.queue_id).values(max_waiting=most))
    return Queue(queue.queue_id, queue.name, 20, 0, recorded=False, max_waiting=most)


async def closed_from_now_on(db: Database, queue: Queue) -> Queue:
    """The queue with hours in which it is never open."""
    schedule_id = ids.uuid7()
    async with db.write() as session:
        session.add(Schedule(id=schedule_id, name=new_name("Never"), time_zone="UTC"))
        await session.flush()
        await session.execute(update(QueueRow).where(QueueRow.id == queue.queue_id).values(schedule_id=schedule_id))
    return Queue(queue.queue_id, queue.name, 20, 0, recorded=False, schedule_id=schedule_id)


async def come_in(db: Database, queue: Queue, call_id: str | None = None) -> tuple[str, arrivals.Entry]:
    arrival = Arrival(call_id or str(ids.uuid7()), "test", "100", "555", "Caller", now())
    async with db.write() as session:
        return arrival.call_id, await arrivals.come_in(session, arrival, queue, now())


async def go_in(db: Database, call_id: str, queue: Queue) -> Occasion | None:
    async with db.write() as session:
        return await arrivals.go_in(session, call_id, queue, now())


async def visits(db: Database, call_id: str) -> list[tuple[str, float]]:
    async with db.read() as session:
        found = await session.scalars(
            select(QueueVisit).where(QueueVisit.call_id == call_id).order_by(QueueVisit.entered_at)
        )
        return [(visit.outcome, round(visit.wait_seconds)) for visit in found]


async def places(db: Database, *call_ids: str) -> list[int | None]:
    async with db.read() as session:
        return [await line.place_of(session, call_id, now()) for call_id in call_ids]


async def test_who_steps_aside_in_a_full_line_comes_back_to_the_own_place(db: Database) -> None:
    queue = await limited(db, 1)
    call_id, entry = await come_in(db, queue)
    assert entry.occasion is None
    async with db.write() as session:
        assert await leaving.step_aside(session, call_id, now())
    assert await go_in(db, call_id, queue) is None
    assert await places(db, call_id) == [1]


async def test_who_steps_aside_while_the_queue_closes_comes_back_to_the_own_place(db: Database) -> None:
    queue = await new_queue(db, [])
    call_id, _ = await come_in(db, queue)
    async with db.write() as session:
        await leaving.step_aside(session, call_id, now())
    assert await go_in(db, call_id, await closed_from_now_on(db, queue)) is None
    assert await places(db, call_id) == [1]


async def test_a_repeated_entrance_does_not_count_itself(db: Database) -> None:
    queue = await limited(db, 1)
    call_id, _ = await come_in(db, queue)
    _, again = await come_in(db, queue, call_id)
    assert (again.occasion, again.is_new) == (None, False)
    other = await limited(db, 1)
    async with db.write() as session:
        await leaving.leave(session, call_id, now())
    assert [await go_in(db, call_id, other) for _ in range(2)] == [None, None]


async def test_who_is_turned_away_is_in_no_line_and_may_leave_again(db: Database) -> None:
    queue, full = await new_queue(db, []), await limited(db, 0)
    call_id, _ = await come_in(db, queue)
    assert await go_in(db, call_id, full) is Occasion.FULL
    for _ in range(2):
        async with db.write() as session:
            await leaving.leave(session, call_id, now())
    assert await visits(db, call_id) == [("flowed_out", 0)]
    assert await places(db, call_id) == [None]


async def test_whoever_has_no_time_of_queueing_can_still_leave(db: Database) -> None:
    call_id = await arrive(db, await new_queue(db, []))
    async with db.write() as session:
        await session.execute(update(Call).where(Call.id == call_id).values(queued_at=None))
    async with db.write() as session:
        await leaving.leave(session, call_id, now())
    assert [outcome for outcome, _ in await visits(db, call_id)] == ["flowed_out"]


async def test_two_callers_at_once_do_not_exceed_the_most_that_may_wait(db: Database) -> None:
    queue = await limited(db, 3)
    entries = await asyncio.gather(*(come_in(db, queue) for _ in range(8)))
    assert sum(entry.occasion is None for _, entry in entries) == 3


async def test_a_postponed_callback_is_no_waiting_caller(db: Database) -> None:
    queue = await limited(db, 1)
    [agent] = await new_agents(db, 1)
    wish = callbacks.Request(await arrive(db, queue), queue.queue_id, "+12025550147")
    async with db.write() as session:
        await callbacks.request(session, wish, now())
    _, entry = await come_in(db, queue)
    assert entry.occasion is Occasion.FULL
    async with db.write() as session:
        await callbacks.retry(session, callbacks.NextTry(wish.call_id, agent, now() + timedelta(minutes=30)), now())
    _, entry = await come_in(db, queue)
    assert entry.occasion is None


async def test_a_caller_in_a_dialog_keeps_the_place_that_others_are_told_of(db: Database) -> None:
    queue = await new_queue(db, [])
    first, second = await arrive(db, queue), await arrive(db, queue)
    async with db.write() as session:
        await leaving.step_aside(session, first, now())
    assert await places(db, first, second) == [1, 2]


async def served_and_lost(db: Database, queue: Queue, agent: UUID, begun_at: datetime) -> str:
    """A call that was answered after 5 s and has lost its agent 30 s later."""
    call_id = str(ids.uuid7())
    async with db.write() as session:
        arrival = Arrival(call_id, "test", "100", "555", "Caller", begun_at)
        await arrivals.come_in(session, arrival, queue, begun_at)
        await calls.search(session, call_id, queue.queue_id, 1, begun_at, RING, is_new=True)
    async with db.write() as session:
        await calls.connect(session, call_id, agent, begun_at + 5 * SECOND, recorded=False)
    async with db.write() as session:
        await control.move(session, call_id, CallStage.RETURNING, begun_at + 35 * SECOND)
        await handing_over.let_go(session, call_id, agent, begun_at + 50 * SECOND)
    return call_id


async def test_whose_agent_was_lost_is_asked_nothing_and_goes_first(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    begun = now() - timedelta(minutes=1)
    served = await served_and_lost(db, queue, agent, begun)
    async with db.write() as session:
        await session.execute(update(QueueRow).where(QueueRow.id == queue.queue_id).values(max_waiting=1))
    async with db.write() as session:
        # Urgent callers, and older ones whom somebody has moved to the top.
        await session.execute(update(WaitingCall).where(WaitingCall.call_id == served).values(priority=50))
    urgent, moved = await arrive(db, queue), await arrive(db, queue)
    async with db.write() as session:
        await session.execute(update(WaitingCall).where(WaitingCall.call_id == urgent).values(priority=99))
        await line.move(session, moved, queue.queue_id, Move.TOP, None, now())
    shut = await closed_from_now_on(db, queue)
    assert await go_in(db, served, shut) is None
    async with db.read() as session:
        row = await session.get_one(WaitingCall, served)
        others = list(await session.scalars(select(WaitingCall).where(WaitingCall.call_id.in_([urgent, moved]))))
        assert all(row.place < other.place for other in others)


async def test_each_stay_is_a_visit_of_its_own_and_the_talk_is_the_talk(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    begun = now() - timedelta(minutes=5)
    call_id = await served_and_lost(db, queue, agent, begun)
    async with db.write() as session:
        await arrivals.go_in(session, call_id, queue, begun + 60 * SECOND)
    ending = cdrs.Ending(call_id, Disposition.ABANDONED, Party.CUSTOMER, 16, begun + 90 * SECOND)
    async with db.write() as session:
        await cdrs.end(session, ending, timedelta(0))
        await cdrs.complete(session, call_id, begun + 90 * SECOND)
    assert await visits(db, call_id) == [("answered", 5), ("abandoned", 30)]
    async with db.read() as session:
        cdr = (await session.scalars(select(Cdr).where(Cdr.call_id == call_id))).one()
    assert (cdr.user_id, round(cdr.wait_seconds), round(cdr.talk_seconds)) == (agent, 35, 30)
