"""Callers who have hung up and keep their place in line: asked for once, called once a try, closed once."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from db.agents import release
from db.calls import leaving
from db.core.engine import AnySession, WriteSession
from db.core.notices import Notice, publish
from db.inbound import schedules
from db.routing import claims
from domain.callbacks.callback import CallbackState
from domain.calls import ids
from domain.events.notice import NoticeKind
from domain.inbound.hours import is_open, next_opening
from domain.queues.queue import Queue
from domain.routing.matching import Match

HANGING_UP = timedelta(seconds=30)
"""So long a caller may take to hear the thanks and to hang up; called sooner, the line would be found busy."""
A_DAY = timedelta(days=1)


# The place is that of the call in which it was asked for, as long as that stands in line; else that of its arrival.
_REQUEST = text("""
    WITH asked AS (
        SELECT calls.*, line.place, line.entered_at, line.skills
        FROM calls LEFT JOIN waiting_calls AS line ON line.call_id = calls.id AND line.queue_id = :queue_id
        WHERE calls.id = :asked_in
    ),
    callback AS (
        INSERT INTO callbacks (call_id, asked_in_call_id, queue_id, number, name, state, asked_at)
        SELECT :call_id, id, :queue_id, :number, customer_name, 'waiting', :now FROM asked
        ON CONFLICT DO NOTHING
        RETURNING call_id
    ),
    call AS (
        INSERT INTO calls (id, node, type, direction, stage, customer_number, customer_name, our_number, queue_id,
            arrived_at, queued_at, recorded, priority)
        SELECT callback.call_id, node, 'auto', 'outbound', 'waiting', :number, customer_name, our_number, :queue_id,
            :now, :now, false, priority
        FROM callback, asked
    )
    INSERT INTO waiting_calls (call_id, queue_id, priority, place, entered_at, missed_by, skills, not_before)
    SELECT callback.call_id, :queue_id, priority, coalesce(place, 0), coalesce(entered_at, arrived_at), '{}',
        coalesce(skills, (SELECT coalesce(jsonb_object_agg(skill_id, level), '{}') FROM queue_skills
            WHERE queue_id = :queue_id)), :not_before
    FROM callback, asked
    RETURNING call_id
""")
_KNOWN = text("""
    SELECT call_id = :call_id AS is_own FROM callbacks
    WHERE call_id = :call_id OR (queue_id = :queue_id AND number = :number AND closed_at IS NULL)
    ORDER BY 1 DESC LIMIT 1
""")
_HUNG_UP = text("""
    UPDATE waiting_calls SET not_before = NULL
    FROM callbacks WHERE callbacks.asked_in_call_id = :asked_in AND waiting_calls.call_id = callbacks.call_id
        AND callbacks.attempts = 0
    RETURNING callbacks.queue_id
""")
_POSTPONE = text("""
    WITH callback AS (
        UPDATE callbacks SET next_at = :until WHERE call_id = :call_id AND closed_at IS NULL
    ),
    call AS (
        UPDATE calls SET stage = 'waiting', offered_at = NULL WHERE id = :call_id
    )
    UPDATE waiting_calls SET offered_to = '{}', not_before = :until WHERE call_id = :call_id RETURNING queue_id
""")
_BEGIN = text("""
    WITH call AS (
        UPDATE calls SET stage = 'dialling', dials = :dial
        FROM callbacks
        WHERE calls.id = :call_id AND dials < :dial AND callbacks.call_id = calls.id AND callbacks.closed_at IS NULL
        RETURNING calls.id, calls.arrived_at
    ),
    -- The agent whose phone was picked up; by the next trunk it is the same one.
    participant AS (
        INSERT INTO participants (call_id, role, user_id, leg, arrived_at, since)
        SELECT id, 'agent', :user_id, :attempt, arrived_at, :now FROM call
        ON CONFLICT (call_id, role) WHERE until IS NULL AND role IN ('agent', 'third_party')
        DO UPDATE SET user_id = excluded.user_id, leg = excluded.leg
    ),
    callback AS (
        UPDATE callbacks SET state = 'dialling', attempts = :tries, next_at = NULL
        FROM call WHERE callbacks.call_id = call.id
        RETURNING callbacks.call_id, callbacks.queue_id
    ),
    line AS (
        UPDATE waiting_calls SET offered_to = ARRAY[CAST(:user_id AS uuid)] FROM callback
        WHERE waiting_calls.call_id = callback.call_id
    ),
    agent AS (
        UPDATE agents SET state = 'on_call', since = :now, until = NULL, missed = 0 FROM callback
        WHERE agents.call_id = callback.call_id AND agents.user_id = :user_id
    )
    SELECT queue_id FROM callback
""")
_RETRY = text("""
    WITH callback AS (
        UPDATE callbacks SET state = 'waiting', next_at = :at, attempts = coalesce(:tries, attempts)
        WHERE call_id = :call_id AND closed_at IS NULL
        RETURNING call_id, queue_id
    ),
    call AS (
        UPDATE calls SET stage = 'waiting', offered_at = NULL, trunk = NULL FROM callback
        WHERE calls.id = callback.call_id
    ),
    participant AS (
        UPDATE participants SET until = :now FROM callback
        WHERE participants.call_id = callback.call_id AND participants.until IS NULL
    )
    UPDATE waiting_calls SET offered_to = '{}', missed_by = '{}', not_before = :at
    FROM callback WHERE waiting_calls.call_id = callback.call_id
    RETURNING callback.queue_id
""")
_CLOSE = text("""
    UPDATE callbacks SET state = :state, closed_at = :now, next_at = NULL
    WHERE call_id = :call_id AND closed_at IS NULL
    RETURNING queue_id
""")


@dataclass(frozen=True)
class Request:
    """A caller's wish to be called back at `number`, for a queue, said in the call `asked_in`."""

    asked_in: str
    queue_id: UUID
    number: str

    @property
    def call_id(self) -> str:
        """The call that will fulfil it."""
        return ids.callback(self.asked_in)


@dataclass(frozen=True)
class Requested:
    """Whether the wish has a call of its own, which is to be started; and the calls that found an agent by it."""

    has_call: bool
    matches: list[Match]


async def request(session: WriteSession, wish: Request, now: datetime) -> Requested:
    """Puts a call of ours at the caller's place in line, and takes the caller's own call out. Once more: nothing.

    There is one open callback for a queue and a number. It begins when the caller has hung up.
    """
    values = {
        "call_id": wish.call_id,
        "asked_in": wish.asked_in,
        "queue_id": wish.queue_id,
        "number": wish.number,
        "now": now,
        "not_before": now + HANGING_UP,
    }
    await claims.lock(session)
    known = (await session.execute(_KNOWN, values)).first()
    if known is None and await session.scalar(_REQUEST, values) is not None:
        publish(session, Notice(NoticeKind.CALLBACK_REQUESTED, None, wish.queue_id, {"call_id": wish.call_id}))
    has_call = known is None or bool(known.is_own)
    return Requested(has_call, await leaving.leave(session, wish.asked_in, now))


async def hung_up(session: WriteSession, asked_in: str, now: datetime) -> list[Match]:
    """The caller who wants to be called back has left the line, which is free for it. Returns whom that finds."""
    await claims.lock(session)
    queue_id = await session.scalar(_HUNG_UP, {"asked_in": asked_in})
    return await claims.match(session, [queue_id], now) if queue_id is not None else []


async def is_withdrawn(session: AnySession, call_id: str) -> bool:
    """Whether nobody wants this callback any more: the caller has been served otherwise."""
    return await session.scalar(_IS_OPEN, {"call_id": call_id}) is False


_IS_OPEN = text("SELECT closed_at IS NULL FROM callbacks WHERE call_id = :call_id")


async def closed_until(session: AnySession, queue: Queue, now: datetime) -> datetime | None:
    """When a queue that is closed now opens again; None when it is open."""
    schedule = await schedules.find_for_queue(session, queue.queue_id) if queue.schedule_id is not None else None
    if schedule is None or is_open(schedule, now):
        return None
    return next_opening(schedule, now) or now + A_DAY


async def postpone(session: WriteSession, call_id: str, until: datetime, now: datetime) -> list[Match]:
    """Nobody is rung for the callback before then. Agents who were claimed for it are free."""
    await claims.lock(session)
    queue_id = await session.scalar(_POSTPONE, {"call_id": call_id, "until": until})
    publish(session, Notice(NoticeKind.CALLBACK_POSTPONED, None, queue_id, {"call_id": call_id}))
    return (await release.release(session, call_id, now, told=NoticeKind.CALL_LEFT)).matches


@dataclass(frozen=True)
class Try:
    """The `dial`-th leg to a customer, in the try `tries`, for the agent whose leg is `attempt`."""

    call_id: str
    dial: int
    tries: int
    user_id: UUID
    attempt: int


async def begin_dial(session: WriteSession, begun: Try, now: datetime) -> bool:
    """Notes that the customer is about to be called for the next time. False when that has been noted before.

    After False the caller must not dial: no try is made twice.
    """
    await claims.lock(session)
    queue_id = await session.scalar(_BEGIN, {**asdict(begun), "now": now})
    if queue_id is not None:
        publish(session, Notice(NoticeKind.CALL_DIALLING, begun.user_id, queue_id, {"call_id": begun.call_id}))
    return queue_id is not None


@dataclass(frozen=True)
class NextTry:
    """A callback that stands in line again, to be served from `at` on, and its agent, who is free.

    `tries` is how often the customer has been tried, None for what it was thought to be.
    """

    call_id: str
    user_id: UUID
    at: datetime
    tries: int | None = None


async def retry(session: WriteSession, later: NextTry, now: datetime) -> list[Match]:
    """Puts the callback back in line; its agent is free."""
    await claims.lock(session)
    about = {"call_id": later.call_id, "at": later.at, "tries": later.tries, "now": now}
    queue_id = await session.scalar(_RETRY, about)
    publish(session, Notice(NoticeKind.CALLBACK_POSTPONED, later.user_id, queue_id, {"call_id": later.call_id}))
    return (await release.release(session, later.call_id, now, users=[later.user_id])).matches


async def close(session: WriteSession, call_id: str, *, reached: bool, now: datetime) -> None:
    """Ends a callback for good."""
    state = CallbackState.DONE if reached else CallbackState.FAILED
    queue_id = await session.scalar(_CLOSE, {"call_id": call_id, "state": state.value, "now": now})
    if queue_id is not None:
        publish(session, Notice(NoticeKind.CALLBACK_CLOSED, None, queue_id, {"call_id": call_id}))
