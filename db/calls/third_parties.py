"""A third party who is brought into a call: held, told, let go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from db.calls import participants
from db.calls.handing_over import let_go
from db.calls.participants import Phone, tell
from db.core.engine import WriteSession
from db.core.notices import Notice, publish
from db.dialling_rules import destinations, dial_limits
from db.models import Call, Participant
from db.routing import claims
from db.routing.availability import HAS_MICROPHONE, IS_FREE, IS_REACHABLE, PHONE_NODE
from domain.agents.agent import ExtensionKind
from domain.calls.call import CallRole, CallStage, GuestOutcome, Purpose
from domain.calls.failure import Failure
from domain.events.notice import NoticeKind
from domain.routing.matching import Match

_AVAILABLE = text(f"""
    SELECT users.name, extensions.number, extensions.kind, ({IS_REACHABLE} AND {HAS_MICROPHONE}) AS reachable,
        {IS_FREE} AS free, {PHONE_NODE} AS node
    FROM users JOIN agents ON agents.user_id = users.id JOIN extensions ON extensions.user_id = users.id
    WHERE users.id = :user_id AND users.disabled_at IS NULL
""")  # noqa: S608 - made of constants


_CLAIM = text("""
    UPDATE agents SET state = 'offered', since = :now, reason = NULL, call_id = :call_id, attempt = :attempt,
        until = :until, wanted = NULL, wanted_reason = NULL
    WHERE user_id = :user_id
""")


_LAST_REACHED = text("""
    SELECT leg FROM participants WHERE call_id = :call_id AND purpose IS NOT NULL ORDER BY id DESC LIMIT 1
""")


_BY_ANOTHER_TRUNK = text("""
    UPDATE participants SET leg = :leg WHERE call_id = :call_id AND role = 'third_party' AND until IS NULL
""")


@dataclass(frozen=True)
class Wanted:
    """A third party to be brought into a call on leg `attempt`: a user, or a number outside, called from `region`.

    `before` is the leg by which the same one was just called, by a trunk that is down.
    """

    call_id: str
    attempt: int
    purpose: Purpose
    user_id: UUID | None
    number: str | None
    region: str
    before: int = 0


@dataclass(frozen=True)
class Found:
    """Whether the third party can be rung: by which phone or number, or why not.

    `is_new` is False when a step is repeated.
    """

    phone: Phone | None = None
    refusal: str | None = None
    is_new: bool = True
    number: str | None = None


async def reach(session: WriteSession, wanted: Wanted, now: datetime, ring: timedelta) -> Found:
    """Holds a third party for a call. Somebody outside has no phone of ours, and counts as dialled by the agent."""
    await claims.lock(session)
    call = await session.get_one(Call, wanted.call_id, with_for_update=True)
    is_new = wanted.attempt != await session.scalar(_LAST_REACHED, {"call_id": wanted.call_id})
    if wanted.user_id is not None:
        found = await _user(session, wanted.user_id, now, is_new=is_new)
    else:
        found = await _outside(session, wanted, now) if is_new else Found(is_new=False)
    if found.refusal is not None:
        return found
    if wanted.before:
        await session.execute(_BY_ANOTHER_TRUNK, {"call_id": wanted.call_id, "leg": wanted.attempt})
    elif is_new:
        call.stage = CallStage.REACHING
        rung = Participant(
            call_id=call.id,
            role=CallRole.THIRD_PARTY,
            user_id=wanted.user_id,
            number=wanted.number,
            leg=wanted.attempt,
            purpose=wanted.purpose,
            arrived_at=call.arrived_at,
            since=now,
        )
        session.add(rung)
        await session.flush()
        if wanted.user_id:
            about = {"user_id": wanted.user_id, "call_id": wanted.call_id, "attempt": wanted.attempt, "now": now}
            await session.execute(_CLAIM, {**about, "until": now + ring})
    await tell(session, NoticeKind.CALL_REACHING, call)
    return found


async def _outside(session: WriteSession, wanted: Wanted, now: datetime) -> Found:
    decision = await destinations.decide(session, wanted.number or "", wanted.region)
    if decision.refusal is not None:
        return Found(refusal=decision.sentence)
    if wanted.before:
        return Found(number=decision.number)
    agent = await participants.agent_of(session, wanted.call_id)
    if agent is None:
        return Found(refusal="The call is nobody's just now, so nobody can be called for it.")
    why = await dial_limits.take(session, agent, wanted.call_id, wanted.attempt, now)
    return Found(refusal=why, number=decision.number)


async def _user(session: WriteSession, user_id: UUID, now: datetime, *, is_new: bool) -> Found:
    row = (await session.execute(_AVAILABLE, {"user_id": user_id, "now": now})).first()
    if row is None:
        return Found(refusal="There is nobody like that any more.")
    if is_new and not row.reachable:
        return Found(refusal=f"{row.name} has no phone just now.")
    if is_new and not row.free:
        return Found(refusal=f"{row.name} is not available now.")
    return Found(Phone(row.number, ExtensionKind(row.kind), row.node), is_new=is_new)


async def ring_on(session: WriteSession, call_id: str) -> None:
    """Notes that the guest of an agent who has left rings on for the customer."""
    call = await session.get(Call, call_id, with_for_update=True)
    if call is not None:
        call.stage, call.returning_to = CallStage.REACHING, None
        await session.flush()
        await tell(session, NoticeKind.CALL_REACHING, call)


@dataclass(frozen=True)
class Became:
    """What became of a third party, and why, if it was called outside and not reached."""

    outcome: GuestOutcome
    failure: Failure | None = None


async def drop_guest(  # noqa: PLR0913 - each is a different fact of the third party
    session: WriteSession,
    call_id: str,
    user_id: UUID | None,
    now: datetime,
    *,
    missed: bool,
    became: Became | None = None,
) -> list[Match]:
    """The third party has nothing to do with the call any more; the agent is told what became of it.

    Without that the agent knows. Returns the calls that found an agent by it.
    """
    await claims.lock(session)
    call = await session.get(Call, call_id, with_for_update=True)
    guest = await participants.find(session, call_id, CallRole.THIRD_PARTY)
    if call is not None and guest is not None:
        if became is not None:
            guest.outcome, guest.failure = became.outcome, became.failure
        await tell(session, NoticeKind.CALL_GUEST_LEFT, call)
        participants.leave(guest, now)
        await session.flush()
    if user_id is None:
        return []
    publish(
        session,
        Notice(NoticeKind.CALL_MISSED if missed else NoticeKind.CALL_COMPLETED, user_id, None, {"call_id": call_id}),
    )
    return await let_go(session, call_id, user_id, now, as_guest=True)
