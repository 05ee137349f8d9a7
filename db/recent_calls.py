from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, and_, case, cast, extract, func, select

from db.engine import AnySession
from db.models import Cdr
from domain.call import CallType, Disposition

# Nobody talked on a call by hand that was not answered: what took its time is the ringing, which began when it was
# queued for the customer. One whose agent did not even pick up the own phone has rung nobody.
_DURATION = case(
    (
        and_(Cdr.type == CallType.MANUAL, Cdr.disposition.in_((Disposition.UNANSWERED, Disposition.BUSY))),
        func.greatest(cast(extract("epoch", Cdr.ended_at - Cdr.queued_at), Float), 0.0),
    ),
    else_=Cdr.talk_seconds,
).label("duration")


@dataclass(frozen=True)
class PastCall:
    """A call that is over. `duration` is the talk in seconds, or the ringing of a call of ours that nobody answered."""

    call_id: str
    type: CallType
    disposition: Disposition
    caller_number: str
    caller_name: str
    queue: str | None
    wrap_up_code: str | None
    started_at: datetime
    duration: float


async def listing(session: AnySession, user_id: UUID | None, limit: int) -> Sequence[PastCall]:
    """The latest calls of one user, or of all, newest first."""
    wanted = select(
        Cdr.call_id,
        Cdr.type,
        Cdr.disposition,
        Cdr.caller_number,
        Cdr.caller_name,
        Cdr.queue_name,
        Cdr.wrap_up_code,
        Cdr.arrived_at,
        _DURATION,
    )
    if user_id is not None:
        wanted = wanted.where(Cdr.user_id == user_id)
    found = await session.execute(wanted.order_by(Cdr.arrived_at.desc()).limit(limit))
    return [
        PastCall(
            row.call_id,
            CallType(row.type),
            Disposition(row.disposition),
            row.caller_number,
            row.caller_name,
            row.queue_name,
            row.wrap_up_code,
            row.arrived_at,
            row.duration,
        )
        for row in found
    ]
