"""A call of the past as lists tell it: what is read of its record, or of a call that goes on without the reader."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Float, Text, and_, case, cast, extract, func, literal, null, select

from db.core.engine import AnySession
from db.models import Call, Cdr, Queue, Recording
from db.records import call_parts, called_back
from db.records.call_parts import CallPart
from db.records.called_back import CalledBack
from domain.calls.call import CallType, Counted, Direction, Disposition, Involvement, RecordingState
from domain.calls.failure import Failure

_DAY = literal(timedelta(days=1))
# Nobody talked on a call by hand that was not answered: what took its time is the ringing, which began when it was
# queued for the customer. One whose agent did not even pick up the own phone has rung nobody.
DURATION = case(
    (
        and_(Cdr.type == CallType.MANUAL, Cdr.disposition.in_((Disposition.UNANSWERED, Disposition.BUSY))),
        func.greatest(cast(extract("epoch", Cdr.ended_at - Cdr.queued_at), Float), 0.0),
    ),
    else_=Cdr.talk_seconds,
)
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


def columns(
    disposition: Any = Cdr.disposition, seconds: Any = DURATION, part: Any = None, counted: Any = None
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


def live_columns(seconds: Any, part: Any, counted: Any, disposition: Disposition) -> list[ColumnElement[Any]]:
    """The same of a call that goes on."""
    nothing = cast(null(), Text)
    waited = cast(extract("epoch", func.coalesce(Call.answered_at, func.now()) - Call.arrived_at), Float)
    numbers = [Call.customer_number, Call.received_number, Call.customer_name, Call.our_number]
    told = [*numbers, Queue.name, nothing, Call.arrived_at.label("arrived_at")]
    return [
        Call.id.label("call_id"),
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

    @property
    def is_unserved(self) -> bool:
        """Whether somebody called us and nobody talked with them."""
        return self.type is CallType.INBOUND and self.disposition is not Disposition.ANSWERED


async def completed(session: AnySession, past: Sequence[PastCall], user_id: UUID | None) -> list[PastCall]:
    """The calls with what has followed those that nobody served, and with the parts of who left them to others."""
    unserved = [
        (call.call_id, call.customer_number, call.started_at)
        for call in past
        if call.is_unserved and call.customer_number is not None
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


def past_call(row: Any) -> PastCall:
    """A row of `columns` or `live_columns`."""
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
