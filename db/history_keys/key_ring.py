"""The keys of histories as a process has them in memory: read ahead, so that a call waits for the database for none."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.exc import SQLAlchemyError

from db.core.clock import now
from db.core.engine import Database
from db.core.errors import (
    HistoryKeyDestroyedError,
    HistoryKeysNotReachableError,
    HistoryKeyUnknownError,
    WrongHistorySecretError,
)
from db.history_keys import history_keys
from db.history_keys.key_wrapping import CannotUnwrap, Wrapping
from db.models import HistoryKey

log = structlog.get_logger(__name__)

_EVERY = 60.0  # seconds
_WAIT = 0.5
"""Seconds until a database that did not answer is asked again."""
_PATIENCE = 5.0
"""How many seconds something waits for a key that is not here, while the database cannot be asked."""
_AHEAD = timedelta(days=1)
"""Tomorrow's key is made today, so that midnight needs no database."""


@dataclass(frozen=True)
class RingKey:
    """A key, ready to use."""

    id: bytes
    """As it stands beside what it has encrypted."""
    day: date
    cipher: AESGCM


class KeyRing:
    """Knows every key that can still be used. What is written takes today's, and while there is none the latest."""

    def __init__(self, database: Database, secret: str, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._wrapping = Wrapping(secret)
        self._clock = clock
        self._keys: dict[bytes, RingKey] = {}
        self._days: dict[date, RingKey] = {}
        self._of_other_secrets = 0
        self._reading = asyncio.Lock()

    async def for_writing(self) -> RingKey:
        """The key for what is written now. Raises HistoryKeysNotReachableError before the first one is known."""
        today = self._clock().astimezone(UTC).date()
        key = self._days.get(today)
        return key if key is not None else await self._latest(today)

    async def by_id(self, key_id: bytes) -> RingKey:
        """The key for what is read. Raises HistoryKeyError."""
        known = self._keys.get(key_id)
        return known if known is not None else await self._looked_up(key_id)

    async def refresh(self) -> None:
        """Makes the keys of today and tomorrow if nobody has, and reads all. Raises SQLAlchemyError."""
        async with self._reading:
            moment = self._clock()
            async with self._database.write() as session:
                for ahead in (timedelta(0), _AHEAD):
                    day = (moment + ahead).astimezone(UTC).date()
                    await history_keys.ensure(session, day, self._wrapping, moment)
            async with self._database.look() as session:
                rows = await history_keys.usable(session)
            keys = [key for row in rows if (key := self._opened(row)) is not None]
            others = len(rows) - len(keys)
            if others > self._of_other_secrets:
                log.warning("some keys of histories need another secret: is it the same on each machine?", keys=others)
            self._of_other_secrets = others
            self._keys = {key.id: key for key in keys}
            self._days = {key.day: key for key in keys}

    async def ready(self) -> None:
        """Waits for the database, as long as it takes, until there is a key."""
        while not self._days:
            await self._try_refresh()
            if not self._days:
                await asyncio.sleep(_WAIT)

    async def follow(self) -> None:
        """Reads again and again, for ever: keys that others have made, and those that are destroyed."""
        while True:
            is_read = await self._try_refresh()
            await asyncio.sleep(_EVERY if is_read else _WAIT)

    async def _try_refresh(self) -> bool:
        try:
            await self.refresh()
        except SQLAlchemyError as error:
            log.info("keys of histories not read, will be tried again", error=type(error).__name__)
            return False
        except Exception:
            # Without reading them, this process would go on writing by a key that is destroyed one day.
            log.exception("keys of histories not read, will be tried again")
            return False
        return True

    async def _latest(self, today: date) -> RingKey:
        """The newest key that is not of the future; waits for one only while there is none at all."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while True:
            past = [day for day in self._days if day <= today]
            if past:
                return self._days[max(past)]
            if asyncio.get_running_loop().time() > deadline:
                raise HistoryKeysNotReachableError("The database, which has the key for this call, does not answer.")
            if not await self._try_refresh():
                await asyncio.sleep(_WAIT)

    async def _looked_up(self, key_id: bytes) -> RingKey:
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while True:
            try:
                async with self._database.look() as session:
                    row = await history_keys.get(session, UUID(key_id.decode()))
            except ValueError:
                raise HistoryKeyUnknownError(f"No key is called {key_id!r}.") from None
            except SQLAlchemyError as error:
                if asyncio.get_running_loop().time() > deadline:
                    raise HistoryKeysNotReachableError(
                        "The database, which has the key for this call, does not answer."
                    ) from error
                await asyncio.sleep(_WAIT)
            else:
                return self._taken(row, key_id)

    def _taken(self, row: HistoryKey | None, key_id: bytes) -> RingKey:
        if row is None:
            raise HistoryKeyUnknownError(
                f"The database has no key {key_id.decode()}: is it the one that belongs to this Temporal?"
            )
        if row.destroyed_at is not None:
            raise HistoryKeyDestroyedError(
                f"What was written on {row.day} cannot be read any more: "
                f"its key was destroyed on {row.destroyed_at.astimezone(UTC).date()}."
            )
        key = self._opened(row)
        if key is None:
            raise WrongHistorySecretError(
                f"The key of {row.day} needs another secret than the one in secrets/history of this machine: "
                "copy the file from the machine on which the centre ran."
            )
        self._keys[key.id] = key
        return key

    def _opened(self, row: HistoryKey) -> RingKey | None:
        """The key of a row; None where it needs another secret."""
        if row.wrapped is None or row.wrapped_by != self._wrapping.name:
            return None
        key_id = row.id.hex.encode()
        known = self._keys.get(key_id)
        if known is not None:
            return known
        try:
            return RingKey(key_id, row.day, AESGCM(self._wrapping.unwrap(row.id, row.wrapped)))
        except CannotUnwrap:
            return None
