"""Agents and guests who were cut off, and are rung again."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select, text, update

from db.calls import participants
from db.calls.participants import Phone, tell
from db.core.engine import AnySession, WriteSession
from db.models import Call, Extension, Participant
from db.routing.availability import PHONE_NODE
from domain.agents.agent import ExtensionKind
from domain.calls.call import CallRole, CallStage
from domain.events.notice import NoticeKind

_RING_AGAIN = text(f"""
    UPDATE agents SET attempt = :attempt FROM extensions
    WHERE agents.user_id = :user_id AND agents.call_id = :call_id AND extensions.user_id = agents.user_id
    RETURNING extensions.number, extensions.kind, {PHONE_NODE} AS node
""")  # noqa: S608 - made of constants


async def ring_again(session: WriteSession, call_id: str, user_id: UUID, attempt: int, now: datetime) -> Phone | None:
    """Notes that an agent who was cut off is rung on another leg. None when the agent has left the call."""
    about = {"call_id": call_id, "user_id": user_id, "attempt": attempt, "now": now}
    row = (await session.execute(_RING_AGAIN, about)).first()
    if row is None:
        return None
    agent = participants.is_in(call_id, CallRole.AGENT)
    await session.execute(
        update(Participant).where(*agent).values(leg=attempt).execution_options(synchronize_session=False)
    )
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
    await tell(session, NoticeKind.CALL_GUEST_LOST, call)
    return Phone(row.number, ExtensionKind(row.kind), row.node)


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
