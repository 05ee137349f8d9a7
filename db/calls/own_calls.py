"""The call that an agent has now: rung for, talked on or wrapped up."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from db.core.engine import AnySession
from db.core.errors import NotFoundError, UnusableValueError
from db.core.id_in import id_in
from db.models import Agent, Call, Queue, User
from db.queues import wrap_up_codes
from domain.agents.agent import AgentState
from domain.calls import ids
from domain.calls.call import CallRole, CallStage, CallType, GuestOutcome, Party, Purpose, revision
from domain.calls.failure import Failure

_GUEST, _OWNER = aliased(User), aliased(User)
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
class Participant:
    """Somebody who is in the call: the customer, the agent whose call it is, and the guest once it has answered.

    `number` is that of the customer or of a guest outside.
    """

    role: CallRole
    name: str | None
    number: str | None


@dataclass(frozen=True)
class CallSlice:
    """The call that the agent is rung for, talks on or wraps up.

    `callback`: it is we who call the customer, as soon as the agent is there. The codes come with the wrap-up.
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
    caller_number: str
    caller_name: str
    queue: str | None
    dialled: str
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
    participants: tuple[Participant, ...]
    brought_by: str | None
    ended_by: Party | None
    wrap_up_codes: tuple[WrapUpChoice, ...]
    wrap_up_code_required: bool
    wrap_up_code: str | None


_NOW = bindparam("now", type_=DateTime(timezone=True))
HAS: ColumnElement[bool] = and_(
    Call.id == Agent.call_id,
    or_(
        and_(
            Agent.state == AgentState.OFFERED,
            Call.stage == CallStage.OFFERED,
            or_(Agent.until.is_(None), Agent.until >= _NOW),
        ),
        and_(Call.user_id == Agent.user_id, Call.stage.in_(_OWN)),
        and_(Call.guest_id == Agent.user_id, Call.stage.in_((*_WITH_GUEST, CallStage.RETURNING))),
    ),
)
"""Whether an agent has a call `:now`.

While a call rings, several agents may; who talks is written on the call itself.
"""

_CALLS = (
    select(
        Agent.user_id,
        Agent.attempt,
        Call,
        Queue.name,
        func.coalesce(Queue.wrap_up_code_required, False),
        _GUEST.name,
        _OWNER.name,
    )
    .join(Call, HAS)
    .outerjoin(Queue, Queue.id == Call.queue_id)
    .outerjoin(_GUEST, _GUEST.id == Call.guest_id)
    .outerjoin(_OWNER, _OWNER.id == Call.user_id)
    .where(id_in(Agent.user_id, "user_ids"))
)


async def find(session: AnySession, user_ids: Collection[UUID], now: datetime) -> dict[UUID, CallSlice]:
    """The calls that these users have; who has none is left out."""
    found = await session.execute(_CALLS, {"user_ids": list(user_ids), "now": now})
    rows = found.all()
    codes = await _codes(session, {call.queue_id for _, _, call, *_ in rows if call.stage == CallStage.WRAP_UP})
    found_calls = {}
    for user_id, attempt, call, queue, required, guest, owner in rows:
        shown = _slice(call, attempt, queue, codes.get(call.queue_id, ()), guest, owner, required=required)
        found_calls[user_id] = _as_guest(call, shown, owner) if call.guest_id == user_id else shown
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


def _as_guest(call: Call, shown: CallSlice, owner: str | None) -> CallSlice:
    return replace(
        shown,
        stage=OF_GUEST.get(_stage_of_parties(call), CallStage.CONNECTED),
        brought_by=owner or "",
        muted=call.guest_muted,
        last_guest=None,
        offered_at=shown.guest.since if shown.guest else None,
        answered_at=shown.guest.since if shown.guest and shown.guest.answered else None,
    )


def _stage_of_parties(call: Call) -> CallStage:
    """Where the call is apart from an agent who was cut off."""
    return call.returning_to or call.stage


def _last_guest(call: Call) -> LastGuest | None:
    if call.last_guest is None:
        return None
    facts = call.last_guest
    return LastGuest(
        name=facts["name"],
        number=facts["number"],
        purpose=Purpose(facts["purpose"] or ""),
        outcome=GuestOutcome(facts["outcome"] or ""),
        at=datetime.fromisoformat(facts["at"] or ""),
        failure=Failure(failure) if (failure := facts.get("failure")) else None,
    )


def _participants(call: Call, owner: str | None, guest: str | None) -> tuple[Participant, ...]:
    if call.stage not in _TOGETHER:
        return ()
    found = [Participant(CallRole.CUSTOMER, call.caller_name or None, call.caller_number)]
    if owner is not None and call.stage != CallStage.RETURNING:
        found.append(Participant(CallRole.AGENT, owner, None))
    if call.guest_purpose is not None and _guest_talks(call):
        found.append(Participant(CallRole.GUEST, guest, call.guest_number))
    return tuple(found)


def _guest_talks(call: Call) -> bool:
    """Whether the third party has answered. One that was cut off is rung again, and talks since no time."""
    return _stage_of_parties(call) is not CallStage.REACHING and call.guest_since is not None


def _guest(call: Call, name: str | None) -> GuestSlice | None:
    if call.guest_purpose is None:
        return None
    return GuestSlice(
        purpose=call.guest_purpose,
        user_id=call.guest_id,
        name=name,
        number=call.guest_number,
        answered=_guest_talks(call),
        since=call.guest_since,
    )


def _revision(call: Call, rung: int | None) -> str:
    """As the call's workflow counts it. While a call rings at several agents, each has seen the own leg, `rung`."""
    stage = call.stage
    attempt = rung if stage is CallStage.OFFERED else call.attempt
    return revision(stage, attempt or 0, (call.guest_attempt or 0) if call.guest_purpose else 0)


def _slice(  # noqa: PLR0913, PLR0917 - each is a different fact of the call
    call: Call,
    rung: int | None,
    queue: str | None,
    codes: tuple[WrapUpChoice, ...],
    guest: str | None,
    owner: str | None,
    *,
    required: bool,
) -> CallSlice:
    return CallSlice(
        call_id=call.id,
        revision=_revision(call, rung),
        type=call.type,
        stage=call.stage,
        callback=ids.is_callback(call.id),
        caller_number=call.caller_number,
        caller_name=call.caller_name,
        queue=queue,
        dialled=call.dialled,
        queued_at=call.queued_at,
        offered_at=call.offered_at,
        # The time of the agent whose call it is now, not of one who had it before.
        answered_at=(call.owned_since or call.answered_at) if call.answered_at else None,
        served_at=call.answered_at,
        ended_at=call.ended_at,
        muted=call.muted,
        recorded=call.recorded,
        recording_paused=call.recording_paused,
        recording_failed=call.recording_failed,
        guest=_guest(call, guest),
        last_guest=_last_guest(call),
        participants=_participants(call, owner, guest),
        brought_by=None,
        ended_by=call.ended_by,
        wrap_up_codes=codes,
        wrap_up_code_required=required,
        wrap_up_code=call.wrap_up_code,
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
        select(Call.id).join(Agent, HAS).where(Call.id == call_id, Agent.user_id == user_id, Call.user_id == user_id),
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
