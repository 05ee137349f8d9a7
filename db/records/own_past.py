"""The calls of one agent within a span of time: had to the end, left to others, or missed.

Every part reads what lies in the span, newest first, and no more of it than the list has rows.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    column,
    exists,
    func,
    literal,
    null,
    select,
    text,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from db.core.partitions import LONGEST_CALL
from db.models import Agent, Call, Cdr, Participant, Queue
from db.models.participant import LEFT_TO_OTHERS
from db.records.missed import DIALLED_IN_VAIN, MISSED
from db.records.past_calls import DURATION, columns, live_columns
from domain.calls import ids
from domain.calls.call import CallRole, Counted, Disposition, Involvement

CLOCKS_DIFFER = timedelta(hours=1)
"""How much earlier than its call's arrival a ring may be noted."""

_SLACK = f"interval '{CLOCKS_DIFFER.seconds} seconds'"
_USER, _LIMIT = bindparam("user_id", type_=Uuid()), bindparam("limit", type_=Integer())
_MOMENT = DateTime(timezone=True)
_SINCE, _UNTIL = bindparam("since", type_=_MOMENT), bindparam("until", type_=_MOMENT)
_LAST = bindparam("last", type_=Text())


def within(at: InstrumentedAttribute[Any], call_id: InstrumentedAttribute[str]) -> Any:
    """Whether a row belongs to the part of the list that is asked for. The first two find it by months and indexes."""
    return and_(at >= _SINCE, at <= _UNTIL, tuple_(at, call_id) < tuple_(_UNTIL, _LAST))


def newest(*parts: Any) -> Any:
    """The newest rows of several parts of which each is a list of `columns`."""
    return (
        union_all(*(part.subquery().select() for part in parts))
        .order_by(column("arrived_at").desc(), column("call_id").desc())
        .limit(_LIMIT)
    )


_WITHIN = within(Cdr.arrived_at, Cdr.call_id)
_LATEST = (Cdr.arrived_at.desc(), Cdr.call_id.desc())
_LEFT_IT = type_coerce(text(LEFT_TO_OTHERS), Boolean)
_COUNTED = case(
    (Cdr.disposition == Disposition.ANSWERED, literal(Counted.ANSWERED)),
    (type_coerce(text(DIALLED_IN_VAIN), Boolean), literal(Counted.NOT_ANSWERED)),
    else_=null(),
)
# An agent who left a call and got it again later has talked twice.
_BEFORE = (
    select(func.coalesce(func.sum(Participant.seconds), 0.0))
    .where(Participant.call_id == Cdr.call_id, Participant.user_id == Cdr.user_id, _LEFT_IT)
    .correlate(Cdr)
    .scalar_subquery()
)
_OWN_DURATION = case((Cdr.own_seconds.is_not(None), Cdr.own_seconds + _BEFORE), else_=DURATION)
_LEFT_BY_ME = exists().where(Participant.call_id == Cdr.call_id, Participant.user_id == _USER, _LEFT_IT)
# A call went back to the line, and its caller gave up there: the agent who had talked before has a part in it, which
# was answered.
_TO_THE_END = (
    select(*columns(seconds=_OWN_DURATION, part=literal(Involvement.OWN), counted=_COUNTED))
    .where(Cdr.user_id == _USER, ~and_(Cdr.disposition == Disposition.ABANDONED, _LEFT_BY_ME), _WITHIN)
    .order_by(*_LATEST)
    .limit(_LIMIT)
)
# The calls that the user talked in and left to others: how long, and whether only ever as a third party.
_PARTS = (
    select(
        Participant.call_id,
        Participant.arrived_at,
        func.bool_and(Participant.role == CallRole.THIRD_PARTY).label("as_guest"),
        func.sum(Participant.seconds).label("seconds"),
    )
    .where(Participant.user_id == _USER, _LEFT_IT)
    .group_by(Participant.arrived_at, Participant.call_id)
)
# A value and no join: it is asked for each part in turn, so that records of other users are never walked through.
_OTHERS_ENDED_IT = (
    select(Cdr.user_id.is_distinct_from(_USER) | (Cdr.disposition == Disposition.ABANDONED))
    .where(Cdr.call_id == Participant.call_id, Cdr.arrived_at == Participant.arrived_at)
    .correlate(Participant)
    .scalar_subquery()
)
_LEFT_PARTS = (
    _PARTS.where(
        within(Participant.arrived_at, Participant.call_id),
        _OTHERS_ENDED_IT,
    )
    .order_by(Participant.arrived_at.desc(), Participant.call_id.desc())
    .limit(_LIMIT)
    .subquery("left_parts")
)
_LIVE_PARTS = _PARTS.where(
    within(Participant.arrived_at, Participant.call_id), Participant.call_id.in_(select(Call.id))
).subquery("live_parts")


def _of_part(parts: Any, answered: Any) -> tuple[Any, Any, Any]:
    """The disposition of a part of a call, what the agent had to do with it, and how it counts."""
    return (
        case((parts.c.as_guest, answered), else_=literal(Disposition.ANSWERED)),
        case((parts.c.as_guest, literal(Involvement.BROUGHT_IN)), else_=literal(Involvement.PASSED_ON)),
        case((parts.c.as_guest, null()), else_=literal(Counted.ANSWERED)),
    )


_TALKED, _PART, _PART_COUNTED = _of_part(_LEFT_PARTS, Cdr.disposition)
_LEFT = select(*columns(_TALKED, _LEFT_PARTS.c.seconds, _PART, _PART_COUNTED)).join(
    _LEFT_PARTS, and_(_LEFT_PARTS.c.call_id == Cdr.call_id, _LEFT_PARTS.c.arrived_at == Cdr.arrived_at)
)
_GOES_ON = and_(
    ~exists().where(Cdr.call_id == Call.id, Cdr.arrived_at == Call.arrived_at),
    ~exists().where(Agent.user_id == _USER, Agent.call_id == Call.id),
)
_, _LIVE_PART, _LIVE_COUNTED = _of_part(_LIVE_PARTS, None)
_LEFT_AND_GOING_ON = (
    select(*live_columns(_LIVE_PARTS.c.seconds, _LIVE_PART, _LIVE_COUNTED, Disposition.ANSWERED))
    .join(_LIVE_PARTS, _LIVE_PARTS.c.call_id == Call.id)
    .outerjoin(Queue, Queue.id == Call.queue_id)
    .where(_GOES_ON)
)
# A call rings when it has come, and is over a day later; only a callback may wait for as long as a call may last.
_RANG = text(f"""
    WITH rung AS MATERIALIZED (
        SELECT id, call_id, state, at FROM agent_changes
        WHERE user_id = :user_id AND state IN ('offered', 'on_call')
            AND at >= CAST(:since AS timestamptz) - {_SLACK} AND at <= CAST(:until AS timestamptz) + interval '1 day'
        UNION ALL
        SELECT id, call_id, state, at FROM agent_changes
        WHERE user_id = :user_id AND state IN ('offered', 'on_call') AND call_id LIKE '{ids.callback("%")}'
            AND at > CAST(:until AS timestamptz) + interval '1 day'
            AND at <= CAST(:until AS timestamptz) + interval '{LONGEST_CALL.days} days'
    ), {MISSED}
    SELECT call_id, bool_or(counts) AS counts, max(at) AS at FROM missed GROUP BY call_id
""").columns(column("call_id", Text), column("counts", Boolean), column("at", _MOMENT))  # noqa: S608 - made of constants
_MISSED = _RANG.cte("missed_calls")
_MISS_COUNTED = case((_MISSED.c.counts, literal(Counted.NOT_ANSWERED)), else_=null())
_RANG_ONLY = (
    select(*columns(seconds=literal(0.0), part=literal(Involvement.MISSED), counted=_MISS_COUNTED))
    .join(
        _MISSED,
        and_(
            _MISSED.c.call_id == Cdr.call_id,
            Cdr.arrived_at.between(_MISSED.c.at - literal(LONGEST_CALL), _MISSED.c.at + literal(CLOCKS_DIFFER)),
        ),
    )
    .where(Cdr.user_id.is_distinct_from(_USER), ~_LEFT_BY_ME, _WITHIN)
    .order_by(*_LATEST)
    .limit(_LIMIT)
)
_RANG_AND_GOING_ON = (
    select(*live_columns(literal(0.0), literal(Involvement.MISSED), _MISS_COUNTED, Disposition.UNANSWERED))
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
        within(Call.arrived_at, Call.id),
    )
)
MINE = newest(_TO_THE_END, _LEFT, _LEFT_AND_GOING_ON, _RANG_ONLY, _RANG_AND_GOING_ON)
MISSED_BY_ME = newest(_RANG_ONLY, _RANG_AND_GOING_ON)

RINGS_END = text("""
    SELECT at FROM agent_changes
    WHERE user_id = :user_id AND state IN ('offered', 'on_call') AND at <= :until AND at >= :since
    ORDER BY at DESC OFFSET :rings LIMIT 1
""")
"""When the agent was rung so many rings before a moment; nothing when it was less often since `:since`."""
