"""Removes what nobody will ask for again."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, update
from temporalio import activity

from db import dial_limits, outbox, sip_bans
from db.clock import now
from db.engine import Database
from db.models import LoginFailure, Session
from workflows import housekeeping

EVENTS_KEPT = timedelta(days=1)
LOGIN_FAILURES_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Housekeeping:
    """The activity behind the housekeeping workflow."""

    database: Database

    @activity.defn(name=housekeeping.ACTIVITY)
    async def tidy(self) -> housekeeping.Tidied:
        """One round; repeating it does no harm."""
        moment = now()
        async with self.database.write() as session:
            events = await outbox.prune(session, EVENTS_KEPT)
            await dial_limits.prune(session, moment)
            await sip_bans.forget(session, moment)
            expired = await session.execute(
                update(Session)
                .where(Session.ended_at.is_(None), Session.expires_at < moment)
                .values(ended_at=moment, end_reason="expired")
                .returning(Session.token_hash)
                .execution_options(synchronize_session=False),
            )
            failures = await session.execute(
                delete(LoginFailure)
                .where(LoginFailure.at < moment - LOGIN_FAILURES_KEPT)
                .returning(LoginFailure.id)
                .execution_options(synchronize_session=False),
            )
            return housekeeping.Tidied(events, len(expired.all()), len(failures.all()))
