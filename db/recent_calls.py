"""The latest calls, of everybody or of one agent, with what that agent had to do with each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
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
    union_all,
)

from db.engine import AnySession
from db.models import Agent, Call, CallPart, Cdr, Queue
from domain.call import CallType, Disposition, Part

# Nobody talked on a call by hand that was not answered: what took its time is the ringing, which began when it was
# queued for the customer. One whose agent did not even pick up the own phone has rung nobody.
_DURATION = case(
    (
        and_(Cdr.type == CallType.MANUAL, Cdr.disposition.in_((Disposition.UNANSWERED, Disposition.BUSY))),
        func.greatest(cast(extract("epoch", Cdr.ended_at - Cdr.queued_at), Float), 0.0),
    ),
    else_=Cdr.talk_seconds,
)
_RECORD = (
    Cdr.call_id,
    Cdr.type,
    Cdr.disposition,
    Cdr.caller_number,
    Cdr.caller_name,
    Cdr.queue_name,
    Cdr.wrap_up_code,
    Cdr.arrived_at,
)
_USER, _LIMIT = bindparam("user_id", type_=Uuid()), bindparam("limit", type_=Integer())
_PART = case((CallPart.as_guest, literal(Part.BROUGHT_IN)), else_=literal(Part.PASSED_ON))

_EVERYBODYS = select(*_RECORD, _DURATION, null()).order_by(Cdr.arrived_at.desc()).limit(_LIMIT)
_TO_THE_END = (
    select(*_RECORD, _DURATION.label("duration"), literal(Part.OWN).label("part"))
    .where(Cdr.user_id == _USER)
    .order_by(Cdr.arrived_at.desc())
    .limit(_LIMIT)
)
_LEFT = (
    select(*_RECORD, CallPart.seconds, _PART)
    .join(CallPart, CallPart.call_id == Cdr.call_id)
    .where(CallPart.user_id == _USER, Cdr.user_id.is_distinct_from(_USER))
    .order_by(CallPart.arrived_at.desc())
    .limit(_LIMIT)
)
_LEFT_AND_GOING_ON = (
    select(
        Call.id,
        Call.type,
        literal(Disposition.ANSWERED),
        Call.caller_number,
        Call.caller_name,
        Queue.name,
        cast(null(), Text),
        Call.arrived_at,
        CallPart.seconds,
        _PART,
    )
    .join(CallPart, CallPart.call_id == Call.id)
    .outerjoin(Queue, Queue.id == Call.queue_id)
    .where(
        CallPart.user_id == _USER,
        ~exists().where(Cdr.call_id == Call.id),
        ~exists().where(Agent.user_id == _USER, Agent.call_id == Call.id),
    )
)
_MINE = (
    union_all(_TO_THE_END.subquery().select(), _LEFT.subquery().select(), _LEFT_AND_GOING_ON)
    .order_by(column("arrived_at").desc())
    .limit(_LIMIT)
)


@dataclass(frozen=True)
class PastCall:
    """A call that is over, at least for the agent who asks.

    `duration` is the talk in seconds, of the agent's own `part` alone if the call was left to others; or the ringing of
    a call of ours that nobody answered.
    """

    call_id: str
    type: CallType
    disposition: Disposition
    caller_number: str
    caller_name: str
    queue: str | None
    wrap_up_code: str | None
    started_at: datetime
    duration: float
    part: Part | None


async def listing(session: AnySession, user_id: UUID | None, limit: int) -> Sequence[PastCall]:
    """The latest calls of one user, or of all, newest first."""
    if user_id is None:
        found = await session.execute(_EVERYBODYS, {"limit": limit})
    else:
        found = await session.execute(_MINE, {"user_id": user_id, "limit": limit})
    return [
        PastCall(call_id, CallType(kind), Disposition(how), number, name, queue, code, at, seconds, part and Part(part))
        for call_id, kind, how, number, name, queue, code, at, seconds, part in found
    ]
