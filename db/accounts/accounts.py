"""Users with their phones, made and unmade as wholes; what people type is checked here."""

import asyncio
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.agents import attendance
from db.audit import audit
from db.core.engine import WriteSession
from db.core.errors import NotAllowedNowError, UnusableValueError
from db.core.notices import Notice, publish
from db.core.texts import checked_name
from db.phones import extensions
from db.phones.extensions import Phone
from db.queues import memberships
from db.users import logins, passwords, users
from db.users.common_passwords import is_common
from db.users.users import Account, NewUser
from domain.agents.agent import ExtensionKind, Role
from domain.events.notice import NoticeKind

EXTENSION = "[0-9]{2,10}"
AGENT_ID = "[0-9]{1,16}"


@dataclass(frozen=True)
class AccountRequest:
    """A user as somebody asks for it. What is None is chosen: the next number, the agent id the same, new secrets."""

    name: str
    role: Role = Role.AGENT
    kind: ExtensionKind = ExtensionKind.WEB
    agent_id: str | None = None
    password: str | None = None
    extension: str | None = None
    sip_secret: str | None = None
    password_is_given: bool = False
    """Somebody else will tell the user the password, so the user has to choose another one at the first log-in."""


@dataclass(frozen=True)
class NewAccount:
    """A user that was just made. The clear secrets are shown once and kept nowhere."""

    user_id: UUID
    agent_id: str
    name: str
    role: Role
    password: str
    extension: str
    kind: ExtensionKind
    sip_secret: str | None


async def create(session: WriteSession, request: AccountRequest, now: datetime, by: UUID | None = None) -> NewAccount:
    """Makes a user with password and phone.

    Raises AlreadyTakenError or UnusableValueError with a sentence that says what to change.
    """
    name = checked_name(request.name, "a user", needs_letter=True)
    password = passwords.new_password() if request.password is None else request.password
    number = await extensions.free_number(session) if request.extension is None else checked_number(request.extension)
    agent_id = number if request.agent_id is None else checked_agent_id(request.agent_id)
    password_hash = await _hashed(password, name, agent_id)
    phone, secret = new_phone(number, request.kind, request.sip_secret)
    user_id = await users.add(
        session, NewUser(name, agent_id, request.role, password_hash, request.password_is_given), now
    )
    await extensions.add(session, user_id, phone)
    facts = {"name": name, "agent_id": agent_id, "role": request.role.value, "extension": number}
    await audit.note(session, by, "user.added", str(user_id), facts, now)
    publish(session, Notice(NoticeKind.USER_ADDED, user_id))
    return NewAccount(user_id, agent_id, name, request.role, password, number, request.kind, secret)


def new_phone(number: str, kind: ExtensionKind, secret: str | None) -> tuple[Phone, str | None]:
    """A phone, and the secret that a SIP phone registers with, a random one when none is given.

    Raises UnusableValueError.
    """
    if kind is ExtensionKind.WEB:
        if secret is not None:
            raise UnusableValueError(
                "A Web extension has no SIP secret: the browser gets a new one at each log-in.", field="sip_secret"
            )
        return Phone(number, kind, passwords.random_digest()), None
    chosen = secrets.token_urlsafe(15) if secret is None else secret
    if not passwords.SHORTEST_SIP_SECRET <= len(chosen) <= passwords.LONGEST:
        raise UnusableValueError(
            f"A SIP secret needs at least {passwords.SHORTEST_SIP_SECRET} characters, and at most {passwords.LONGEST}.",
            field="sip_secret",
        )
    if is_common(chosen, (number,)):
        raise UnusableValueError(
            "This SIP secret is among those that are tried first. Leave it out to get a random one.",
            field="sip_secret",
        )
    return Phone(number, kind, passwords.sip_digest(number, chosen)), chosen


async def remove(session: WriteSession, account: Account, now: datetime, by: UUID | None = None) -> None:
    """Logs the user out for good and takes the phone away. Records that name the user stay.

    Raises NotAllowedNowError for the last administrator.
    """
    await keep_an_administrator(session, account)
    await attendance.dismiss(session, account.user_id, now)
    await memberships.leave_all(session, account.user_id)
    await users.disable(session, account.user_id, now)
    await audit.note(session, by, "user.removed", str(account.user_id), {"name": account.name}, now)
    publish(session, Notice(NoticeKind.USER_REMOVED, account.user_id))


async def keep_an_administrator(session: WriteSession, account: Account) -> None:
    """Raises NotAllowedNowError when nobody could administer the centre without this user."""
    others = await users.others_administer(session, account.user_id)
    if not others and (await users.get(session, account.user_id)).role is Role.ADMINISTRATOR:
        raise NotAllowedNowError(f"{account.name} is the last administrator. Add another one first.")


async def reset_password(  # noqa: PLR0913 - each is a different fact of the change
    session: WriteSession,
    account: Account,
    password: str | None,
    now: datetime,
    by: UUID | None = None,
    *,
    is_given: bool = True,
) -> str:
    """Gives the user a new password, a random one when none is given, and ends the user's sessions. Returns it.

    One that is given has to be changed at the next log-in. Raises UnusableValueError.
    """
    chosen = passwords.new_password() if password is None else password
    password_hash = await _hashed(chosen, account.name, account.agent_id)
    await users.set_password(session, account.user_id, password_hash, is_given=is_given)
    await logins.forget(session, account.name, account.agent_id)
    await attendance.expel(session, account.user_id, now)
    await audit.note(session, by, "user.password_reset", str(account.user_id), {"name": account.name}, now)
    return chosen


async def reset_sip_secret(session: WriteSession, account: Account, now: datetime, by: UUID | None = None) -> str:
    """Gives the user's SIP phone a new secret. Returns it. Raises UnusableValueError for a Web extension."""
    if account.extension is None or account.kind is not ExtensionKind.SIP:
        raise UnusableValueError(f"{account.name} has no SIP extension.")
    secret = secrets.token_urlsafe(15)
    await extensions.set_digest(session, account.user_id, passwords.sip_digest(account.extension, secret))
    await audit.note(session, by, "user.sip_secret_reset", str(account.user_id), {"name": account.name}, now)
    return secret


async def change_password(session: WriteSession, account: Account, password: str, now: datetime) -> str:
    """Gives the user the password that the user has chosen. Returns its hash. Raises UnusableValueError."""
    password_hash = await _hashed(password, account.name, account.agent_id)
    await users.set_password(session, account.user_id, password_hash, is_given=False)
    await audit.note(
        session, account.user_id, "user.password_changed", str(account.user_id), {"name": account.name}, now
    )
    return password_hash


async def forget_failed_logins(session: WriteSession, account: Account, now: datetime, by: UUID | None = None) -> int:
    """Lets the user log in without waiting. Returns how many failed attempts are forgotten."""
    forgotten = await logins.forget(session, account.name, account.agent_id)
    facts = {"name": account.name, "attempts": forgotten}
    await audit.note(session, by, "user.failed_logins_forgotten", str(account.user_id), facts, now)
    return forgotten


async def _hashed(password: str, *own: str) -> str:
    # It takes memory and a while, which others who wait for this process need not spend.
    return await asyncio.to_thread(passwords.hash_password, password, own)


def checked_number(number: str) -> str:
    """An extension's number. Raises UnusableValueError."""
    if not re.fullmatch(EXTENSION, number):
        raise UnusableValueError(
            "This cannot be an extension: use 2 to 10 digits, for example 1001.", field="extension"
        )
    return number


def checked_agent_id(agent_id: str) -> str:
    """An agent id. Raises UnusableValueError."""
    if not re.fullmatch(AGENT_ID, agent_id):
        raise UnusableValueError("This cannot be an agent id: use 1 to 16 digits, for example 1001.", field="agent_id")
    return agent_id
