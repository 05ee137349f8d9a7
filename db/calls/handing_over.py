"""A call that changes its agent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, text

from db.agents import release
from db.calls import participants
from db.calls.control import note_pause
from db.calls.participants import take_part, tell
from db.core.engine import AnySession, WriteSession
from db.core.notices import Notice, publish
from db.models import Call, Participant
from db.routing import claims
from domain.calls.call import CallRole, CallStage
from domain.events.notice import NoticeKind
from domain.routing.matching import Match

# While the customer still talks with others, the talk is not lost.
_LOSE = text("""
    UPDATE calls SET lost_at = coalesce(lost_at, :now) WHERE id = :call_id AND stage <> 'connected'
""")


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
        note_pause(call, now, paused=False)
        await _change_agent(session, call, handed, now, has_talked=has_talked)
        await session.flush()
        await tell(session, NoticeKind.CALL_HANDED_OVER, call)
    if to is not None:
        await take_part(session, call_id, to, now)
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
    publish(session, Notice(NoticeKind.CALL_LEFT, user_id, None, {"call_id": call_id}))
    return (await release.release(session, call_id, now, users=[user_id])).matches
