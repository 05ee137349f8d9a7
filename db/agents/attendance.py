"""An agent comes to work, leaves, and shows signs of life in between."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select, update

from db.agents import presence, release
from db.core.engine import WriteSession
from db.models import Agent
from db.phones import extensions
from db.routing import claims
from db.routing.availability import OVER, PORTAL_SILENCE
from db.users import sessions
from domain.agents.agent import AgentState
from domain.routing.matching import Match
from domain.users.login_session import EndReason


async def arrive(session: WriteSession, user_id: UUID, now: datetime) -> list[Match]:
    """The agent has logged in: idle, unless in a call. Returns the calls that found this agent."""
    agent = await _settle(session, user_id, now)
    if agent.state == AgentState.WRAP_UP:
        # A log-out during the call would otherwise still take the agent off the line after it.
        agent.wanted, agent.wanted_reason = None, None
        return []
    return await _become(session, user_id, AgentState.IDLE, now)


async def change(
    session: WriteSession, user_id: UUID, wanted: AgentState, now: datetime, reason: str | None
) -> list[Match]:
    """The agent asks to be idle or paused. Returns the calls that found this agent."""
    agent = await _settle(session, user_id, now)
    if agent.state == wanted:
        agent.reason = reason
    return await _become(session, user_id, wanted, now, reason)


async def leave(session: WriteSession, token_hash: str, user_id: UUID, reason: EndReason, now: datetime) -> None:
    """The agent has logged out: offline as soon as no call needs the agent, and the browser's phone is void."""
    if await sessions.end(session, token_hash, reason, now):
        await extensions.renew_web_digest(session, user_id)
        await _go_offline(session, user_id, now)


async def expel(session: WriteSession, user_id: UUID, now: datetime) -> None:
    """Logs the user out everywhere."""
    if await sessions.end_all(session, user_id, EndReason.LOGGED_OUT, now):
        await extensions.renew_web_digest(session, user_id)
        await _go_offline(session, user_id, now)


async def dismiss(session: WriteSession, user_id: UUID, now: datetime) -> None:
    """The user is removed: logged out, without a phone, and offline as soon as no call needs the agent."""
    await sessions.end_all(session, user_id, EndReason.DISABLED, now)
    await extensions.remove(session, user_id, now)
    await _go_offline(session, user_id, now)


async def seen(session: WriteSession, user_ids: Collection[UUID], now: datetime) -> None:
    """The pages of these agents are alive."""
    await session.execute(
        update(Agent)
        # Rows that a claim holds just now are left for the next time: waiting for several could end in a deadlock.
        .where(
            Agent.user_id.in_(
                select(Agent.user_id).where(Agent.user_id.in_(user_ids)).with_for_update(skip_locked=True),
            ),
        )
        .values(portal_seen_at=now)
        .execution_options(synchronize_session=False),
    )


async def returned(session: WriteSession, user_id: UUID, now: datetime) -> list[Match]:
    """The agent's page is back. Returns the calls that found this agent, if its silence had kept them away."""
    was_silent = await session.scalar(
        select(
            exists().where(
                Agent.user_id == user_id,
                or_(Agent.portal_seen_at.is_(None), Agent.portal_seen_at < now - PORTAL_SILENCE),
            ),
        ),
    )
    if not was_silent:
        await seen(session, [user_id], now)
        return []
    await claims.lock(session)
    await seen(session, [user_id], now)
    return await claims.match_agents(session, [user_id], now)


async def tell_microphone(session: WriteSession, user_id: UUID, *, usable: bool, now: datetime) -> list[Match]:
    """The agent's page can, or cannot, hear the agent. Returns the calls that found this agent."""
    await claims.lock(session)
    changed = await extensions.set_microphone(session, user_id, usable=usable, now=now)
    return await claims.match_agents(session, [user_id], now) if changed and usable else []


async def _settle(session: WriteSession, user_id: UUID, now: datetime) -> Agent:
    # Claims are made under the routing lock and write agents' rows: taking both in that order excludes a deadlock,
    # and a claim cannot overwrite what the agent asks for here.
    await claims.lock(session)
    agent = await presence.lock_agent(session, user_id)
    if await session.scalar(select(OVER).where(Agent.user_id == user_id), {"now": now}):
        await release.let_go(session, agent.call_id or "", now, users=[user_id])
        await session.refresh(agent)
    return agent


async def _become(
    session: WriteSession, user_id: UUID, wanted: AgentState, now: datetime, reason: str | None = None
) -> list[Match]:
    state = await presence.request_state(session, user_id, wanted, now, reason=reason)
    return await claims.match_agents(session, [user_id], now) if state is AgentState.IDLE else []


async def _go_offline(session: WriteSession, user_id: UUID, now: datetime) -> None:
    await _settle(session, user_id, now)
    await presence.request_state(session, user_id, AgentState.OFFLINE, now)
