"""Log-ins that last: one a user at a time, found by the hash of the token that the browser holds."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, bindparam, select, update

from db.core.engine import AnySession, WriteSession
from db.core.notices import Notice, publish
from db.models import LoginSession, User
from domain.agents.agent import Role
from domain.agents.permissions import PERMISSIONS, Permission
from domain.events.notice import NoticeKind
from domain.users.login_session import EndReason

LASTS = timedelta(hours=14)
"""How long a log-in is good for: a long shift, and gone the next morning."""


@dataclass(frozen=True)
class Visitor:
    """The user of a session."""

    token_hash: str
    user_id: UUID
    agent_id: str
    name: str
    role: Role
    password_is_given: bool = False
    """Somebody else has set the password: the user has to choose another one, and may do nothing else before."""

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the user's role may do."""
        return PERMISSIONS[self.role]

    def may(self, permission: Permission) -> bool:
        """Whether the user may do it."""
        return permission in self.permissions


_VISITORS = select(LoginSession.token_hash, User.id, User.agent_id, User.name, User.role, User.password_is_given).join(
    User, User.id == LoginSession.user_id
)
_GOOD = _VISITORS.where(
    LoginSession.token_hash == bindparam("token_hash"),
    LoginSession.ended_at.is_(None),
    LoginSession.expires_at > bindparam("now"),
    User.disabled_at.is_(None),
)


def new_token() -> str:
    """What the browser keeps in its cookie."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What the database keeps of it. The token is long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


async def start(session: WriteSession, user_id: UUID, token_hash: str, now: datetime) -> int:
    """Starts a session and ends the user's others, whose pages are told. Returns how many those were."""
    ended = await end_all(session, user_id, EndReason.REPLACED, now)
    session.add(
        LoginSession(token_hash=token_hash, user_id=user_id, created_at=now, seen_at=now, expires_at=now + LASTS),
    )
    await session.flush()
    return ended


async def find(session: AnySession, token_hash: str, now: datetime) -> Visitor | None:
    """Whose session this is, by the name and role of now; None when it is unknown or over."""
    row = (await session.execute(_GOOD, {"token_hash": token_hash, "now": now})).first()
    return _visitor(row) if row else None


async def visitors(session: AnySession, token_hashes: Collection[str]) -> dict[str, Visitor]:
    """Whose sessions these are or were, by the names and roles of now."""
    found = await session.execute(_VISITORS.where(LoginSession.token_hash.in_(token_hashes)))
    return {row.token_hash: _visitor(row) for row in found}


def _visitor(row: Row[str, UUID, str, str, str, bool]) -> Visitor:
    token_hash, user_id, agent_id, name, role, is_given = row
    return Visitor(token_hash, user_id, agent_id, name, Role(role), is_given)


async def end_reason(session: AnySession, token_hash: str) -> EndReason | None:
    """Why a session that `find` did not find is over; None when it never was, or ran out unnoticed."""
    return await session.scalar(select(LoginSession.end_reason).where(LoginSession.token_hash == token_hash))


async def end(session: WriteSession, token_hash: str, reason: EndReason, now: datetime) -> bool:
    """Ends one session; its page and its phone are told. False when it was over already."""
    user_id = await session.scalar(
        update(LoginSession)
        .where(LoginSession.token_hash == token_hash, LoginSession.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
        .returning(LoginSession.user_id),
    )
    if user_id is not None:
        publish(session, _notice(reason, user_id))
    return user_id is not None


async def end_all(session: WriteSession, user_id: UUID, reason: EndReason, now: datetime) -> int:
    """Ends every session of a user. Returns how many."""
    found = await session.scalars(
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
        .returning(LoginSession.token_hash),
    )
    ended = len(found.all())
    if ended:
        publish(session, _notice(reason, user_id))
    return ended


def _notice(reason: EndReason, user_id: UUID) -> Notice:
    return Notice(NoticeKind.SESSION_REPLACED if reason is EndReason.REPLACED else NoticeKind.SESSION_ENDED, user_id)


async def seen(session: WriteSession, token_hashes: Collection[str], now: datetime) -> None:
    """Notes that these sessions are in use."""
    await session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash.in_(token_hashes))
        .values(seen_at=now)
        .execution_options(synchronize_session=False),
    )


async def endings(session: AnySession, token_hashes: Collection[str]) -> dict[str, EndReason]:
    """Which of these sessions are over, and why."""
    found = await session.execute(
        select(LoginSession.token_hash, LoginSession.end_reason).where(
            LoginSession.token_hash.in_(token_hashes), LoginSession.ended_at.is_not(None)
        ),
    )
    return {row.token_hash: row.end_reason for row in found}


async def expired(session: AnySession, now: datetime) -> Collection[tuple[str, UUID]]:
    """Token hash and user of the sessions that ran out and that nobody has ended."""
    found = await session.execute(
        select(LoginSession.token_hash, LoginSession.user_id).where(
            LoginSession.ended_at.is_(None), LoginSession.expires_at <= now
        ),
    )
    return [(row.token_hash, row.user_id) for row in found]
