"""Calls that are going on: each function is one step of a call's life, safe to repeat."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, func, select, text, update

from db import presence, routing
from db.engine import AnySession, WriteSession
from db.models import Call, Number, Queue, WaitingCall
from db.notices import Notice, publish
from db.routing import Claim
from domain.arrival import Arrival
from domain.call import CallStage, CallType
from domain.queue import Queue as QueueRules
from domain.routing import Match

_QUIET = {"synchronize_session": False}

_ROUTE = (
    select(Queue.id, Queue.name, Queue.ring_seconds, Queue.wrap_up_seconds, Queue.recorded)
    .join(Number, Number.queue_id == Queue.id)
    .where(Number.number == bindparam("dialled"))
)
_ENTER = text("""
    WITH call AS (
        INSERT INTO calls (id, node, type, stage, caller_number, caller_name, dialled, queue_id, arrived_at, queued_at,
            attempt, muted, recorded)
        VALUES (:id, :node, :type, :stage, :caller_number, :caller_name, :dialled, :queue_id, :arrived_at, :queued_at,
            0, false, false)
        ON CONFLICT DO NOTHING
        RETURNING id, queue_id, queued_at
    ),
    in_line AS (
        INSERT INTO waiting_calls (call_id, queue_id, place, entered_at, missed_by)
        SELECT id, queue_id, 0, queued_at, '{}' FROM call WHERE queue_id IS NOT NULL
    )
    SELECT id FROM call
""")
_CONNECT = text("""
    WITH call AS (
        UPDATE calls
        SET stage = 'connected', answered_at = coalesce(answered_at, :now), recorded = :recorded
        WHERE id = :call_id
        RETURNING queue_id
    ),
    in_line AS (
        DELETE FROM waiting_calls WHERE call_id = :call_id
    ),
    agent AS (
        UPDATE agents SET state = 'on_call', since = :now, until = NULL
        WHERE user_id = :user_id AND call_id = :call_id AND state = 'offered'
    )
    SELECT queue_id FROM call
""")


async def route(session: AnySession, dialled: str) -> QueueRules | None:
    """Where a dialled number leads; None for a number that is not ours."""
    row = (await session.execute(_ROUTE, {"dialled": dialled})).first()
    return QueueRules(*row) if row else None


async def enter(session: WriteSession, arrival: Arrival, to: QueueRules | None, now: datetime) -> bool:
    """Writes down a call that has come in, and puts it in line when its number leads to a queue.

    False when the call is known already.
    """
    values = {
        "id": arrival.call_id,
        "node": arrival.node,
        "type": CallType.INBOUND.value,
        "stage": (CallStage.WAITING if to else CallStage.ARRIVING).value,
        "caller_number": arrival.caller_number,
        "caller_name": arrival.caller_name,
        "dialled": arrival.dialled,
        "queue_id": to.queue_id if to else None,
        "arrived_at": arrival.arrived_at,
        "queued_at": now if to else None,
    }
    entered = (await session.execute(_ENTER, values)).first() is not None
    if entered and to:
        publish(session, Notice("call.queued", None, to.queue_id, {"call_id": arrival.call_id}))
    return entered


async def search(  # noqa: PLR0913, PLR0917 - each is a different fact of the search
    session: WriteSession,
    call_id: str,
    queue_id: UUID,
    attempt: int,
    now: datetime,
    ring: timedelta,
    *,
    is_new: bool = False,
) -> tuple[Claim | None, Sequence[Match]]:
    """The agent to be rung for a waiting call, if there is one, and all matches made on the way.

    A claim that the call holds already is kept; one that ran out is given back. A new call holds none.
    """
    await routing.lock(session)
    if not is_new:
        held = await routing.confirm(session, call_id, attempt, now, ring)
        if held is not None:
            return held, []
        await session.execute(
            update(WaitingCall)
            .where(WaitingCall.call_id == call_id)
            .values(offered_to=None)
            .execution_options(**_QUIET),
        )
    matches = await routing.match(session, [queue_id], now)
    if not any(made.call_id == call_id for made in matches):
        return None, matches
    return await routing.confirm(session, call_id, attempt, now, ring), matches


async def forgive(session: WriteSession, call_id: str) -> None:
    """Forgets who missed a call, so that they can be rung for it again."""
    await session.execute(
        update(WaitingCall).where(WaitingCall.call_id == call_id).values(missed_by=[]).execution_options(**_QUIET),
    )


async def connect(session: WriteSession, call_id: str, user_id: UUID, now: datetime, *, recorded: bool) -> None:
    """Notes that the customer and the agent talk."""
    values = {"call_id": call_id, "user_id": user_id, "now": now, "recorded": recorded}
    queue_id = (await session.execute(_CONNECT, values)).scalar()
    publish(session, Notice("call.connected", user_id, queue_id, {"call_id": call_id}))


async def is_unanswered(session: AnySession, call_id: str) -> bool:
    """Whether a call goes on and no agent has talked on it yet."""
    found = await session.execute(select(Call.id).where(Call.id == call_id, Call.answered_at.is_(None)))
    return found.first() is not None


async def requeue(session: WriteSession, call_id: str, user_id: UUID, queue_id: UUID, now: datetime) -> list[Match]:
    """Takes a call back from an agent who did not take it, to its place in line, and looks for the next agent."""
    await routing.lock(session)
    await session.execute(
        update(WaitingCall)
        .where(WaitingCall.call_id == call_id, WaitingCall.offered_to == user_id)
        .values(offered_to=None, missed_by=func.array_append(WaitingCall.missed_by, user_id))
        .execution_options(**_QUIET),
    )
    await session.execute(
        update(Call)
        .where(Call.id == call_id, Call.stage == CallStage.OFFERED)
        .values(stage=CallStage.WAITING, user_id=None, offered_at=None)
        .execution_options(**_QUIET),
    )
    became_idle = await presence.release(session, user_id, call_id, now)
    publish(session, Notice("call.missed", user_id, queue_id, {"call_id": call_id}))
    matches = await routing.match(session, [queue_id], now)
    if became_idle:
        matches += await routing.match_agent(session, user_id, now)
    return matches


async def mute(session: WriteSession, call_id: str, *, muted: bool) -> None:
    """Notes whether the agent's microphone is off."""
    found = await session.scalar(
        update(Call).where(Call.id == call_id).values(muted=muted).returning(Call.user_id).execution_options(**_QUIET),
    )
    publish(session, Notice("call.muted", found, None, {"call_id": call_id, "muted": muted}))
