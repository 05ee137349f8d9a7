"""Callbacks: one open for a number and a queue, at a right time, and none for whom somebody has talked with."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from db.callbacks import callbacks
from db.calls import arrivals, calls, cdrs
from db.core.clock import now
from db.core.engine import Database
from db.models import Call, Callback, WaitingCall
from db.queues import memberships
from db.routing import reconcile
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import Disposition, Party
from domain.inbound.hours import Schedule, Span, next_opening
from domain.queues.queue import Queue
from tests.db.sample import RING, arrive, new_agents, new_queue

NUMBER = "+12025550147"


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=4)
    yield opened
    await opened.close()


async def ask(db: Database, queue: Queue, number: str = NUMBER) -> tuple[str, callbacks.Requested]:
    """A caller in line asks to be called back."""
    wish = callbacks.Request(await arrive(db, queue), queue.queue_id, number)
    async with db.write() as session:
        return wish.asked_in, await callbacks.request(session, wish, now())


async def open_ones(db: Database, queue: Queue) -> list[str]:
    async with db.read() as session:
        found = await session.scalars(
            select(Callback.call_id).where(Callback.queue_id == queue.queue_id, Callback.closed_at.is_(None))
        )
        return list(found)


async def matched(db: Database, call_id: str, moment: datetime | None = None) -> bool:
    async with db.write() as session:
        return call_id in {match.call_id for match in await reconcile.match(session, moment or now())}


async def test_who_asks_twice_is_called_back_once(db: Database) -> None:
    queue, other = await new_queue(db, []), await new_queue(db, [])
    first, requested = await ask(db, queue)
    assert requested.has_call
    _, again = await ask(db, queue)
    assert not again.has_call
    assert await open_ones(db, queue) == [ids.callback(first)]
    _, elsewhere = await ask(db, other)
    assert elsewhere.has_call


async def test_a_repeated_request_has_its_call(db: Database) -> None:
    queue = await new_queue(db, [])
    asked_in, _ = await ask(db, queue)
    async with db.write() as session:
        again = await callbacks.request(session, callbacks.Request(asked_in, queue.queue_id, NUMBER), now())
    assert again.has_call


async def test_nobody_is_called_who_has_not_hung_up_yet(db: Database) -> None:
    queue = await new_queue(db, [])
    asked_in, _ = await ask(db, queue)
    [agent] = await new_agents(db, 1)
    await add_member(db, queue, agent)
    assert not await matched(db, ids.callback(asked_in))
    async with db.write() as session:
        matches = await callbacks.hung_up(session, asked_in, now())
    assert [match.call_id for match in matches] == [ids.callback(asked_in)]


async def add_member(db: Database, queue: Queue, agent: UUID) -> None:
    async with db.write() as session:
        await memberships.add(session, queue.queue_id, agent)


async def test_who_never_seems_to_hang_up_is_called_all_the_same(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [])
    asked_in, _ = await ask(db, queue)
    await add_member(db, queue, agent)
    assert await matched(db, ids.callback(asked_in), now() + callbacks.HANGING_UP + timedelta(seconds=1))


@pytest.mark.parametrize("by_agent", [True, False])
async def test_who_was_talked_with_meanwhile_is_not_called_back(db: Database, *, by_agent: bool) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [])
    asked_in, _ = await ask(db, queue)
    await add_member(db, queue, agent)
    call_id, moment = str(ids.uuid7()), now()
    async with db.write() as session:
        arrival = Arrival(call_id, "test", "100", NUMBER, "Caller", moment)
        await arrivals.come_in(session, arrival, queue, moment)
        await calls.search(session, call_id, queue.queue_id, 1, moment, RING, is_new=True)
        if by_agent:
            await session.execute(update(Call).where(Call.id == call_id).values(queue_id=None))
        assert await calls.connect(session, call_id, agent, moment, recorded=False) is not None
    assert await open_ones(db, queue) == []
    async with db.read() as session:
        assert await callbacks.is_withdrawn(session, ids.callback(asked_in))
        assert await session.get(WaitingCall, ids.callback(asked_in)) is None
        # Its call is told, again and again until it has ended.
        told = await reconcile.unconfirmed(session, now() + reconcile.CONFIRMED_WITHIN * 2)
        assert ids.callback(asked_in) in told
    ending = cdrs.Ending(ids.callback(asked_in), Disposition.UNANSWERED, Party.SYSTEM, 16, now(), "served")
    async with db.write() as session:
        await cdrs.end(session, ending, timedelta(0))
        await cdrs.complete(session, ids.callback(asked_in), now())


async def test_the_try_of_a_callback_that_nobody_wants_any_more_is_not_made(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [])
    asked_in, _ = await ask(db, queue)
    async with db.write() as session:
        await callbacks.close(session, ids.callback(asked_in), reached=True, now=now())
        assert not await callbacks.begin_dial(session, callbacks.Try(ids.callback(asked_in), 1, 1, agent, 1), now())


async def test_a_callback_for_which_agents_were_held_waits_until_the_queue_opens(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    asked_in, _ = await ask(db, queue)
    opens = now() + timedelta(hours=8)
    async with db.write() as session:
        await callbacks.hung_up(session, asked_in, now())
        matches = await callbacks.postpone(session, ids.callback(asked_in), opens, now())
    assert matches == []
    assert not await matched(db, ids.callback(asked_in))
    assert await matched(db, ids.callback(asked_in), opens + timedelta(seconds=1))


async def test_a_call_that_dials_is_not_reminded_of_its_agent(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    queue = await new_queue(db, [agent])
    asked_in, _ = await ask(db, queue)
    callback = ids.callback(asked_in)
    async with db.write() as session:
        await callbacks.hung_up(session, asked_in, now())
        await calls.search(session, callback, queue.queue_id, 1, now(), RING)
        assert await callbacks.begin_dial(session, callbacks.Try(callback, 1, 1, agent, 1), now())
    async with db.read() as session:
        assert callback not in await reconcile.unconfirmed(session, now() + timedelta(seconds=5))


WEEKDAYS = Schedule("Europe/Berlin", {day: (Span(time(9), time(17)),) for day in range(5)})


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (datetime(2026, 11, 27, 20, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC)),
        (datetime(2026, 11, 30, 3, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC)),
        # The clocks go forward in the night to Sunday.
        (datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 3, 29, 7, tzinfo=UTC)),
    ],
)
def test_a_schedule_knows_when_it_opens_next(moment: datetime, opens: datetime) -> None:
    assert next_opening(WEEKDAYS, moment) == opens


def test_a_schedule_that_never_opens_says_so() -> None:
    assert next_opening(Schedule("UTC"), datetime(2026, 11, 27, tzinfo=UTC)) is None
