"""The parts of agents who had a call and left it to others, and how the call came out for each of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Text, any_, bindparam, select, text, type_coerce, update

from db.core.engine import AnySession, WriteSession
from db.core.errors import NotAllowedNowError, NotFoundError, UnusableValueError
from db.models import Call, Participant, User
from db.models.participant import LEFT_TO_OTHERS
from db.queues import wrap_up_codes
from domain.calls.call import CallRole

_LEFT = type_coerce(text(LEFT_TO_OTHERS), Boolean)
# The row of a call goes with the end of its wrap-up: until then its record is not complete.
_PARTS = (
    select(
        Participant.id,
        Participant.call_id,
        Participant.user_id,
        User.name,
        Participant.wrap_up_code,
        Call.id.is_not(None).label("is_open"),
        Call.queue_id,
    )
    .join(User, User.id == Participant.user_id)
    .outerjoin(Call, Call.id == Participant.call_id)
    .where(
        Participant.call_id == any_(bindparam("call_ids", type_=ARRAY(Text()))),
        Participant.role == CallRole.AGENT,
        _LEFT,
    )
    .order_by(Participant.id)
)


@dataclass(frozen=True)
class CallPart:
    """An agent who had a call and left it to others; of one who left it twice, the last time.

    `wrap_up_codes` are those that the agent may give this part, as long as the call's record is not complete.
    """

    user_id: UUID
    agent: str
    wrap_up_code: str | None
    wrap_up_codes: Sequence[str]


async def find(session: AnySession, call_ids: Collection[str]) -> dict[str, Sequence[CallPart]]:
    """The parts of each of these calls, in the order in which the agents left; calls without any are left out."""
    rows = list(await session.execute(_PARTS, {"call_ids": list(call_ids)})) if call_ids else []
    latest: dict[tuple[str, UUID], Any] = {}
    for row in rows:
        latest.pop((row.call_id, row.user_id), None)
        latest[row.call_id, row.user_id] = row
    codes = await _codes(session, {row.queue_id for row in rows if row.is_open})
    parts: dict[str, list[CallPart]] = {}
    for row in latest.values():
        choice = codes[row.queue_id] if row.is_open else ()
        parts.setdefault(row.call_id, []).append(CallPart(row.user_id, row.name, row.wrap_up_code, choice))
    return dict(parts)


async def put_code(session: WriteSession, call_id: str, user_id: UUID, code: str | None) -> None:
    """Says how a call came out for an agent who has left it to others; None takes that back.

    Raises NotFoundError, NotAllowedNowError once the call's record is complete, and UnusableValueError for a code that
    the call's queue does not have.
    """
    rows = await session.execute(_PARTS, {"call_ids": [call_id]})
    mine = [row for row in rows if row.user_id == user_id]
    if not mine:
        raise NotFoundError("You have not passed this call on.")
    part = mine[-1]
    if not part.is_open:
        raise NotAllowedNowError("The call is over and its record complete, so it takes no code any more.")
    known = {name.lower(): name for name in (await _codes(session, {part.queue_id}))[part.queue_id]}
    if code is not None and code.lower() not in known:
        raise UnusableValueError(f"{code} is no wrap-up code of this call.", field="code")
    value = known[code.lower()] if code is not None else None
    await session.execute(update(Participant).where(Participant.id == part.id).values(wrap_up_code=value))


async def _codes(session: AnySession, queue_ids: Collection[UUID | None]) -> dict[UUID | None, tuple[str, ...]]:
    """The names of the codes of each of these queues; of a call without one, those of all queues."""
    if not queue_ids:
        return {}
    rows = await wrap_up_codes.of_queues(session, {queue_id for queue_id in queue_ids if queue_id is not None})
    return {queue_id: tuple(row.name for row in rows if row.queue_id in {None, queue_id}) for queue_id in queue_ids}
