"""Ways out of a queue that are not an answer: to step aside, to leave, to leave a message."""

from datetime import datetime, timedelta

from sqlalchemy import text

from db.agents import release
from db.core.engine import WriteSession
from db.core.notices import Notice, publish
from db.routing import claims
from domain.events.notice import NoticeKind
from domain.routing.matching import Match

_ASIDE_AT_MOST = timedelta(minutes=10)
"""However a dialog ends, the call stands in line again after this."""

_STEP_ASIDE = text("""
    UPDATE waiting_calls SET not_before = :until WHERE call_id = :call_id AND offered_to = '{}' RETURNING queue_id
""")
_INTERRUPT = text("""
    WITH call AS (
        UPDATE calls SET stage = 'waiting', offered_at = NULL WHERE id = :call_id
    )
    UPDATE waiting_calls SET not_before = :until, offered_to = '{}' WHERE call_id = :call_id RETURNING queue_id
""")
_LEAVE = text("""
    WITH line AS (
        DELETE FROM waiting_calls WHERE call_id = :call_id RETURNING queue_id, entered_at
    ),
    call AS (
        UPDATE calls SET stage = 'leaving' WHERE id = :call_id RETURNING id, queued_at
    ),
    stay AS (
        SELECT call.id, line.queue_id, coalesce(call.queued_at, line.entered_at) AS begun FROM call CROSS JOIN line
    )
    INSERT INTO queue_visits (call_id, queue_id, entered_at, left_at, outcome, wait_seconds)
    SELECT id, queue_id, begun, :now, 'flowed_out', greatest(extract(epoch FROM :now - begun), 0) FROM stay
    ON CONFLICT DO NOTHING
    RETURNING queue_id
""")


async def step_aside(session: WriteSession, call_id: str, now: datetime) -> bool:
    """Takes a call out of the line for a while; it keeps its place. False when an agent has been found for it."""
    await claims.lock(session)
    values = {"call_id": call_id, "until": now + _ASIDE_AT_MOST}
    queue_id = await session.scalar(_STEP_ASIDE, values)
    if queue_id is not None:
        publish(session, Notice(NoticeKind.CALL_ASIDE, None, queue_id, {"call_id": call_id}))
    return queue_id is not None


async def leave(session: WriteSession, call_id: str, now: datetime) -> list[Match]:
    """Takes a call out of its queue for good; agents who were held for it are free. Once more it changes nothing."""
    await claims.lock(session)
    queue_id = await session.scalar(_LEAVE, {"call_id": call_id, "now": now})
    publish(session, Notice(NoticeKind.CALL_LEFT, None, queue_id, {"call_id": call_id}))
    return await _free(session, call_id, now)


async def interrupt(session: WriteSession, call_id: str, now: datetime) -> list[Match]:
    """As `step_aside`, for a caller who does so while phones ring: they stop, and their agents keep their turns.

    Returns the calls that found one of them.
    """
    await claims.lock(session)
    queue_id = await session.scalar(_INTERRUPT, {"call_id": call_id, "until": now + _ASIDE_AT_MOST})
    publish(session, Notice(NoticeKind.CALL_ASIDE, None, queue_id, {"call_id": call_id}))
    return await _free(session, call_id, now)


async def _free(session: WriteSession, call_id: str, now: datetime) -> list[Match]:
    return (await release.release(session, call_id, now, told=NoticeKind.CALL_LEFT)).matches
