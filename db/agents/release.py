"""How a call lets go of agents: by one statement, whatever the reason; then they are matched with waiting calls."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID

from sqlalchemy import text

from db.core.engine import WriteSession
from db.core.notices import Notice, publish
from db.routing import claims
from domain.agents.agent import NO_ANSWER, AgentState
from domain.events.notice import NoticeKind
from domain.routing.matching import Match


class Parting(Enum):
    """Why a call lets go of an agent, which says whose turn is next."""

    NOT_NEEDED = "not_needed"
    """The call is over, or somebody else's. Who had it goes to the end of the turn; whose phone only rang keeps it."""
    DECLINED = "declined"
    """The agent would not have the call: to the end of the turn."""
    MISSED = "missed"
    """The agent let it ring: to the end of the turn, and after so many in a row to a pause."""


@dataclass(frozen=True)
class Released:
    """Those who were let go, with the state after it, and the calls that found one of them."""

    states: dict[UUID, AgentState] = field(default_factory=dict)
    matches: list[Match] = field(default_factory=list)


_UNLIMITED = 1_000_000
_LET_GO = text("""
    UPDATE agents
    SET state = coalesce(wanted, CASE WHEN :missed AND missed + 1 >= :limit THEN 'paused' ELSE 'idle' END),
        reason = CASE WHEN wanted IS NULL AND :missed AND missed + 1 >= :limit THEN :no_answer ELSE wanted_reason END,
        missed = missed + CASE WHEN :missed THEN 1 ELSE 0 END,
        since = :now, until = NULL, call_id = NULL, attempt = NULL, wanted = NULL, wanted_reason = NULL,
        idle_since = CASE WHEN wanted IS NULL AND (state <> 'offered' OR :untaken) THEN :now ELSE idle_since END
    WHERE call_id = :call_id AND (:everybody OR user_id = ANY(:users)) AND user_id <> ALL(:but)
    RETURNING user_id, state, reason
""")


async def release(  # noqa: PLR0913 - each is a different fact of the release
    session: WriteSession,
    call_id: str,
    now: datetime,
    *,
    users: Collection[UUID] | None = None,
    but: Collection[UUID] = (),
    why: Parting = Parting.NOT_NEEDED,
    limit: int | None = None,
    told: NoticeKind | None = None,
) -> Released:
    """Lets agents go from a call, to idle or to what they wanted, and matches those who are idle.

    Takes the routing lock. Without `users` all whom the call has, also one who was claimed for it and not yet rung.
    A repeated release changes nothing. An agent is paused at the `limit`-th call missed in a row. `told` is published
    for each.
    """
    if users is not None and not users:
        return Released()
    # A claim takes this lock and then the agent's row. The same order here excludes a deadlock.
    await claims.lock(session)
    states = await let_go(session, call_id, now, users=users, but=but, why=why, limit=limit)
    if told is not None:
        for user_id in states:
            publish(session, Notice(told, user_id, None, {"call_id": call_id}))
    idle = [user_id for user_id, state in states.items() if state is AgentState.IDLE]
    return Released(states, await claims.match_agents(session, idle, now))


async def let_go(  # noqa: PLR0913 - each is a different fact of the release
    session: WriteSession,
    call_id: str,
    now: datetime,
    *,
    users: Collection[UUID] | None = None,
    but: Collection[UUID] = (),
    why: Parting = Parting.NOT_NEEDED,
    limit: int | None = None,
) -> dict[UUID, AgentState]:
    """As `release`, where the caller has the routing lock and matches those who are idle after it."""
    about = {
        "call_id": call_id,
        "now": now,
        "everybody": users is None,
        "users": list(users or ()),
        "but": list(but),
        "missed": why is Parting.MISSED,
        "untaken": why is not Parting.NOT_NEEDED,
        "limit": limit or _UNLIMITED,
        "no_answer": NO_ANSWER,
    }
    rows = (await session.execute(_LET_GO, about)).all()
    for row in rows:
        if why is Parting.MISSED and row.reason == NO_ANSWER:
            publish(session, Notice(NoticeKind.AGENT_PAUSED, row.user_id, None, {"reason": NO_ANSWER, "calls": limit}))
    return {row.user_id: AgentState(row.state) for row in rows}
