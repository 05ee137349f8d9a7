"""Slows down the guessing of passwords, and locks nobody out.

What failed lately is counted by the name that was typed and where it was typed together: in a browser that its user
has logged in with before, or else in a network. Each wrong guess makes the wait longer, and only there: the owner, at
a browser of the own, waits for nobody. Names that many networks guess at, and networks that guess at many names, get
slow as well, but for known browsers.

An attempt is counted before its password is checked, so that many at once cannot slip through before the first of them
has failed. Each takes a turn, which may be a few seconds ahead.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, func, select, update

from db.core.engine import WriteSession
from db.core.errors import DatabaseError
from db.models import LoginFailure

WINDOW = timedelta(minutes=15)
PATIENCE = timedelta(seconds=8)
"""How far ahead a turn may be. An attempt that would wait for longer is refused, with the time to come again."""
FREE_FOR_A_PAIR = 5
FREE_FOR_A_NAME = 30
FREE_FOR_A_NETWORK = 200
FIRST_GAP = timedelta(seconds=1)
LONGEST_GAP = timedelta(seconds=30)
_NAME_GAP = timedelta(seconds=2)
_NETWORK_GAP = timedelta(seconds=0.5)
_LONGEST_KEY = 100
_LOCK = 0x45564C47
_OF_BROWSER = "browser "
_NOTED_AT_LEAST = 5


class TooManyAttemptsError(DatabaseError):
    """The next attempt of this kind would be in `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many log-ins have failed.")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Attempt:
    """Somebody tries to log in: under which name, from where (`source_of`), and when."""

    name_key: str
    source: str
    at: datetime

    @property
    def is_known(self) -> bool:
        """Whether its user has logged in with that browser before."""
        return self.source.startswith(_OF_BROWSER)


@dataclass(frozen=True)
class Turn:
    """When an attempt's password may be checked. Until `forgive` it counts as one that failed."""

    attempt_id: int
    at: datetime


def name_key(name: str) -> str:
    """What attempts for a name are counted under."""
    return name.casefold()[:_LONGEST_KEY]


def source_of(address: str, browser: str | None = None) -> str:
    """Where attempts are counted: at a known browser, or in the network that one customer of a provider has."""
    if browser is not None:
        return _OF_BROWSER + browser[:_LONGEST_KEY]
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_LONGEST_KEY]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    # A provider gives each customer 2^64 addresses or more, so a single one says nothing.
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))


async def admit(session: WriteSession, attempt: Attempt) -> Turn:
    """Counts the attempt, and says when it may be made.

    Raises TooManyAttemptsError, and does not count, when that is too far ahead.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    await session.execute(delete(LoginFailure).where(LoginFailure.at < attempt.at - WINDOW))
    of_name, of_source = LoginFailure.name_key == attempt.name_key, LoginFailure.address == attempt.source
    turns = [await _turn(session, [of_name, of_source], FREE_FOR_A_PAIR, None)]
    if not attempt.is_known:
        anywhere = [of_name, ~LoginFailure.address.startswith(_OF_BROWSER)]
        turns.append(await _turn(session, [*anywhere, LoginFailure.failed.is_(True)], FREE_FOR_A_NAME, _NAME_GAP))
        turns.append(await _turn(session, [of_source, LoginFailure.failed.is_(True)], FREE_FOR_A_NETWORK, _NETWORK_GAP))
    turn = max([attempt.at, *(found for found in turns if found is not None)])
    if turn - attempt.at > PATIENCE:
        raise TooManyAttemptsError(max(1, round((turn - attempt.at).total_seconds())))
    counted = LoginFailure(name_key=attempt.name_key, address=attempt.source, at=turn, failed=False)
    session.add(counted)
    await session.flush()
    return Turn(counted.id, turn)


async def _turn(
    session: WriteSession, conditions: Sequence[ColumnElement[bool]], free: int, gap: timedelta | None
) -> datetime | None:
    """When the next of these attempts may be made; without `gap` they wait twice as long each time."""
    count, latest = (await session.execute(_counted(conditions))).one()
    if count < free:
        return None
    doubled = min(FIRST_GAP * 2 ** min(count - free, 10), LONGEST_GAP)
    turn: datetime = latest + (gap or doubled)
    return turn


def _counted(conditions: Sequence[ColumnElement[bool]]) -> Select[int, datetime]:
    return select(func.count(), func.max(LoginFailure.at)).select_from(LoginFailure).where(*conditions)


async def refuse(session: WriteSession, attempt: Attempt, turn: Turn, now: datetime) -> bool:
    """The attempt's password was wrong. Returns whether it is one to write down: the first ones, then ever fewer."""
    await session.execute(update(LoginFailure).where(LoginFailure.id == turn.attempt_id).values(failed=True, at=now))
    counted = _counted([LoginFailure.address == attempt.source, LoginFailure.failed.is_(True)])
    failed, _ = (await session.execute(counted)).one()
    return is_noted(failed)


def is_noted(count: int) -> bool:
    """Whether the so-manieth failure is written down, so that guessing fills no log."""
    return count <= _NOTED_AT_LEAST or count & (count - 1) == 0


async def forgive(session: WriteSession, attempt: Attempt) -> None:
    """The attempt's password was right: what failed there before under this name no longer counts."""
    await session.execute(
        delete(LoginFailure)
        .where(LoginFailure.name_key == attempt.name_key, LoginFailure.address == attempt.source)
        .execution_options(synchronize_session=False),
    )


async def forget(session: WriteSession, *names: str) -> int:
    """An administrator's word: nothing that failed under these names counts any more. Returns how many did."""
    found = await session.scalars(
        delete(LoginFailure)
        .where(LoginFailure.name_key.in_([name_key(name) for name in names]))
        .returning(LoginFailure.id)
        .execution_options(synchronize_session=False),
    )
    return len(found.all())
