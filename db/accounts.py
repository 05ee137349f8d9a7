"""Users with their phones, made and unmade as wholes; what people type is checked here."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db import attendance, extensions, passwords, queues, users
from db.engine import WriteSession
from db.errors import NotAllowedNowError, UnusableValueError
from db.extensions import Phone
from db.users import Account, NewUser
from domain.agent import ExtensionKind, Role

LONGEST_NAME = 80


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


async def create(session: WriteSession, request: AccountRequest, now: datetime) -> NewAccount:
    """Makes a user with password and phone.

    Raises AlreadyTakenError or UnusableValueError with a sentence that says what to change.
    """
    name = checked_name(request.name)
    password = request.password or passwords.new_password()
    number = checked_number(request.extension or await extensions.free_number(session))
    agent_id = _checked_agent_id(request.agent_id or number)
    secret = _sip_secret(request)
    digest = passwords.random_digest() if secret is None else passwords.sip_digest(number, secret)
    new = NewUser(name, agent_id, request.role, passwords.hash_password(password))
    user_id = await users.add(session, new, now)
    await extensions.add(session, user_id, Phone(number, request.kind, digest))
    return NewAccount(user_id, agent_id, name, request.role, password, number, request.kind, secret)


def _sip_secret(request: AccountRequest) -> str | None:
    if request.kind is ExtensionKind.WEB:
        if request.sip_secret is not None:
            raise UnusableValueError("A Web extension has no SIP secret: the browser gets a new one at each log-in.")
        return None
    secret = request.sip_secret or secrets.token_urlsafe(15)
    if len(secret) < passwords.SHORTEST:
        raise UnusableValueError(f"A SIP secret needs at least {passwords.SHORTEST} characters.")
    return secret


async def remove(session: WriteSession, account: Account, now: datetime) -> None:
    """Logs the user out for good and takes the phone away. Records that name the user stay.

    Raises NotAllowedNowError for the last administrator.
    """
    if account.role is Role.ADMINISTRATOR and await users.administrators(session) == 1:
        raise NotAllowedNowError(f"{account.name} is the last administrator. Add another one first.")
    await attendance.dismiss(session, account.user_id, now)
    await queues.leave_all(session, account.user_id)
    await users.disable(session, account.user_id, now)


async def reset_password(session: WriteSession, account: Account, password: str | None, now: datetime) -> str:
    """Gives the user a new password, a random one when none is given, and ends the user's sessions. Returns it."""
    chosen = password or passwords.new_password()
    await users.set_password(session, account.user_id, passwords.hash_password(chosen))
    await attendance.expel(session, account.user_id, now)
    return chosen


async def reset_sip_secret(session: WriteSession, account: Account) -> str:
    """Gives the user's SIP phone a new secret. Returns it. Raises UnusableValueError for a Web extension."""
    if account.extension is None or account.kind is not ExtensionKind.SIP:
        raise UnusableValueError(f"{account.name} has no SIP extension.")
    secret = secrets.token_urlsafe(15)
    await extensions.set_digest(session, account.user_id, passwords.sip_digest(account.extension, secret))
    return secret


def checked_name(name: str) -> str:
    """A name without surrounding space. Raises UnusableValueError for one that cannot be shown or told from an id."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise UnusableValueError(f"A name needs 1 to {LONGEST_NAME} characters; this one has {len(name)}.")
    if any(unicodedata.category(character).startswith("C") for character in name):
        raise UnusableValueError("A name cannot hold control characters or invisible ones.")
    if not any(character.isalpha() for character in name):
        raise UnusableValueError(f"The name {name} has no letter, so it could be taken for an agent id. Add a letter.")
    return name


def checked_number(number: str) -> str:
    """An extension's number. Raises UnusableValueError."""
    if not re.fullmatch(r"[0-9]{2,10}", number):
        raise UnusableValueError(f"{number} cannot be an extension: use 2 to 10 digits, for example 1001.")
    return number


def _checked_agent_id(agent_id: str) -> str:
    if not re.fullmatch(r"[0-9]{1,16}", agent_id):
        raise UnusableValueError(f"{agent_id} cannot be an agent id: use 1 to 16 digits, for example 1001.")
    return agent_id
