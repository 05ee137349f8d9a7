"""Removes what nobody will ask for again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError
from temporalio import activity
from temporalio.service import RPCError

from db.core import partitions
from db.core.clock import now
from db.core.engine import Database
from db.dialling_rules import dial_limits
from db.events import outbox
from db.history_keys import history_keys
from db.models import LoginFailure, LoginSession
from db.phones import sip_bans
from workflows.maintenance import housekeeping

log = structlog.get_logger(__name__)

EVENTS_KEPT = timedelta(days=1)
LOGIN_FAILURES_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Housekeeping:
    """The activity behind the housekeeping workflow."""

    database: Database
    retention: Callable[[], Awaitable[timedelta]]
    """Asks Temporal how long it keeps the histories of calls that have ended."""

    @activity.defn(name=housekeeping.ACTIVITY)
    async def tidy(self) -> housekeeping.Tidied:
        """One round; repeating it does no harm."""
        moment = now()
        await self._destroy_history_keys(moment)
        await self._make_months(moment)
        async with self.database.write() as session:
            events = await outbox.prune(session, EVENTS_KEPT)
            await dial_limits.prune(session, moment)
            await sip_bans.forget(session, moment)
            expired = await session.execute(
                update(LoginSession)
                .where(LoginSession.ended_at.is_(None), LoginSession.expires_at < moment)
                .values(ended_at=moment, end_reason="expired")
                .returning(LoginSession.token_hash)
                .execution_options(synchronize_session=False),
            )
            failures = await session.execute(
                delete(LoginFailure)
                .where(LoginFailure.at < moment - LOGIN_FAILURES_KEPT)
                .returning(LoginFailure.id)
                .execution_options(synchronize_session=False),
            )
            return housekeeping.Tidied(events, len(expired.all()), len(failures.all()))

    async def _make_months(self, moment: datetime) -> None:
        """Makes the months to come. Where no lock is to be had soon, the next round makes them: calls go first."""
        try:
            strays = await partitions.keep_ahead(self.database, moment)
        except OperationalError as error:
            log.warning("partitions of the months to come are not made, will be tried again", error=str(error))
            return
        for table, rows in strays.items():
            log.error("rows were of no month that is there: is the clock right?", table=table, rows=rows)

    async def _destroy_history_keys(self, moment: datetime) -> None:
        """What old histories, and old copies of Temporal's store, say can be read by nobody afterwards."""
        try:
            kept = await self.retention()
        except RPCError as error:
            log.warning("Temporal does not say how long it keeps histories: no key is destroyed", error=str(error))
            return
        async with self.database.write() as session:
            days = await history_keys.destroy_old(session, kept, moment)
        if days:
            log.info("keys of old histories destroyed", up_to=str(days[-1]), days=len(days))
