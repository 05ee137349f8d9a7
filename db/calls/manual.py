"""Calls that agents dial themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text

from db.calls.participants import Phone
from db.core.engine import AnySession, WriteSession
from db.core.notices import Notice, publish
from db.dialling_rules import dial_limits
from db.models import User
from db.routing import claims
from db.routing.availability import IS_FREE, IS_REACHABLE, PHONE_NODE
from domain.agents.agent import AgentState, ExtensionKind
from domain.calls.arrival import Arrival
from domain.events.notice import NoticeKind
from domain.routing.matching import USUAL_PRIORITY

_DIALS = frozenset({AgentState.PAUSED})
_DIALS_AT_PHONE = _DIALS | {AgentState.OFFLINE}
"""States in which an agent is not free for calls of a queue, and dials all the same."""

_NOT_FREE = "You are not free to call now."
_DIALLER = text(f"""
    SELECT extensions.number, extensions.kind, agents.state, {IS_REACHABLE} AS reachable, {IS_FREE} AS free,
        agents.call_id, {PHONE_NODE} AS node
    FROM agents JOIN extensions USING (user_id) WHERE agents.user_id = :user_id
""")  # noqa: S608 - made of constants
_ENTER = text("""
    WITH call AS (
        INSERT INTO calls (id, node, type, direction, stage, customer_number, customer_name, our_number, arrived_at,
            offered_at, recorded, priority)
        VALUES (:id, :node, 'manual', 'outbound', 'offered', :customer_number, :customer_name, :our_number, :arrived_at,
            :now, false, :priority)
        ON CONFLICT DO NOTHING
        RETURNING id, arrived_at
    )
    INSERT INTO participants (call_id, role, user_id, leg, arrived_at, since)
    SELECT id, 'agent', :user_id, 1, arrived_at, :now FROM call
    RETURNING call_id
""")
# An agent who dials during a pause is paused again afterwards. A call logs nobody in.
_CLAIM = text("""
    UPDATE agents SET state = :state, since = :now, until = :until, call_id = :call_id, attempt = 1,
        wanted = CASE WHEN state IN ('paused', 'offline') THEN state END,
        wanted_reason = CASE WHEN state = 'paused' THEN reason END, reason = NULL
    WHERE user_id = :user_id
""")
_BEGIN_DIAL = text("""
    WITH call AS (
        UPDATE calls SET stage = 'dialling', queued_at = coalesce(queued_at, :now), dials = :dial
        WHERE id = :call_id AND stage IN ('offered', 'dialling') AND dials < :dial
        RETURNING id
    ),
    agent AS (
        UPDATE agents SET state = 'on_call', since = :now, until = NULL, missed = 0
        FROM call WHERE agents.call_id = call.id AND agents.user_id = :user_id
    )
    SELECT id FROM call
""")
_SHOWN = text("""
    SELECT coalesce((SELECT shown_number FROM users WHERE id = :user_id), queues.shown_number, number)
    FROM numbers LEFT JOIN queues ON queues.id = numbers.queue_id
    LEFT JOIN queue_members ON queue_members.queue_id = numbers.queue_id AND queue_members.user_id = :user_id
    ORDER BY queue_members.user_id IS NULL, numbers.menu_id IS NULL, number LIMIT 1
""")
_OF_CALL = text("""
    SELECT coalesce(CASE WHEN calls.queue_id IS NULL THEN users.shown_number ELSE queues.shown_number END, :otherwise)
    FROM calls LEFT JOIN participants AS agent
        ON agent.call_id = calls.id AND agent.role = 'agent' AND agent.until IS NULL
    LEFT JOIN users ON users.id = agent.user_id LEFT JOIN queues ON queues.id = calls.queue_id
    WHERE calls.id = :call_id
""")


@dataclass(frozen=True)
class Dialler:
    """The phone of an agent who wants to dial, or why that cannot be now."""

    phone: Phone | None
    refusal: str | None = None


async def dialler(session: AnySession, user_id: UUID, now: datetime, *, at_phone: bool = False) -> Dialler:
    """Whether an agent can dial now: idle or paused, with a phone that is there. Limits are checked apart.

    `at_phone`: the agent dials on the phone itself, and so may be logged out, and needs no registration.
    """
    row = (await session.execute(_DIALLER, {"user_id": user_id, "now": now})).first()
    if row is None or not (row.reachable or at_phone):
        return Dialler(None, "Your phone is not registered, so it cannot call. Start it, or log in again.")
    phone = Phone(row.number, ExtensionKind(row.kind), row.node)
    is_free = row.free or row.state in (_DIALS_AT_PHONE if at_phone else _DIALS)
    return Dialler(phone, None if is_free else _NOT_FREE)


async def let_through(session: WriteSession, user_id: UUID, call_id: str, now: datetime) -> str | None:
    """Counts a call by hand that is about to be started. Why it may not be; None when it may."""
    await claims.lock(session)
    found = await dialler(session, user_id, now)
    if found.refusal is None and await dial_limits.is_starting(session, user_id, now):
        return _NOT_FREE
    return found.refusal or await dial_limits.take(session, user_id, call_id, 0, now)


async def shown_number(session: AnySession, user_id: UUID) -> str:
    """The number of ours that is shown when an agent calls; empty without one.

    It is the agent's own, else that of one of the agent's queues, else that of a menu, where a caller who calls back is
    asked what for, else any.
    """
    shown = await session.scalar(_SHOWN, {"user_id": user_id})
    return shown or await session.scalar(select(User.shown_number).where(User.id == user_id)) or ""


async def shown_in(session: AnySession, call_id: str, otherwise: str) -> str:
    """The number of ours that is shown when somebody is called in a call: its queue's or, without one, its agent's."""
    return await session.scalar(_OF_CALL, {"call_id": call_id, "otherwise": otherwise}) or otherwise


async def enter(
    session: WriteSession, arrival: Arrival, now: datetime, ring: timedelta, *, at_phone: bool = False
) -> Dialler:
    """Writes the call down and holds its agent, or says why the agent cannot dial any more; once more, the same.

    `ring` is how long the agent's phone may take to be picked up; `at_phone` it has been.
    """
    assert arrival.dialled_by is not None
    await claims.lock(session)
    found = await dialler(session, arrival.dialled_by, now, at_phone=at_phone)
    about = {"user_id": arrival.dialled_by, "now": now}
    values = {
        "id": arrival.call_id,
        "node": arrival.node,
        "customer_number": arrival.customer_number,
        "customer_name": arrival.customer_name,
        "our_number": arrival.our_number,
        "arrived_at": arrival.arrived_at,
    }
    if found.refusal is not None:
        held = (await session.execute(_DIALLER, about)).first()
        return Dialler(found.phone) if held is not None and held.call_id == arrival.call_id else found
    too_much = await dial_limits.take(session, arrival.dialled_by, arrival.call_id, 0, now)
    if too_much is not None:
        return Dialler(found.phone, too_much)
    if await session.scalar(_ENTER, {**values, **about, "priority": USUAL_PRIORITY}) is not None:
        # Whose phone rings first is offered the call; whose hand holds it is on the call at once.
        state, until = (AgentState.ON_CALL, None) if at_phone else (AgentState.OFFERED, now + ring)
        await session.execute(_CLAIM, {**about, "call_id": arrival.call_id, "state": state, "until": until})
        publish(session, Notice(NoticeKind.CALL_DIALLED, arrival.dialled_by, None, {"call_id": arrival.call_id}))
    return found


async def begin_dial(session: WriteSession, call_id: str, user_id: UUID, now: datetime, *, dial: int = 1) -> bool:
    """Notes that the customer is about to be called, by the `dial`-th leg.

    False when that has been noted before: then nobody may dial.
    """
    await claims.lock(session)
    about = {"call_id": call_id, "user_id": user_id, "now": now, "dial": dial}
    begun = await session.scalar(_BEGIN_DIAL, about)
    if begun is not None:
        publish(session, Notice(NoticeKind.CALL_DIALLING, user_id, None, {"call_id": call_id}))
    return begun is not None
