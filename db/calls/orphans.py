"""Rows of calls that are perhaps nobody's any more, and what is known of the legs behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from domain.calls import ids
from domain.calls.call import CallStage, CallType

_OLD = text("SELECT id FROM calls WHERE node = :node AND arrived_at < :before ORDER BY id")
# How often the customer of a call of ours was dialled: its leg has that number.
_FIND = text("""
    SELECT calls.id, calls.node, calls.type, calls.stage, calls.ended_at IS NOT NULL AS is_over,
        calls.answered_at IS NOT NULL AS was_answered, calls.recorded,
        guest.leg AS guest_leg, guest.user_id AS guest_id, guest.number AS guest_number, guest.purpose AS guest_purpose,
        CASE WHEN calls.type = :inbound THEN 0
            ELSE coalesce((SELECT attempts FROM callbacks WHERE call_id = calls.id), 1) END AS dial,
        agent.user_id, agent.leg
    FROM calls
    LEFT JOIN participants AS agent ON agent.call_id = calls.id AND agent.role = 'agent' AND agent.until IS NULL
    LEFT JOIN participants AS guest ON guest.call_id = calls.id AND guest.role = 'third_party' AND guest.until IS NULL
    WHERE calls.id = :call_id
""")
_LEGS = text("SELECT user_id, attempt FROM agents WHERE call_id = :call_id AND attempt IS NOT NULL")

_WITHOUT_CUSTOMER = frozenset({CallStage.ARRIVING, CallStage.DIALLING, CallStage.OFFERED})


@dataclass(frozen=True)
class Remains:
    """What a call's rows tell: its stage, the customer's leg if there can be one, and those of agents by number."""

    call_id: str
    node: str
    type: CallType
    stage: CallStage
    is_over: bool
    was_answered: bool
    recorded: bool
    customer: str | None
    legs: Sequence[tuple[UUID, int]]
    guest: tuple[UUID | None, str | None, str, int] | None

    @property
    def must_have_customer(self) -> bool:
        """Whether a customer is on the line for certain, as long as this is true."""
        waits_to_be_called = ids.is_callback(self.call_id) and self.stage is CallStage.WAITING and not self.was_answered
        return self.customer is not None and not (self.is_over or waits_to_be_called or self.stage in _WITHOUT_CUSTOMER)


async def old(session: AnySession, node: str, before: datetime) -> Sequence[str]:
    """The calls of a node that began before then, those in wrap-up with them."""
    return list(await session.scalars(_OLD, {"node": node, "before": before}))


async def find(session: AnySession, call_id: str) -> Remains | None:
    """What is left of a call; None when its rows are gone."""
    row = (await session.execute(_FIND, {"call_id": call_id, "inbound": CallType.INBOUND.value})).first()
    if row is None:
        return None
    legs = [(leg.user_id, leg.attempt) for leg in await session.execute(_LEGS, {"call_id": call_id})]
    if row.user_id is not None and (row.user_id, row.leg) not in legs:
        legs.append((row.user_id, row.leg))
    dialled = row.dial or not ids.is_callback(call_id)
    return Remains(
        call_id=row.id,
        node=row.node,
        type=CallType(row.type),
        stage=CallStage(row.stage),
        is_over=row.is_over,
        was_answered=row.was_answered,
        recorded=row.recorded,
        customer=ids.customer_leg(call_id, row.dial) if dialled else None,
        legs=[leg for leg in legs if leg[1]],
        guest=(row.guest_id, row.guest_number, row.guest_purpose, row.guest_leg) if row.guest_purpose else None,
    )


async def note(session: WriteSession, call_id: str, why: str, now: datetime) -> None:
    """Writes into the audit log that a call was ended from outside."""
    await audit.note(session, None, "call.ended_by_force", call_id, {"why": why}, now)
