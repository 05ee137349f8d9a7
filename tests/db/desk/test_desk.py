"""What a desk begins with, and what supervisors see of a call that has a guest."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from db.agents import pause_reasons
from db.core.clock import now
from db.core.engine import AnySession, Database
from db.desk import desk, floor
from db.models import Agent, Call, Participant, PauseReason, Trunk
from db.trunks import trunks
from domain.agents.agent import AgentState
from domain.calls.call import CallRole, CallStage
from tests.db.sample import arrive, new_agents, new_queue


class _Undone(Exception):
    """Takes a transaction back."""


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


async def opening(session: AnySession, user_id: UUID) -> desk.Opening:
    found = await desk.opening(session, user_id, now())
    assert found is not None
    return found


async def test_a_removed_trunk_is_none_by_which_to_dial(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    with suppress(_Undone):
        async with db.write() as session:
            await session.execute(update(Trunk).values(removed_at=now()))
            before = await opening(session, agent)
            await trunks.add(session, trunks.TrunkLine("way out", "127.0.0.9", "127.0.0.9"))
            between = await opening(session, agent)
            await trunks.remove(session, "way out", now())
            after = await opening(session, agent)
            raise _Undone
    assert (before.can_dial, between.can_dial, after.can_dial) == (False, True, False)


async def test_reasons_to_pause_are_in_the_administrators_order(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    names = ("Lunch", "Break", "Training", "Coffee")
    with suppress(_Undone):
        async with db.write() as session:
            await session.execute(delete(PauseReason))
            for name in names:
                await pause_reasons.add(session, name, None, now())
            await session.execute(update(PauseReason).where(PauseReason.name == "Coffee").values(position=0))
            found = await opening(session, agent)
            raise _Undone
    assert found.pause_reasons == ("Coffee", "Lunch", "Break", "Training")


@pytest.mark.parametrize(
    ("stage", "seen"), [(CallStage.REACHING, CallStage.OFFERED), (CallStage.CONSULTING, CallStage.CONNECTED)]
)
async def test_a_guest_is_seen_in_the_part_of_the_call_that_is_the_guests(
    db: Database, stage: CallStage, seen: CallStage
) -> None:
    owner, guest = await new_agents(db, 2)
    queue = await new_queue(db, [owner])
    call_id, answered, joined = await arrive(db, queue), now() - timedelta(minutes=5), now()
    values = {"stage": stage, "answered_at": answered}
    async with db.write() as session:
        await session.execute(update(Call).where(Call.id == call_id).values(**values))
        for user_id, role, since in ((owner, CallRole.AGENT, answered), (guest, CallRole.THIRD_PARTY, joined)):
            session.add(
                Participant(call_id=call_id, role=role, user_id=user_id, leg=1, arrived_at=answered, since=since)
            )
        talking = {"state": AgentState.ON_CALL, "call_id": call_id, "until": None}
        await session.execute(update(Agent).where(Agent.user_id.in_([owner, guest])).values(**talking))
    async with db.read() as session:
        found = {each.user_id: each.call for each in await floor.listing(session, now(), [owner, guest])}
    assert found[owner] == floor.CallGlance(stage, queue.name, answered)
    assert found[guest] == floor.CallGlance(seen, queue.name, joined)
