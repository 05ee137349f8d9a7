"""The latest calls, of everybody or of one agent, with what that agent had to do with each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Float,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    extract,
    func,
    literal,
    null,
    select,
    text,
    type_coerce,
    union_all,
)

from db.core.engine import AnySession
from db.core.partitions import LONGEST_CALL
from db.models import Agent, Call, Cdr, Participant, Queue, Recording
from db.models.participant import LEFT_TO_OTHERS
from db.records import call_parts, called_back
from db.records.call_parts import CallPart
from db.records.called_back import CalledBack
from db.records.missed import DIALLED_IN_VAIN, MISSED
from domain.calls.call import CallRole, CallType, Counted, Direction, Disposition, Involvement, RecordingState
from domain.calls.failure import Failure

# Nobody talked on a call by hand that was not answered: what took its time is the ringing, which began when it was
# queued for the customer. One whose agent did not even pick up the own phone has rung nobody.
_DURATION = case(
    (
        and_(Cdr.type == CallType.MANUAL, Cdr.disposition.in_((Disposition.UNANSWERED, Disposition.BUSY))),
        func.greatest(cast(extract("epoch", Cdr.ended_at - Cdr.queued_at), Float), 0.0),
    ),
    else_=Cdr.talk_seconds,
)
# Users who talked in a call and left it to others: how long, and whether only ever as a third party.
_PARTS = (
    select(
        Participant.call_id,
        Participant.user_id,
        func.max(Participant.arrived_at).label("arrived_at"),
        func.bool_and(Participant.role == CallRole.THIRD_PARTY).label("as_guest"),
        func.sum(Participant.seconds).label("seconds"),
    )
    .where(type_coerce(text(LEFT_TO_OTHERS), Boolean))
    .group_by(Participant.call_id, Participant.user_id)
    .subquery("parts")
)
_PART_OF = _PARTS.c
# An agent who left a call and got it again later has talked twice.
_BEFORE = (
    select(func.coalesce(func.sum(Participant.seconds), 0.0))
    .where(
        Participant.call_id == Cdr.call_id,
        Participant.user_id == Cdr.user_id,
        type_coerce(text(LEFT_TO_OTHERS), Boolean),
    )
    .correlate(Cdr)
    .scalar_subquery()
)
_OWN_DURATION = case((Cdr.own_seconds.is_not(None), Cdr.own_seconds + _BEFORE), else_=_DURATION)
_USER, _LIMIT = bindparam("user_id", type_=Uuid()), bindparam("limit", type_=Integer())
_PART = case((_PART_OF.as_guest, literal(Involvement.BROUGHT_IN)), else_=literal(Involvement.PASSED_ON))
_COUNTED = case(
    (Cdr.disposition == Disposition.ANSWERED, literal(Counted.ANSWERED)),
    (type_coerce(text(DIALLED_IN_VAIN), Boolean), literal(Counted.NOT_ANSWERED)),
    else_=null(),
)
_PART_COUNTED = case((_PART_OF.as_guest, null()), else_=literal(Counted.ANSWERED))
_TALKED = case((_PART_OF.as_guest, Cdr.disposition), else_=literal(Disposition.ANSWERED))
_RANG = text(f"""
    WITH rung AS MATERIALIZED (
        SELECT id, call_id, state, at FROM agent_changes
        WHERE user_id = :user_id AND state IN ('offered', 'on_call')
        ORDER BY at DESC, id DESC LIMIT :rings
    ), {MISSED}
    SELECT call_id, bool_or(counts) AS counts, max(at) AS at FROM missed GROUP BY call_id
""").columns(column("call_id", Text), column("counts", Boolean), column("at", DateTime(timezone=True)))  # noqa: S608 - made of constants
_HOUR, _DAY = literal(timedelta(hours=1)), literal(timedelta(days=1))
_MISSED = _RANG.subquery("missed_calls")
_MISS_COUNTED = case((_MISSED.c.counts, literal(Counted.NOT_ANSWERED)), else_=null())


_RECORDING = (
    select(func.min(Recording.status))
    .where(
        Recording.call_id == Cdr.call_id,
        # It is stored as of the end of its call.
        Recording.stored_at.between(Cdr.arrived_at, Cdr.ended_at + _DAY),
    )
    .correlate(Cdr)
    .scalar_subquery()
)
"""The worst of it: the words failed, short and stored are in that order."""


def _columns(
    disposition: Any = Cdr.disposition, seconds: Any = _DURATION, part: Any = None, counted: Any = None
) -> list[ColumnElement[Any]]:
    """What is told of a call that has a record."""
    nothing = cast(null(), Text)
    return [
        Cdr.call_id.label("call_id"),
        Cdr.type,
        Cdr.direction,
        disposition,
        Cdr.customer_number,
        Cdr.received_number,
        Cdr.customer_name,
        Cdr.our_number,
        Cdr.queue_name,
        Cdr.wrap_up_code,
        Cdr.arrived_at.label("arrived_at"),
        seconds,
        nothing if part is None else part,
        nothing if counted is None else counted,
        Cdr.wait_seconds,
        Cdr.ended_by,
        Cdr.exit,
        Cdr.agent_name,
        Cdr.failure,
        _RECORDING,
    ]


def _live(seconds: Any, part: Any, counted: Any, disposition: Disposition) -> list[ColumnElement[Any]]:
    """The same of a call that goes on."""
    nothing = cast(null(), Text)
    waited = cast(extract("epoch", func.coalesce(Call.answered_at, func.now()) - Call.arrived_at), Float)
    numbers = [Call.customer_number, Call.received_number, Call.customer_name, Call.our_number]
    told = [*numbers, Queue.name, nothing, Call.arrived_at]
    return [
        Call.id,
        Call.type,
        Call.direction,
        literal(disposition),
        *told,
        seconds,
        part,
        counted,
        waited,
        *[nothing] * 5,
    ]


_LATEST = Cdr.arrived_at.desc()
_EVERYBODYS = select(*_columns()).order_by(_LATEST).limit(_LIMIT)
_UNSERVED = and_(Cdr.type == CallType.INBOUND, Cdr.disposition != Disposition.ANSWERED)
_MISSED_BY_ALL = select(*_columns()).where(_UNSERVED).order_by(_LATEST).limit(_LIMIT)
_LEFT_BY_ME = exists().where(
    Participant.call_id == Cdr.call_id, Participant.user_id == _USER, type_coerce(text(LEFT_TO_OTHERS), Boolean)
)
# A call went back to the line, and its caller gave up there: the agent who had talked before has a part in it, which
# was answered.
_TO_THE_END = (
    select(*_columns(seconds=_OWN_DURATION, part=literal(Involvement.OWN), counted=_COUNTED))
    .where(Cdr.user_id == _USER, ~and_(Cdr.disposition == Disposition.ABANDONED, _LEFT_BY_ME))
    .order_by(_LATEST)
    .limit(_LIMIT)
)
_LEFT = (
    select(*_columns(_TALKED, _PART_OF.seconds, _PART, _PART_COUNTED))
    .join(_PARTS, and_(_PART_OF.call_id == Cdr.call_id, _PART_OF.arrived_at == Cdr.arrived_at))
    .where(
        _PART_OF.user_id == _USER,
        Cdr.user_id.is_distinct_from(_USER) | (Cdr.disposition == Disposition.ABANDONED),
    )
    .order_by(_PART_OF.arrived_at.desc())
    .limit(_LIMIT)
)
_GOES_ON = and_(
    ~exists().where(Cdr.call_id == Call.id, Cdr.arrived_at == Call.arrived_at),
    ~exists().where(Agent.user_id == _USER, Agent.call_id == Call.id),
)
_LEFT_AND_GOING_ON = (
    select(*_live(_PART_OF.seconds, _PART, _PART_COUNTED, Disposition.ANSWERED))
    .join(_PARTS, _PART_OF.call_id == Call.id)
    .outerjoin(Queue, Queue.id == Call.queue_id)
    .where(_PART_OF.user_id == _USER, _GOES_ON)
)
_RANG_ONLY = (
    select(*_columns(seconds=literal(0.0), part=literal(Involvement.MISSED), counted=_MISS_COUNTED))
    .join(
        _MISSED,
        and_(
            _MISSED.c.call_id == Cdr.call_id,
            Cdr.arrived_at.between(_MISSED.c.at - literal(LONGEST_CALL), _MISSED.c.at + _HOUR),
        ),
    )
    .where(Cdr.user_id.is_distinct_from(_USER), ~_LEFT_BY_ME)
    .order_by(_LATEST)
    .limit(_LIMIT)
)
_RANG_AND_GOING_ON = (
    select(*_live(literal(0.0), literal(Involvement.MISSED), _MISS_COUNTED, Disposition.UNANSWERED))
    .join(_MISSED, _MISSED.c.call_id == Call.id)
    .outerjoin(Queue, Queue.id == Call.queue_id)
    .where(
        ~exists().where(
            Participant.call_id == Call.id,
            Participant.user_id == _USER,
            Participant.role == CallRole.AGENT,
            Participant.until.is_(None),
        ),
        _GOES_ON,
    )
)


def _newest(*parts: Any) -> Any:
    return union_all(*(part.subquery().select() for part in parts)).order_by(column("arrived_at").desc()).limit(_LIMIT)


_MINE = _newest(_TO_THE_END, _LEFT, _LEFT_AND_GOING_ON, _RANG_ONLY, _RANG_AND_GOING_ON)
_MISSED_BY_ME = _newest(_RANG_ONLY, _RANG_AND_GOING_ON)
_RINGS = 20
"""Rings that are looked through for each call of a list: most are answered, and some ring several times."""


@dataclass(frozen=True)
class PastCall:
    """A call that is over, at least for the agent who asks.

    `duration` is the talk in seconds, of the agent's own `part` alone if others had the call before or after; or the
    ringing of a call of ours that nobody answered. `counted` is how it counts in the agent's rate. `waited` are the
    seconds in line; `exit` is how the call left a queue that did not serve it, `failure` why a call of ours was not
    answered. `called_back` is what has followed a call whose caller nobody served. `parts` are of the agents who left
    it to others. Of what the agent passed on, the code is that of the own part, and `wrap_up_codes` are those that it
    may still get.
    """

    call_id: str
    type: CallType
    direction: Direction
    disposition: Disposition
    customer_number: str | None
    received_number: str | None
    customer_name: str
    our_number: str
    queue: str | None
    wrap_up_code: str | None
    started_at: datetime
    duration: float
    part: Involvement | None
    counted: Counted | None
    waited: float
    ended_by: str | None
    exit: str | None
    agent: str | None
    failure: Failure | None
    recording: RecordingState | None
    called_back: CalledBack | None = None
    parts: Sequence[CallPart] = ()
    wrap_up_codes: Sequence[str] = ()


async def listing(session: AnySession, user_id: UUID | None, limit: int, *, missed: bool = False) -> Sequence[PastCall]:
    """The latest calls of one user, or of all, newest first; perhaps only those that were `missed`."""
    if user_id is None:
        found = await session.execute(_MISSED_BY_ALL if missed else _EVERYBODYS, {"limit": limit})
    else:
        about = {"user_id": user_id, "limit": limit, "rings": limit * _RINGS}
        found = await session.execute(_MISSED_BY_ME if missed else _MINE, about)
    past = [_past_call(row) for row in found]
    unserved = [
        (call.call_id, call.customer_number, call.started_at)
        for call in past
        if _is_unserved(call) and call.customer_number is not None
    ]
    followed = await called_back.find(session, unserved)
    parts = await call_parts.find(session, {call.call_id for call in past})
    return [
        _with_parts(replace(call, called_back=followed.get(call.call_id)), parts.get(call.call_id, ()), user_id)
        for call in past
    ]


def _with_parts(call: PastCall, parts: Sequence[CallPart], user_id: UUID | None) -> PastCall:
    mine = next((part for part in parts if part.user_id == user_id), None)
    if mine is None or call.part is not Involvement.PASSED_ON:
        return replace(call, parts=parts)
    return replace(call, parts=parts, wrap_up_code=mine.wrap_up_code, wrap_up_codes=mine.wrap_up_codes)


def _is_unserved(call: PastCall) -> bool:
    return call.type is CallType.INBOUND and call.disposition is not Disposition.ANSWERED


def _past_call(row: Any) -> PastCall:
    call_id, kind, direction, how, number, received, name, our_number, *about = row
    queue, code, at, seconds, part, counted, waited, *rest = about
    by, left_by, agent, why, recording = rest
    return PastCall(
        call_id=call_id,
        type=CallType(kind),
        direction=Direction(direction),
        disposition=Disposition(how),
        customer_number=number,
        received_number=received,
        customer_name=name,
        our_number=our_number,
        queue=queue,
        wrap_up_code=code,
        started_at=at,
        duration=seconds,
        part=part and Involvement(part),
        counted=counted and Counted(counted),
        waited=float(waited),
        ended_by=by,
        exit=left_by,
        agent=agent,
        failure=why and Failure(why),
        recording=recording and RecordingState(recording),
    )
