"""The state of agents: what an agent asks for is checked against the allowed changes, and every change is told."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from db.core.engine import WriteSession
from db.core.errors import NotAllowedNowError, NotFoundError
from db.core.notices import Notice, publish
from db.models import Agent
from domain.agents.agent import NO_ANSWER, WORKING, AgentState, may_become
from domain.events.notice import NoticeKind

_LET_GO = """
    UPDATE agents
    SET state = coalesce(wanted, 'idle'), since = :now, until = NULL, reason = wanted_reason, call_id = NULL,
        attempt = NULL, wanted = NULL, wanted_reason = NULL,
        idle_since = CASE WHEN wanted IS NULL AND {had_call} THEN :now ELSE idle_since END
    WHERE call_id = :call_id
"""
_RELEASE = text(_LET_GO.format(had_call="true") + "AND user_id = ANY(:user_ids) RETURNING user_id, state")
_RELEASE_MISSED = text("""
    UPDATE agents
    SET state = coalesce(wanted, CASE WHEN missed + 1 >= :limit THEN 'paused' ELSE 'idle' END),
        reason = CASE WHEN wanted IS NULL AND missed + 1 >= :limit THEN :no_answer ELSE wanted_reason END,
        missed = missed + 1,
        since = :now, until = NULL, call_id = NULL, attempt = NULL, wanted = NULL, wanted_reason = NULL,
        idle_since = CASE WHEN wanted IS NULL THEN :now ELSE idle_since END
    WHERE call_id = :call_id AND user_id = ANY(:user_ids)
    RETURNING user_id, state, reason
""")
_UNLIMITED = 1_000_000
# An agent whose phone only rang when the call went keeps the turn.
_RELEASE_ALL = text(_LET_GO.format(had_call="state <> 'offered'") + "RETURNING user_id, state")


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


async def release(session: WriteSession, user_id: UUID, call_id: str, now: datetime) -> AgentState | None:
    """Lets an agent go from a call, to idle or to what the agent wanted. Returns the state after it.

    A repeated release, or one for a call that the agent no longer has, changes nothing and returns None.
    """
    return (await release_many(session, [user_id], call_id, now)).get(user_id)


async def release_many(  # noqa: PLR0913 - each is a different fact of the release
    session: WriteSession,
    user_ids: Collection[UUID],
    call_id: str,
    now: datetime,
    *,
    missed: bool = False,
    limit: int | None = None,
) -> dict[UUID, AgentState]:
    """As `release` for several agents, in one statement; those whom it changes, with the state after it.

    `missed`: they let the call ring. An agent is paused at the `limit`-th such call in a row.
    """
    if not user_ids:
        return {}
    values = {"user_ids": list(user_ids), "call_id": call_id, "now": now}
    if not missed:
        return {row.user_id: AgentState(row.state) for row in await session.execute(_RELEASE, values)}
    about = {**values, "limit": limit or _UNLIMITED, "no_answer": NO_ANSWER}
    rows = (await session.execute(_RELEASE_MISSED, about)).all()
    for row in rows:
        if row.reason == NO_ANSWER:
            publish(session, Notice(NoticeKind.AGENT_PAUSED, row.user_id, None, {"reason": NO_ANSWER, "calls": limit}))
    return {row.user_id: AgentState(row.state) for row in rows}


async def release_all(session: WriteSession, call_id: str, now: datetime) -> dict[UUID, AgentState]:
    """Lets everybody go from a call that is over: also an agent who was claimed for it and not yet rung."""
    found = await session.execute(_RELEASE_ALL, {"call_id": call_id, "now": now})
    return {row.user_id: AgentState(row.state) for row in found}
