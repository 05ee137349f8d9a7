"""An agent's own times of a call begin when the call becomes the agent's, whoever had it before."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from db.calls import arrivals, calls, control, handing_over, own_calls, third_parties
from db.calls.own_calls import CallSlice
from db.core.clock import now
from db.core.engine import Database
from domain.calls.call import CallStage, Purpose
from tests.db.sample import RING, arrive, new_agents, new_queue


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


async def shown_to(db: Database, user_id: UUID, moment: datetime) -> CallSlice:
    async with db.read() as session:
        return (await own_calls.find(session, [user_id], moment))[user_id]


async def test_a_colleague_who_is_asked_sees_the_own_ring_and_the_own_answer(db: Database) -> None:
    agent, boss = await new_agents(db, 2)
    call_id = await arrive(db, await new_queue(db, [agent]))
    began = now()
    rang, answered, over = (began + timedelta(seconds=seconds) for seconds in (20, 25, 60))
    async with db.write() as session:
        await calls.connect(session, call_id, agent, began, recorded=False)
        wanted = third_parties.Wanted(call_id, 2, Purpose.CONSULT, boss, None, "US")
        assert (await third_parties.reach(session, wanted, rang, RING)).refusal is None
    ringing = await shown_to(db, boss, rang)
    assert (ringing.offered_at, ringing.answered_at) == (rang, None)
    async with db.write() as session:
        await control.move(session, call_id, CallStage.CONSULTING, answered)
    asked = await shown_to(db, boss, answered)
    assert (asked.offered_at, asked.answered_at) == (answered, answered)
    assert (await shown_to(db, agent, answered)).answered_at == began
    async with db.write() as session:
        await handing_over.hand_over(session, handing_over.Handed(call_id, agent, boss, 2), over)
    assert (await shown_to(db, boss, over)).answered_at == answered


async def test_who_takes_a_call_that_came_back_to_the_line_talks_from_then_on(db: Database) -> None:
    first, second = await new_agents(db, 2)
    queue = await new_queue(db, [first])
    call_id = await arrive(db, queue)
    began = now()
    back, answered = began + timedelta(seconds=60), began + timedelta(seconds=90)
    async with db.write() as session:
        await calls.connect(session, call_id, first, began, recorded=False)
        await calls.mute(session, call_id, muted=True)
        await control.pause_recording(session, call_id, began, paused=True)
        await handing_over.let_go(session, call_id, first, back)
        assert await arrivals.go_in(session, call_id, queue, back) is None
    async with db.write() as session:
        assert await calls.hold(session, call_id, second, 2, answered)
        assert await calls.connect(session, call_id, second, answered, recorded=True) is not None
    call = await shown_to(db, second, answered)
    assert (call.answered_at, call.queued_at) == (answered, back)
    assert (call.muted, call.recording_paused) == (False, False)
