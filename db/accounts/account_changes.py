"""Users as administrators change them: who they are, what they may do, and the phone they have."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from db.accounts import accounts
from db.agents import presence
from db.audit import audit
from db.core import texts
from db.core.engine import WriteSession
from db.core.errors import NotAllowedNowError, UnusableValueError
from db.core.notices import Notice, publish
from db.core.texts import checked_name
from db.models import Agent
from db.nodes import revisions
from db.phones import extensions
from db.routing import claims
from db.routing.availability import OVER
from db.users import sessions, users
from db.users.users import Account
from domain.agents.agent import WORKING, AgentState, ExtensionKind, Role
from domain.events.notice import NoticeKind
from domain.users.login_session import EndReason


@dataclass(frozen=True)
class AccountChanges:
    """What is to be different about a user; what is None stays."""

    name: str | None = None
    agent_id: str | None = None
    role: Role | None = None
    shown_number: str | None = None
    """An empty one forgets it."""


@dataclass(frozen=True)
class PhoneChanges:
    """The phone that a user is to have; what is None stays, and a SIP phone gets a random secret."""

    number: str | None = None
    kind: ExtensionKind | None = None
    sip_secret: str | None = None


@dataclass(frozen=True)
class ChangedPhone:
    """A user's phone after a change. The clear secret is shown once and kept nowhere."""

    number: str
    kind: ExtensionKind
    sip_secret: str | None


async def change(
    session: WriteSession, account: Account, changes: AccountChanges, now: datetime, by: UUID | None = None
) -> Account:
    """Changes a user; the next request of the user's pages is answered by the new role. Returns the user after it.

    Raises AlreadyTakenError, UnusableValueError, and NotAllowedNowError for the last administrator's role.
    """
    changed = replace(
        account,
        name=account.name if changes.name is None else checked_name(changes.name, "a user", needs_letter=True),
        agent_id=account.agent_id if changes.agent_id is None else accounts.checked_agent_id(changes.agent_id),
        role=changes.role or account.role,
        shown_number=account.shown_number if changes.shown_number is None else _checked_shown(changes.shown_number),
    )
    if changed.role is not Role.ADMINISTRATOR:
        await accounts.keep_an_administrator(session, account)
    await users.update_account(session, changed)
    facts = {
        name: str(getattr(changed, name))
        for name in ("name", "agent_id", "role", "shown_number")
        if getattr(changed, name) != getattr(account, name)
    }
    await audit.note(session, by, "user.changed", str(account.user_id), facts, now)
    publish(session, Notice(NoticeKind.USER_CHANGED, account.user_id))
    return changed


def _checked_shown(number: str) -> str | None:
    try:
        return texts.checked_number(number) if number else None
    except UnusableValueError as error:
        raise UnusableValueError(str(error), field="shown_number") from error


async def change_phone(
    session: WriteSession, account: Account, changes: PhoneChanges, now: datetime, by: UUID | None = None
) -> ChangedPhone:
    """Gives the user another phone, and logs the user out, whose page has the old one.

    Raises AlreadyTakenError, UnusableValueError, and NotAllowedNowError while the user is in a call.
    """
    number = account.extension if changes.number is None else accounts.checked_number(changes.number)
    kind = changes.kind or account.kind or ExtensionKind.WEB
    # Sessions, phones, the line: in the order of every log-in, or the two could wait for each other.
    ended = await sessions.end_all(session, account.user_id, EndReason.LOGGED_OUT, now)
    await revisions.hold(session)
    await claims.lock(session)
    if await session.scalar(_in_call(account.user_id), {"now": now}):
        raise NotAllowedNowError(f"{account.name} is in a call. Change the phone when it is over.")
    if ended:
        await presence.request_state(session, account.user_id, AgentState.OFFLINE, now)
    phone, secret = accounts.new_phone(
        await extensions.free_number(session) if number is None else number, kind, changes.sip_secret
    )
    await extensions.remove(session, account.user_id, now)
    await extensions.add(session, account.user_id, phone)
    facts = {"name": account.name, "extension": phone.number, "kind": kind.value}
    await audit.note(session, by, "user.phone_changed", str(account.user_id), facts, now)
    publish(session, Notice(NoticeKind.USER_CHANGED, account.user_id))
    return ChangedPhone(phone.number, kind, secret)


def _in_call(user_id: UUID) -> Select[UUID]:
    return select(Agent.user_id).where(Agent.user_id == user_id, Agent.state.in_(WORKING), ~OVER)
