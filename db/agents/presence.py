"""The state of agents: what an agent asks for is checked against the allowed changes, and every change is told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from db.core.engine import WriteSession
from db.core.errors import NotAllowedNowError, NotFoundError
from db.core.notices import Notice, publish
from db.models import Agent
from domain.agents.agent import WORKING, AgentState, may_become
from domain.events.notice import NoticeKind


async def lock_agent(session: WriteSession, user_id: UUID) -> Agent:
    """The agent's row, held until the end of the transaction."""
    found = await session.scalar(select(Agent).where(Agent.user_id == user_id).with_for_update())
    if found is None:
        raise NotFoundError("There is no such agent.")
    return found


async def request_state(
    session: WriteSession, user_id: UUID, wanted: AgentState, now: datetime, *, reason: str | None = None
) -> AgentState:
    """What an agent asks to be: at once when free, or when the present call lets go. Returns the state after it.

    In a call, to ask for idle takes back what was asked before. Only logging out ends a wrap-up at once.
    The caller must match an agent who becomes idle here with waiting calls.
    """
    agent = await lock_agent(session, user_id)
    state = agent.state
    if state in WORKING and (state, wanted) != (AgentState.WRAP_UP, AgentState.OFFLINE):
        agent.wanted = None if wanted is AgentState.IDLE else wanted
        agent.wanted_reason = reason
    elif state is not wanted:
        if not may_become(state, wanted):
            raise NotAllowedNowError(f"An agent who is {state} cannot become {wanted}.")
        _become(agent, wanted, now, reason)
    await session.flush()
    publish(session, Notice(NoticeKind.AGENT_CHANGED, user_id, None, {"state": agent.state, "reason": agent.reason}))
    return agent.state


def _become(agent: Agent, state: AgentState, now: datetime, reason: str | None) -> None:
    agent.state, agent.since, agent.until, agent.reason = state, now, None, reason
    agent.call_id, agent.attempt, agent.wanted, agent.wanted_reason = None, None, None, None
    if state is AgentState.IDLE:
        agent.idle_since, agent.missed = now, 0
