"""What an agent was, and when: the rows that the database writes at every change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_

from db.core.engine import AnySession
from db.models import QUEUE_NAMES, AgentChange
from domain.agents.agent import AgentState


@dataclass(frozen=True)
class Change:
    """The agent became something; with a queue it is about that queue only: paused there, or no more."""

    id: int
    at: datetime
    state: AgentState
    reason: str | None
    queue_id: UUID | None
    queue: str | None
    call_id: str | None


@dataclass(frozen=True)
class Span:
    """From a moment to just before another."""

    begins: datetime
    ends: datetime


async def of_agent(
    session: AnySession, user_id: UUID, span: Span, *, limit: int, before: tuple[datetime, int] | None = None
) -> Sequence[Change]:
    """An agent's changes within a span, newest first; `before` is moment and id of the last one of the page before."""
    wanted = (
        select(AgentChange, QUEUE_NAMES.c.name)
        .outerjoin(QUEUE_NAMES, QUEUE_NAMES.c.id == AgentChange.queue_id)
        .where(AgentChange.user_id == user_id, AgentChange.at >= span.begins, AgentChange.at < span.ends)
    )
    if before is not None:
        wanted = wanted.where(tuple_(AgentChange.at, AgentChange.id) < before)
    found = await session.execute(wanted.order_by(AgentChange.at.desc(), AgentChange.id.desc()).limit(limit))
    return [Change(row.id, row.at, row.state, row.reason, row.queue_id, queue, row.call_id) for row, queue in found]
