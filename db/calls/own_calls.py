"""The call that an agent has now: rung for, talked on or wrapped up."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from db.core.engine import AnySession
from db.core.errors import NotFoundError, UnusableValueError
from db.core.id_in import id_in
from db.models import Agent, Call, Participant, Queue, User
from db.queues import wrap_up_codes
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.call import CallRole, CallStage, CallType, Direction, GuestOutcome, Party, Purpose, revision
from domain.calls.failure import Failure

_AGENT, _THIRD, _LAST = aliased(Participant), aliased(Participant), aliased(Participant)
_AGENT_NAME, _THIRD_NAME, _LAST_NAME = aliased(User), aliased(User), aliased(User)
_WITH_GUEST = (CallStage.REACHING, CallStage.CONSULTING, CallStage.CONFERENCE)
_OWN = (
    CallStage.DIALLING,
    CallStage.CONNECTED,
    CallStage.HELD,
    *_WITH_GUEST,
    CallStage.RETURNING,
    CallStage.WRAP_UP,
)
_TOGETHER = frozenset({CallStage.CONNECTED, CallStage.HELD, *_WITH_GUEST, CallStage.RETURNING})
OF_GUEST = {
    CallStage.REACHING: CallStage.OFFERED,
    CallStage.CONSULTING: CallStage.CONNECTED,
    CallStage.CONFERENCE: CallStage.CONFERENCE,
}
"""What a guest sees: a call that rings, and then a talk in private or of all three."""


@dataclass(frozen=True)
class WrapUpChoice:
    """An outcome that the agent can give a call, and the key that does it, if it has one."""

    name: str
    key: str | None


@dataclass(frozen=True)
class GuestSlice:
    """The third party of a call: a user, or a number outside, `since` when it is rung or, once `answered`, talks."""

    purpose: Purpose
    user_id: UUID | None
    name: str | None
    number: str | None
    answered: bool
    since: datetime | None


@dataclass(frozen=True)
class LastGuest:
    """The third party who was in the call before, and what became of it `at` that time."""

    name: str | None
    number: str | None
    purpose: Purpose
    outcome: GuestOutcome
    at: datetime
    failure: Failure | None = None
    """Why somebody outside was not reached."""


@dataclass(frozen=True)
class Present:
    """Somebody who is in the call: the customer, the agent whose call it is, and the guest once it has answered.

    `number` is that of the customer or of a guest outside.
    """

    role: CallRole
    name: str | None
    number: str | None


@dataclass(frozen=True)
class CallSlice:
    """The call that the agent is rung for, talks on or wraps up.

    `callback`: the customer is called as soon as the agent is there. The codes come with the wrap-up.
    `brought_by` is who brings this user in as the guest; None for the agent whose call it is. `revision` is what is
    sent back with what is asked of the call, so that it is done to what was seen only. `ended_by` comes with the
    wrap-up. `participants` are told once somebody talks. `answered_at` is when this agent came in, `served_at` when the
    first one did.
    """

    call_id: str
    revision: str
    type: CallType
    stage: CallStage
    callback: bool
    customer_number: str | None
    customer_name: str
    queue: str | None
    our_number: str
    direction: Direction
    queued_at: datetime | None
    offered_at: datetime | None
    answered_at: datetime | None
    served_at: datetime | None
    ended_at: datetime | None
    muted: bool
    recorded: bool
    recording_paused: bool
    recording_failed: bool
    guest: GuestSlice | None
    last_guest: LastGuest | None
    participants: tuple[Present, ...]
    brought_by: str | None
    ended_by: Party | None
    wrap_up_codes: tuple[WrapUpChoice, ...]
    wrap_up_code_required: bool


def _takes_part(role: CallRole) -> ColumnElement[bool]:
    """Whether an agent is in a call in that role."""
    return exists().where(
        Participant.call_id == Call.id,
        Participant.user_id == Agent.user_id,
        Participant.role == role,
        Participant.until.is_(None),
    )


def _now_in(who: type[Participant], role: CallRole) -> ColumnElement[bool]:
    """The condition of the participant in that role, now."""
    return and_(who.call_id == Call.id, who.role == role, who.until.is_(None))


_NOW = bindparam("now", type_=DateTime(timezone=True))
HAS: ColumnElement[bool] = and_(
    Call.id == Agent.call_id,
    or_(
        and_(
            Agent.state == AgentState.OFFERED,
            Call.stage == CallStage.OFFERED,
            or_(Agent.until.is_(None), Agent.until >= _NOW),
        ),
        and_(_takes_part(CallRole.AGENT), Call.stage.in_(_OWN)),
        and_(_takes_part(CallRole.THIRD_PARTY), Call.stage.in_((*_WITH_GUEST, CallStage.RETURNING))),
    ),
)
"""Whether an agent has a call `:now`.

While a call rings, several agents may. After that, its participants say so.
"""

# The last third party that left while this agent had the call: the agent is told what became of it.
_LAST_ONE = (
    select(func.max(Participant.id))
    .where(
        Participant.call_id == Call.id,
        Participant.outcome.is_not(None),
        Participant.until > func.coalesce(_AGENT.joined_at, _AGENT.since),
    )
    .correlate(Call, _AGENT)
    .scalar_subquery()
)
_CALLS = (
    select(
        Agent.user_id,
        Agent.attempt,
        Call,
        Queue.name,
        func.coalesce(Queue.wrap_up_code_required, False),
        _AGENT,
        _AGENT_NAME.name,
        _THIRD,
        _THIRD_NAME.name,
        _LAST,
        _LAST_NAME.name,
    )
    .select_from(Agent)
    .join(Call, HAS)
    .outerjoin(Queue, Queue.id == Call.queue_id)
    .outerjoin(_AGENT, _now_in(_AGENT, CallRole.AGENT))
    .outerjoin(_AGENT_NAME, _AGENT_NAME.id == _AGENT.user_id)
    .outerjoin(_THIRD, _now_in(_THIRD, CallRole.THIRD_PARTY))
    .outerjoin(_THIRD_NAME, _THIRD_NAME.id == _THIRD.user_id)
    .outerjoin(_LAST, and_(_LAST.id == _LAST_ONE, _THIRD.id.is_(None)))
    .outerjoin(_LAST_NAME, _LAST_NAME.id == _LAST.user_id)
    .where(id_in(Agent.user_id, "user_ids"))
)


@dataclass(frozen=True)
class _Facts:
    """A row of _CALLS: a call with its participants."""

    user_id: UUID
    rung: int | None
    call: Call
    queue: str | None
    code_required: bool
    agent: Participant | None
    agent_name: str | None
    third: Participant | None
    third_name: str | None
    last: Participant | None
    last_name: str | None

    @property
    def stage_of_parties(self) -> CallStage:
        """Where the call is apart from an agent who was cut off."""
        return self.call.returning_to or self.call.stage

    @property
    def third_talks(self) -> bool:
        """Whether the third party has answered. One that was cut off is rung again, and does not talk until then."""
        return self.third is not None and self.third.joined_at is not None and not self.third.away


async def find(session: AnySession, user_ids: Collection[UUID], now: datetime) -> dict[UUID, CallSlice]:
    """The calls that these users have; users without a call are left out."""
    found = await session.execute(_CALLS, {"user_ids": list(user_ids), "now": now})
    rows = [_Facts(*row) for row in found]
    codes = await _codes(session, {row.call.queue_id for row in rows if row.call.stage is CallStage.WRAP_UP})
    found_calls = {}
    for row in rows:
        shown = _slice(row, codes.get(row.call.queue_id, ()))
        is_third = row.third is not None and row.third.user_id == row.user_id
        found_calls[row.user_id] = _as_guest(row, shown) if is_third else shown
    return found_calls


async def _codes(
    session: AnySession, queue_ids: Collection[UUID | None]
) -> dict[UUID | None, tuple[WrapUpChoice, ...]]:
    if not queue_ids:
        return {}
    rows = await wrap_up_codes.of_queues(session, {queue_id for queue_id in queue_ids if queue_id is not None})
    return {
        queue_id: tuple(WrapUpChoice(row.name, row.key) for row in rows if row.queue_id in {None, queue_id})
        for queue_id in queue_ids
    }


def _as_guest(row: _Facts, shown: CallSlice) -> CallSlice:
    return replace(
        shown,
        stage=OF_GUEST.get(row.stage_of_parties, CallStage.CONNECTED),
        brought_by=row.agent_name or "",
        muted=row.third is not None and row.third.muted,
        last_guest=None,
        offered_at=shown.guest.since if shown.guest else None,
        answered_at=shown.guest.since if shown.guest and shown.guest.answered else None,
    )


def _last_guest(row: _Facts) -> LastGuest | None:
    last = row.last
    if last is None or last.outcome is None or last.purpose is None or last.until is None:
        return None
    return LastGuest(row.last_name, last.number, last.purpose, last.outcome, last.until, last.failure)


def _participants(row: _Facts) -> tuple[Present, ...]:
    call = row.call
    if call.stage not in _TOGETHER:
        return ()
    found = [Present(CallRole.CUSTOMER, call.customer_name or None, call.customer_number)]
    if row.agent_name is not None and call.stage is not CallStage.RETURNING:
        found.append(Present(CallRole.AGENT, row.agent_name, None))
    if row.third is not None and row.third_talks:
        found.append(Present(CallRole.THIRD_PARTY, row.third_name, row.third.number))
    return tuple(found)


def _guest(row: _Facts) -> GuestSlice | None:
    third = row.third
    if third is None or third.purpose is None:
        return None
    return GuestSlice(
        purpose=third.purpose,
        user_id=third.user_id,
        name=row.third_name,
        number=third.number,
        answered=row.third_talks,
        since=None if third.away else third.joined_at or third.since,
    )


def _revision(row: _Facts) -> str:
    """As the call's workflow counts it. While a call rings at several agents, each has seen the own leg."""
    leg = row.agent.leg if row.agent else 0
    attempt = row.rung if row.call.stage is CallStage.OFFERED else leg
    return revision(row.call.stage, attempt or 0, row.third.leg if row.third else 0)


def _slice(row: _Facts, codes: tuple[WrapUpChoice, ...]) -> CallSlice:
    call, joined_at = row.call, row.agent.joined_at if row.agent else None
    return CallSlice(
        call_id=call.id,
        revision=_revision(row),
        type=call.type,
        stage=call.stage,
        callback=ids.is_callback(call.id),
        customer_number=call.customer_number,
        customer_name=call.customer_name,
        queue=row.queue,
        our_number=call.our_number,
        direction=call.direction,
        queued_at=call.queued_at,
        offered_at=call.offered_at,
        # The time of the agent whose call it is now, not of one who had it before.
        answered_at=(joined_at or call.answered_at) if call.answered_at else None,
        served_at=call.answered_at,
        ended_at=call.ended_at,
        muted=row.agent is not None and row.agent.muted,
        recorded=call.recorded,
        recording_paused=call.recording_paused,
        recording_failed=call.recording_failed,
        guest=_guest(row),
        last_guest=_last_guest(row),
        participants=_participants(row),
        brought_by=None,
        ended_by=call.ended_by,
        wrap_up_codes=codes,
        wrap_up_code_required=row.code_required,
    )


async def owned(session: AnySession, user_id: UUID, call_id: str, now: datetime) -> bool:
    """Whether the call is this agent's now."""
    found = await session.scalar(
        select(Call.id).join(Agent, HAS).where(Call.id == call_id, Agent.user_id == user_id), {"now": now}
    )
    return found is not None


async def led(session: AnySession, user_id: UUID, call_id: str, now: datetime) -> bool:
    """Whether the call is this agent's now, and not one that the agent is brought into."""
    found = await session.scalar(
        select(Call.id)
        .join(Agent, HAS)
        .where(Call.id == call_id, Agent.user_id == user_id, ~_takes_part(CallRole.THIRD_PARTY)),
        {"now": now},
    )
    return found is not None


async def checked_code(session: AnySession, user_id: UUID, call_id: str, code: str, now: datetime) -> str:
    """The wrap-up code as it is kept. Raises UnusableValueError for one that the call's queue does not have."""
    call = (await find(session, [user_id], now)).get(user_id)
    if call is None or call.call_id != call_id:
        raise NotFoundError("You have no such call now.")
    known = {choice.name.lower(): choice.name for choice in call.wrap_up_codes}
    if call.stage is CallStage.WRAP_UP and code.lower() not in known:
        raise UnusableValueError(f"{code} is no wrap-up code of {call.queue or 'this call'}.")
    return known.get(code.lower(), code)
