"""Logging in and out: the session, the phone and the line of calls change together."""

import structlog

from api.errors import ApiError, TooManyAttemptsError
from api.portal import Portal
from db import attendance, extensions, logins, sessions, users
from db.clock import now
from db.logins import Attempt
from db.sessions import EndReason, Visitor

log = structlog.get_logger(__name__)

_PROVISIONING_PATIENCE = 3.0
"""Seconds that a log-in waits for Asterisk to know the browser's new credentials; the phone retries by itself."""


class WrongCredentialsError(ApiError):
    """The name or the password is wrong; which of them, nobody is told."""

    status = 401
    title = "Not logged in"
    kind = "wrong-credentials"


async def log_in(portal: Portal, name: str, password: str, address: str) -> str:
    """Starts a session, which ends the user's others. Returns its token.

    Raises WrongCredentialsError, TooManyAttemptsError.
    """
    async with portal.database.read() as session:
        known = await users.credentials(session, name)
    # Name and agent id of one user are counted together.
    key = logins.name_key(known.agent_id if known else name)
    attempt_id = await _admit(portal, Attempt(key, address, now()))
    if not await portal.verifier.verify(password, known.password_hash if known else None) or known is None:
        log.info("login refused")
        raise WrongCredentialsError("The name or the password is not right.")
    token, moment = sessions.new_token(), now()
    async with portal.database.write() as session:
        await logins.forgive(session, attempt_id)
        replaced = await sessions.start(session, known.user_id, sessions.hash_token(token), moment)
        revision = await extensions.renew_web_digest(session, known.user_id)
        matches = await attendance.arrive(session, known.user_id, moment)
    log.info("logged in", user_id=str(known.user_id), replaced=replaced)
    await portal.calls.wake(matches)
    if revision is not None:
        await extensions.wait_provisioned(portal.database, revision, _PROVISIONING_PATIENCE)
    return token


async def _admit(portal: Portal, attempt: Attempt) -> int:
    try:
        async with portal.database.write() as session:
            return await logins.admit(session, attempt)
    except logins.TooManyAttemptsError as error:
        log.warning("login refused, too many attempts", retry_after=error.retry_after)
        minutes = -(-error.retry_after // 60)
        message = f"Too many log-ins have failed. Try again in {minutes} minute{'s' if minutes > 1 else ''}."
        raise TooManyAttemptsError(message, error.retry_after) from error


async def log_out(portal: Portal, visitor: Visitor) -> None:
    """Ends the session, and with it its page's events and its phone."""
    async with portal.database.write() as session:
        await attendance.leave(session, visitor.token_hash, visitor.user_id, EndReason.LOGGED_OUT, now())
    log.info("logged out", user_id=str(visitor.user_id))
