"""The records of calls that never began: nobody let them in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from db.core.engine import WriteSession
from db.models import Cdr, Trunk
from domain.calls.arrival import Arrival
from domain.calls.call import CallType, Disposition, Party
from domain.numbering.number_format import NumberFormat

_NEAR = timedelta(days=1)


@dataclass(frozen=True)
class End:
    """How a call ended that was not admitted. `cause` is the Q.850 cause."""

    disposition: Disposition
    by: Party
    cause: int
    at: datetime


async def note(session: WriteSession, arrival: Arrival, end: End, region: str) -> None:
    """Writes the record of a call that was in no queue and reached nobody. A call that has a record keeps it.

    The customer's number is read as the trunk writes numbers in `region` (ISO 3166).
    """
    # However the times of two tries may differ, they are near each other.
    near = Cdr.arrived_at.between(arrival.arrived_at - _NEAR, arrival.arrived_at + _NEAR)
    if await session.scalar(select(Cdr.call_id).where(Cdr.call_id == arrival.call_id, near)) is not None:
        return
    wanted = select(Trunk.number_format).where(Trunk.name == arrival.trunk, Trunk.removed_at.is_(None))
    arrival = arrival.read_as(await session.scalar(wanted) or NumberFormat.PLUS, region)
    await session.execute(
        insert(Cdr)
        .values(
            call_id=arrival.call_id,
            type=CallType.INBOUND,
            disposition=end.disposition,
            customer_number=arrival.customer_number,
            received_number=arrival.received_number,
            customer_name=arrival.customer_name,
            our_number=arrival.our_number,
            arrived_at=arrival.arrived_at,
            ended_at=end.at,
            wait_seconds=0.0,
            talk_seconds=0.0,
            wrap_up_seconds=0.0,
            ended_by=end.by,
            cause=int(end.cause),
            completed_at=end.at,
        )
        .on_conflict_do_nothing()
    )
