"""The participants of a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, text

from db.core.engine import AnySession, WriteSession
from db.core.notices import Notice, publish
from db.models import Call, Participant
from domain.agents.agent import ExtensionKind
from domain.calls.call import CallRole
from domain.events.notice import NoticeKind

_TAKES_PART = text("""
    UPDATE agents SET state = 'on_call', since = :now, until = NULL, missed = 0
    WHERE user_id = :user_id AND call_id = :call_id AND state = 'offered'
""")


@dataclass(frozen=True)
class Phone:
    """What is needed to ring somebody."""

    number: str
    kind: ExtensionKind
    node: str | None = None
    """At which it is registered; None when it is not there."""


def is_in(call_id: str, role: CallRole) -> tuple[ColumnElement[bool], ...]:
    """The condition of a participant who is in the call now, in that role."""
    return Participant.call_id == call_id, Participant.role == role, Participant.until.is_(None)


def is_agent(call_id: str) -> tuple[ColumnElement[bool], ...]:
    """The condition of the agent whose call it is."""
    return is_in(call_id, CallRole.AGENT)


async def find(session: AnySession, call_id: str, role: CallRole) -> Participant | None:
    """The participant in a role of which a call has one: its agent, or its third party. None when there is none now."""
    return await session.scalar(select(Participant).where(*is_in(call_id, role)))


async def agent_of(session: AnySession, call_id: str) -> UUID | None:
    """The user whose call it is; None while it is nobody's."""
    return await session.scalar(select(Participant.user_id).where(*is_agent(call_id)))


async def users_in(session: AnySession, call_id: str) -> Sequence[UUID]:
    """The users who are in the call now."""
    found = await session.scalars(
        select(Participant.user_id).where(
            Participant.call_id == call_id, Participant.user_id.is_not(None), Participant.until.is_(None)
        )
    )
    return [user_id for user_id in found if user_id is not None]


def leave(participant: Participant, now: datetime, *, lost_at: datetime | None = None) -> None:
    """Notes that somebody is in the call no more. The talk of an agent who was cut off ended when that happened."""
    participant.until = now
    if participant.joined_at is not None:
        participant.seconds = max(0.0, ((lost_at or now) - participant.joined_at).total_seconds())


async def take_part(session: WriteSession, call_id: str, user_id: UUID, now: datetime) -> None:
    """A user who was rung for a call talks on it."""
    await session.execute(_TAKES_PART, {"user_id": user_id, "call_id": call_id, "now": now})


async def tell(session: WriteSession, kind: NoticeKind, call: Call) -> None:
    """Tells the users in the call, and those who watch its queue."""
    facts = {"call_id": call.id}
    publish(session, Notice(kind, None, call.queue_id, facts))
    publish(session, *(Notice(kind, user_id, None, facts) for user_id in await users_in(session, call.id)))
