"""Pausing, for one queue, and the reasons there are for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update

from db.agents import pause_reasons
from db.core.engine import AnySession, WriteSession
from db.core.errors import NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.models import QueueMember
from db.routing import claims
from domain.events.notice import NoticeKind
from domain.routing.matching import Match


async def checked_reason(session: AnySession, reason: str | None) -> str | None:
    """The reason as it is kept. Raises UnusableValueError for one that is not in the list, if there is a list."""
    shown = "".join(letter for letter in reason or "" if letter.isprintable()).strip() or None
    listed = {known.name.lower(): known.name for known in await pause_reasons.listing(session)}
    if not listed:
        return shown
    known = listed.get((shown or "").lower())
    if known is None:
        choice = ", ".join(listed.values())
        raise UnusableValueError(
            f"{shown or 'No reason'} is not in the list of reasons. Choose one of these: {choice}."
        )
    return known


async def pause(session: WriteSession, user_id: UUID, queue_id: UUID, reason: str | None, now: datetime) -> None:
    """The agent gets no calls of this queue any more. A pause that lasts already gets the new reason.

    Raises NotFoundError when the agent does not serve the queue.
    """
    await claims.lock(session)
    since = func.coalesce(QueueMember.paused_at, now)
    await _set(session, user_id, queue_id, paused_at=since, paused_reason=reason)
    publish(session, Notice(NoticeKind.AGENT_QUEUE_PAUSED, user_id, queue_id, {"reason": reason}))


async def resume(session: WriteSession, user_id: UUID, queue_id: UUID, now: datetime) -> list[Match]:
    """The agent takes calls of this queue again. Returns the calls that found this agent.

    Raises NotFoundError when the agent does not serve the queue.
    """
    await claims.lock(session)
    await _set(session, user_id, queue_id, paused_at=None, paused_reason=None)
    publish(session, Notice(NoticeKind.AGENT_QUEUE_RESUMED, user_id, queue_id))
    return await claims.match_agents(session, [user_id], now)


async def _set(session: WriteSession, user_id: UUID, queue_id: UUID, **values: object) -> None:
    found = await session.scalar(
        update(QueueMember)
        .where(QueueMember.user_id == user_id, QueueMember.queue_id == queue_id)
        .values(**values)
        .returning(QueueMember.queue_id)
        .execution_options(synchronize_session=False),
    )
    if found is None:
        raise NotFoundError("You do not serve this queue.")
