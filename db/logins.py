"""Slows down the guessing of passwords: what failed lately is counted by name and by address.

An attempt is counted before its password is checked and forgiven when it was right, so that many attempts at once
cannot all slip through before the first of them has failed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select

from db.engine import WriteSession
from db.errors import DatabaseError
from db.models import LoginFailure

WINDOW = timedelta(minutes=15)
MOST_FOR_A_NAME = 5
MOST_FOR_AN_ADDRESS = 20
_LONGEST_KEY = 100
_LOCK = 0x45564C47


class TooManyAttemptsError(DatabaseError):
    """Log-ins of this name or from this address are refused for `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many log-ins have failed.")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Attempt:
    """Somebody tries to log in."""

    name_key: str
    address: str
    at: datetime


def name_key(name: str) -> str:
    """What attempts for a name are counted under."""
    return name.lower()[:_LONGEST_KEY]


async def admit(session: WriteSession, attempt: Attempt) -> int:
    """Counts the attempt as failed until `forgive` is called with what this returns.

    Raises TooManyAttemptsError, and does not count, when the name or the address has used up its attempts.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    await session.execute(delete(LoginFailure).where(LoginFailure.at < attempt.at - WINDOW))
    await _check(session, LoginFailure.name_key == attempt.name_key, MOST_FOR_A_NAME, attempt.at)
    await _check(session, LoginFailure.address == attempt.address, MOST_FOR_AN_ADDRESS, attempt.at)
    failure = LoginFailure(name_key=attempt.name_key, address=attempt.address, at=attempt.at)
    session.add(failure)
    await session.flush()
    return failure.id


async def _check(session: WriteSession, condition: ColumnElement[bool], most: int, now: datetime) -> None:
    found = await session.scalars(
        select(LoginFailure.at).where(condition).order_by(LoginFailure.at.desc()).limit(most),
    )
    latest = found.all()
    if len(latest) == most:
        raise TooManyAttemptsError(max(1, round((latest[-1] + WINDOW - now).total_seconds())))


async def forgive(session: WriteSession, attempt_id: int) -> None:
    """The attempt's password was right: it and the earlier ones of the name no longer count."""
    key = select(LoginFailure.name_key).where(LoginFailure.id == attempt_id).scalar_subquery()
    await session.execute(
        delete(LoginFailure).where(LoginFailure.name_key == key).execution_options(synchronize_session=False),
    )
