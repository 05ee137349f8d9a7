"""What the portal does every few seconds for those connected, and for those whose session ran out."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.live.hub import Hub
from db.agents import attendance
from db.core.clock import now
from db.core.engine import Database
from db.core.errors import DatabaseError
from db.users import sessions
from domain.users.login_session import EndReason

log = structlog.get_logger(__name__)

BEAT = 10.0
"""Seconds between signs of life, to the page and from it: a third of the silence after which it counts as gone."""


async def keep(database: Database, hub: Hub) -> None:
    """Notes which agents' pages are there and ends sessions that ran out, for ever."""
    while True:
        try:
            visitors = [listener.visitor for listener in hub.listeners()]
            if visitors:
                async with database.write() as session:
                    await sessions.seen(session, {visitor.token_hash for visitor in visitors}, now())
                    await attendance.seen(session, {visitor.user_id for visitor in visitors}, now())
            await end_expired(database)
        except (SQLAlchemyError, DatabaseError) as error:
            log.warning("signs of life not noted, will be tried again", error=type(error).__name__)
        await asyncio.sleep(BEAT)


async def end_expired(database: Database) -> None:
    """Logs out users whose session has expired."""
    async with database.read() as session:
        expired = await sessions.expired(session, now())
    for token_hash, user_id in expired:
        async with database.write() as session:
            await attendance.leave(session, token_hash, user_id, EndReason.EXPIRED, now())
