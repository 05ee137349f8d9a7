"""What the database says of a floor, held against the notes."""

from datetime import datetime

from sqlalchemy import select

from db.core.engine import AnySession
from db.models import Agent, Call, Participant, WaitingCall
from db.routing import line
from domain.agents.agent import AgentState
from domain.calls.call import CallRole, CallStage
from tests.db.routing.floor_notes import CallNote, Notes


async def compare(session: AnySession, notes: Notes, now: datetime) -> None:
    """Agents and calls are as noted, and the lines are shown in the order in which they are served."""
    await _compare_agents(session, notes)
    await _compare_calls(session, notes)
    shown = await line.listing(session, [queue.queue.queue_id for queue in notes.queues], now)
    for queue in notes.queues:
        mine = sorted((one for one in shown if one.queue_id == queue.queue.queue_id), key=lambda one: one.place_in_line)
        noted = [call.call_id for call in notes.line(queue, now)]
        assert [one.call_id for one in mine] == noted, "a line is not shown in its order"


async def _compare_agents(session: AnySession, notes: Notes) -> None:
    legs: set[tuple[str | None, int | None]] = set()
    for agent in await session.scalars(select(Agent).where(Agent.user_id.in_(notes.agents))):
        noted = notes.agents[agent.user_id]
        found = (agent.state, agent.wanted, agent.call_id)
        assert found == (noted.state, noted.wish, noted.call_id), f"an agent is not as noted: {found}, {noted}"
        if agent.state in {AgentState.IDLE, AgentState.OFFERED}:
            assert agent.idle_since == noted.free_since, "an agent has not kept the turn, or kept it too long"
        if agent.state == AgentState.OFFERED:
            # Each agent is rung on a leg of its own.
            assert agent.attempt is not None
            assert (agent.call_id, agent.attempt) not in legs, "two agents are rung on one leg"
            legs.add((agent.call_id, agent.attempt))


async def _compare_calls(session: AnySession, notes: Notes) -> None:
    queues = [queue.queue.queue_id for queue in notes.queues]
    lines = {
        row.call_id: row for row in await session.scalars(select(WaitingCall).where(WaitingCall.queue_id.in_(queues)))
    }
    assert lines.keys() == {call.call_id for call in notes.calls.values() if call.in_line}, "not who should be in line"
    for row in lines.values():
        noted = notes.calls[row.call_id]
        assert len(row.offered_to) == len(set(row.offered_to))
        assert set(row.offered_to) == noted.rung, "a call rings others than noted"
        assert set(row.missed_by) == noted.missed_by, "others than noted missed a call"
    calls = {call.id: call for call in await session.scalars(select(Call).where(Call.queue_id.in_(queues)))}
    assert calls.keys() == notes.calls.keys(), "not the calls that should be there"
    agents = select(Participant.call_id, Participant.user_id).where(
        Participant.call_id.in_(calls), Participant.role == CallRole.AGENT, Participant.until.is_(None)
    )
    talks_with = {row.call_id: row.user_id for row in await session.execute(agents)}
    for call_id, call in calls.items():
        assert (call.stage, talks_with.get(call_id)) == (_stage(notes.calls[call_id]), notes.calls[call_id].talks_with)


def _stage(call: CallNote) -> CallStage:
    if call.in_line:
        return CallStage.OFFERED if call.rung else CallStage.WAITING
    return CallStage.WRAP_UP if call.wraps_until else CallStage.CONNECTED
