"""Logging in and out: the session, the phone and the line of calls change together."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from api.portal import Portal
from api.web.errors import ApiError, ForbiddenError, TooManyAttemptsError
from db.accounts import accounts
from db.agents import attendance
from db.audit import audit
from db.core.clock import now
from db.phones import extensions
from db.users import logins, passwords, sessions, users
from db.users.logins import Attempt, Turn
from db.users.sessions import Visitor
from db.users.users import Credentials
from domain.users.login_session import EndReason

log = structlog.get_logger(__name__)

_PROVISIONING_PATIENCE = 3.0
"""Seconds that a log-in waits for Asterisk to know the browser's new credentials; the phone retries by itself."""
_LONGEST_SHOWN = 80
NOT_RIGHT = "The present password is not right."


class WrongCredentialsError(ApiError):
    """The name or the password is wrong; which of them, nobody is told."""

    status = 401
    title = "Not logged in"
    kind = "wrong-credentials"


@dataclass(frozen=True)
class Tried:
    """What somebody has typed, and where. `browser` is what the browser keeps of an earlier log-in."""

    name: str
    password: str
    address: str
    browser: str | None = None


@dataclass(frozen=True)
class LoggedIn:
    """Whose session began, its token, and what the browser is to keep as a known one."""

    user_id: UUID
    token: str
    browser: str


async def log_in(portal: Portal, tried: Tried) -> LoggedIn:
    """Starts a session, which ends the user's others. Raises WrongCredentialsError, TooManyAttemptsError."""
    async with portal.admission, portal.database.read() as session:
        known = await users.credentials(session, tried.name)
    attempt = Attempt(
        logins.name_key(tried.name), logins.source_of(tried.address, _known_browser(known, tried.browser)), now()
    )
    turn = await admitted(portal, attempt, tried.name)
    is_right = await portal.verifier.verify(
        tried.password, known.password_hash if known else None, is_known=attempt.is_known
    )
    if known is None or not is_right:
        await refused(portal, attempt, turn, tried.name)
        raise WrongCredentialsError("The name or the password is not right.")
    token, moment = sessions.new_token(), now()
    async with portal.database.write() as session:
        await logins.forgive(session, attempt)
        replaced = await sessions.start(session, known.user_id, sessions.hash_token(token), moment)
        revision = await extensions.renew_web_digest(session, known.user_id)
        matches = await attendance.arrive(session, known.user_id, moment)
        await audit.note(session, known.user_id, "login.done", str(known.user_id), {"ended": replaced}, moment)
    log.info("logged in", user_id=str(known.user_id), replaced=replaced)
    await portal.calls.wake(matches)
    if revision is not None:
        await extensions.wait_provisioned(portal.database, revision, _PROVISIONING_PATIENCE)
    return LoggedIn(known.user_id, token, new_browser(known.password_hash))


def new_browser(password_hash: str) -> str:
    """What a browser keeps, so that its user is not slowed down by guesses from elsewhere."""
    browser = secrets.token_urlsafe(12)
    return f"{browser}.{passwords.browser_proof(password_hash, browser)}"


def _known_browser(known: Credentials | None, kept: str | None) -> str | None:
    browser, _, proof = (kept or "").rpartition(".")
    if known is None or not browser:
        return None
    expected = passwords.browser_proof(known.password_hash, browser)
    return browser if secrets.compare_digest(expected.encode(), proof.encode(errors="replace")) else None


async def admitted(portal: Portal, attempt: Attempt, name: str) -> Turn:
    """Waits for the attempt's turn. Raises TooManyAttemptsError when that would be too long."""
    try:
        # A flood of log-ins must not have all connections to the database.
        async with portal.admission, portal.database.write() as session:
            turn = await logins.admit(session, attempt)
    except logins.TooManyAttemptsError as error:
        _tell(name, attempt, "too many attempts")
        seconds = f"{error.retry_after} second{'s' if error.retry_after > 1 else ''}"
        raise TooManyAttemptsError(
            f"Too many log-ins have failed. Try again in {seconds}.", error.retry_after
        ) from error
    await asyncio.sleep((turn.at - attempt.at).total_seconds())
    return turn


async def refused(portal: Portal, attempt: Attempt, turn: Turn, name: str) -> None:
    """Writes down that the password was wrong."""
    moment: datetime = now()
    async with portal.admission, portal.database.write() as session:
        if await logins.refuse(session, attempt, turn, moment):
            await audit.note(session, None, "login.refused", _shown(name), {}, moment)
    _tell(name, attempt, "wrong name or password")


def _tell(name: str, attempt: Attempt, why: str) -> None:
    log.warning("login refused", name=_shown(name), source=attempt.source, address=audit.ORIGIN.get(), reason=why)


def _shown(name: str) -> str:
    """What was typed, short of what cannot be seen."""
    return "".join(letter for letter in name if letter.isprintable())[:_LONGEST_SHOWN]


async def change_password(portal: Portal, visitor: Visitor, current: str, new: str) -> str:
    """Gives the visitor another password; the session goes on. Returns what this browser is to be known by.

    Raises ForbiddenError, TooManyAttemptsError and UnusableValueError.
    """
    attempt = Attempt(logins.name_key(visitor.agent_id), logins.source_of("", visitor.token_hash), now())
    turn = await admitted(portal, attempt, visitor.name)
    async with portal.database.read() as session:
        known = await users.credentials(session, visitor.agent_id)
    if known is None or not await portal.verifier.verify(current, known.password_hash, is_known=True):
        await refused(portal, attempt, turn, visitor.name)
        raise ForbiddenError(NOT_RIGHT)
    async with portal.database.write() as session:
        await logins.forgive(session, attempt)
        account = await users.get(session, visitor.user_id)
        return new_browser(await accounts.change_password(session, account, new, now()))


async def log_out(portal: Portal, visitor: Visitor) -> None:
    """Ends the session, and with it its page's events and its phone."""
    async with portal.database.write() as session:
        await attendance.leave(session, visitor.token_hash, visitor.user_id, EndReason.LOGGED_OUT, now())
        await audit.note(session, visitor.user_id, "login.ended", str(visitor.user_id), {}, now())
    log.info("logged out", user_id=str(visitor.user_id))
