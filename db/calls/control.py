"""What agents do with a call while they talk, as rows: its stage and its participants."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, text, update

from db.agents import presence
from db.calls import participants
from db.core.engine import AnySession, WriteSession
from db.core.notices import Notice, publish
from db.dialling_rules import destinations, dial_limits
from db.models import Call, Extension, Participant
from db.routing import claims
from db.routing.availability import HAS_MICROPHONE, IS_FREE, IS_REACHABLE, PHONE_NODE
from domain.agents.agent import AgentState, ExtensionKind
from domain.calls.call import CallRole, CallStage, GuestOutcome, Purpose
from domain.calls.failure import Failure
from domain.events.notice import NoticeKind
from domain.routing.matching import Match

_GUEST_TALKS = frozenset({CallStage.CONSULTING, CallStage.CONFERENCE})
_QUIET = {"synchronize_session": False}

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
_TAKES_PART = text("""
    UPDATE agents SET state = 'on_call', since = :now, until = NULL, missed = 0
    WHERE user_id = :user_id AND call_id = :call_id AND state = 'offered'
""")
# While the customer still talks with others, the talk is not lost.
_LOSE = text("""
    UPDATE calls SET lost_at = coalesce(lost_at, :now) WHERE id = :call_id AND stage <> 'connected'
""")
_LAST_REACHED = text("""
    SELECT leg FROM participants WHERE call_id = :call_id AND purpose IS NOT NULL ORDER BY id DESC LIMIT 1
""")
_BY_ANOTHER_TRUNK = text("""
    UPDATE participants SET leg = :leg WHERE call_id = :call_id AND role = 'third_party' AND until IS NULL
""")
_RING_AGAIN = text(f"""
    UPDATE agents SET attempt = :attempt FROM extensions
    WHERE agents.user_id = :user_id AND agents.call_id = :call_id AND extensions.user_id = agents.user_id
    RETURNING extensions.number, extensions.kind, {PHONE_NODE} AS node
""")  # noqa: S608 - made of constants


@dataclass(frozen=True)
class Phone:
    """What is needed to ring somebody."""

    number: str
    kind: ExtensionKind
    node: str | None = None
    """At which it is registered; None when it is not there."""


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
    await _tell(session, NoticeKind.CALL_REACHING, call)
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


async def move(
    session: WriteSession, call_id: str, stage: CallStage, now: datetime, returning_to: CallStage | None = None
) -> None:
    """Notes that the call has come to a stage, or that its agent is to come `returning_to` one.

    Its guest, if it has one, talks from the first stage on at which there are both.
    """
    call = await session.get(Call, call_id, with_for_update=True)
    if call is None:
        return
    now_at = returning_to or stage
    call.stage, call.returning_to = stage, returning_to
    # Nobody talks with a customer whose agent was cut off, but a third party in a conference.
    call.lost_at = (
        (call.lost_at or now) if stage is CallStage.RETURNING and now_at is not CallStage.CONFERENCE else None
    )
    guest = await participants.find(session, call_id, CallRole.THIRD_PARTY)
    if guest is not None and now_at in _GUEST_TALKS:
        guest.joined_at, guest.away = guest.joined_at or now, False
    await session.flush()
    if guest is not None and guest.user_id is not None and now_at is not CallStage.REACHING:
        await session.execute(_TAKES_PART, {"user_id": guest.user_id, "call_id": call_id, "now": now})
    await _tell(session, NoticeKind(f"call.{stage}"), call)


async def ring_on(session: WriteSession, call_id: str) -> None:
    """Notes that the guest of an agent who has left rings on for the customer."""
    call = await session.get(Call, call_id, with_for_update=True)
    if call is not None:
        call.stage, call.returning_to = CallStage.REACHING, None
        await session.flush()
        await _tell(session, NoticeKind.CALL_REACHING, call)


async def is_muted(session: AnySession, call_id: str, role: CallRole = CallRole.AGENT) -> bool:
    """Whether the microphone of the call's agent, or of its third party, is off."""
    return bool(await session.scalar(select(Participant.muted).where(*participants.is_in(call_id, role))))


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
        await _tell(session, NoticeKind.CALL_GUEST_LEFT, call)
        participants.leave(guest, now)
        await session.flush()
    if user_id is None:
        return []
    publish(
        session,
        Notice(NoticeKind.CALL_MISSED if missed else NoticeKind.CALL_COMPLETED, user_id, None, {"call_id": call_id}),
    )
    return await let_go(session, call_id, user_id, now, as_guest=True)


@dataclass(frozen=True)
class Handed:
    """A call changes its agent from `former` to `to`, who talks on leg `attempt`. `to` is None for somebody outside."""

    call_id: str
    former: UUID | None
    to: UUID | None
    attempt: int


async def hand_over(session: WriteSession, handed: Handed, now: datetime) -> list[Match]:
    """The call is another's from now on; somebody outside leaves the record to the agent before.

    Returns the calls that found the former agent by it.
    """
    call_id, to, former = handed.call_id, handed.to, handed.former
    await claims.lock(session)
    call = await session.get(Call, call_id, with_for_update=True)
    if call is not None:
        has_talked = (call.returning_to or call.stage) != CallStage.REACHING
        call.stage, call.returning_to, call.lost_at = CallStage.CONNECTED, None, None
        _note_pause(call, now, paused=False)
        await _change_agent(session, call, handed, now, has_talked=has_talked)
        await session.flush()
        await _tell(session, NoticeKind.CALL_HANDED_OVER, call)
    if to is not None:
        await session.execute(_TAKES_PART, {"user_id": to, "call_id": call_id, "now": now})
    if former is None:
        return []
    publish(session, Notice(NoticeKind.CALL_COMPLETED, former, None, {"call_id": call_id}))
    return await let_go(session, call_id, former, now)


async def _change_agent(session: WriteSession, call: Call, handed: Handed, now: datetime, *, has_talked: bool) -> None:
    """The third party becomes the agent, with the microphone as it is. Somebody outside stays a third party."""
    agent = await participants.find(session, call.id, CallRole.AGENT)
    guest = await participants.find(session, call.id, CallRole.THIRD_PARTY)
    if guest is None:
        return
    if agent is not None:
        participants.leave(agent, now)
        await session.flush()
    guest.joined_at, guest.away = (guest.joined_at if has_talked else None) or now, False
    if handed.to is not None:
        guest.role, guest.leg, call.offered_at = CallRole.AGENT, handed.attempt, guest.joined_at


async def is_handed_over(session: AnySession, call_id: str, attempt: int) -> bool:
    """Whether the call is of the agent on that leg already."""
    agent = exists().where(*participants.is_in(call_id, CallRole.AGENT), Participant.leg == attempt)
    found = select(Call.id).where(Call.id == call_id, agent, Call.stage == CallStage.CONNECTED)
    return await session.scalar(found) is not None


async def let_go(
    session: WriteSession, call_id: str, user_id: UUID, now: datetime, *, as_guest: bool = False
) -> list[Match]:
    """An agent leaves a call to others, which the agent's part in it tells. Returns the calls that found this agent."""
    await claims.lock(session)
    mine = await session.scalar(
        select(Participant).where(
            Participant.call_id == call_id, Participant.user_id == user_id, Participant.until.is_(None)
        )
    )
    if mine is not None:
        was_agent = mine.role is CallRole.AGENT and not as_guest
        lost_at = await session.scalar(select(Call.lost_at).where(Call.id == call_id)) if was_agent else None
        participants.leave(mine, now, lost_at=lost_at)
        await session.flush()
        if was_agent:
            await session.execute(_LOSE, {"call_id": call_id, "now": now})
    state = await presence.release(session, user_id, call_id, now)
    publish(session, Notice(NoticeKind.CALL_LEFT, user_id, None, {"call_id": call_id}))
    return await claims.match_agents(session, [user_id], now) if state is AgentState.IDLE else []


async def ring_again(session: WriteSession, call_id: str, user_id: UUID, attempt: int, now: datetime) -> Phone | None:
    """Notes that an agent who was cut off is rung on another leg. None when the agent has left the call."""
    about = {"call_id": call_id, "user_id": user_id, "attempt": attempt, "now": now}
    row = (await session.execute(_RING_AGAIN, about)).first()
    if row is None:
        return None
    agent = participants.is_in(call_id, CallRole.AGENT)
    await session.execute(update(Participant).where(*agent).values(leg=attempt).execution_options(**_QUIET))
    return Phone(row.number, ExtensionKind(row.kind), row.node)


async def ring_guest(  # noqa: PLR0913, PLR0917 - each is a different fact of the guest
    session: WriteSession, call_id: str, user_id: UUID, attempt: int, stage: CallStage, now: datetime
) -> Phone | None:
    """Notes that a guest who was cut off is rung on another leg, and talks since no time until then.

    None when the guest has left the call.
    """
    about = {"call_id": call_id, "user_id": user_id, "attempt": attempt, "now": now}
    row = (await session.execute(_RING_AGAIN, about)).first()
    call = await session.get(Call, call_id, with_for_update=True)
    guest = await participants.find(session, call_id, CallRole.THIRD_PARTY)
    if row is None or call is None or guest is None:
        return None
    call.stage, guest.leg, guest.away = stage, attempt, True
    await session.flush()
    await _tell(session, NoticeKind.CALL_GUEST_LOST, call)
    return Phone(row.number, ExtensionKind(row.kind), row.node)


async def pause_recording(session: WriteSession, call_id: str, now: datetime, *, paused: bool) -> None:
    """Notes whether the recording of a call is paused."""
    call = await session.get(Call, call_id, with_for_update=True)
    if call is not None:
        _note_pause(call, now, paused=paused)
        await session.flush()
        await _tell(session, NoticeKind.CALL_RECORDING_PAUSED, call)


def _note_pause(call: Call, now: datetime, *, paused: bool) -> None:
    if call.recording_paused_at is not None and not paused:
        call.recording_paused_seconds += max(0.0, (now - call.recording_paused_at).total_seconds())
    call.recording_paused_at = (call.recording_paused_at or now) if paused else None
    call.recording_paused = paused


async def returning(session: AnySession, extension: str, kinds: Collection[ExtensionKind]) -> str | None:
    """The call that waits for the agent, or the guest, of that phone, one of such kinds, to come back."""
    is_agent = and_(Participant.role == CallRole.AGENT, Call.stage == CallStage.RETURNING)
    is_guest = and_(
        Participant.role == CallRole.THIRD_PARTY,
        Participant.away,
        Call.stage.in_((CallStage.REACHING, CallStage.CONFERENCE)),
    )
    found: str | None = await session.scalar(
        select(Call.id)
        .join(Participant, and_(Participant.call_id == Call.id, Participant.until.is_(None)))
        .join(Extension, Extension.user_id == Participant.user_id)
        .where(Extension.number == extension, Extension.kind.in_(kinds), or_(is_agent, is_guest))
    )
    return found


async def _tell(session: WriteSession, kind: NoticeKind, call: Call) -> None:
    """Tells the users in the call, and those who watch its queue."""
    facts = {"call_id": call.id}
    publish(session, Notice(kind, None, call.queue_id, facts))
    publish(session, *(Notice(kind, user_id, None, facts) for user_id in await participants.users_in(session, call.id)))
