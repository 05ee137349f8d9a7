"""Measures again and again how far this machine's clock is from the database's."""

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from db.core import clock
from db.core.engine import Database

log = structlog.get_logger(__name__)

_EVERY = 10.0  # seconds
_QUICK = timedelta(seconds=0.5)
"""A question that takes longer says too little of the time at which it was answered."""


async def measure(database: Database) -> None:
    """Measures once."""
    async with database.look() as session:
        await session.connection()
        asked = clock.machine_now()
        there: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
        told = clock.machine_now()
    if told - asked > _QUICK:
        return
    ahead = asked + (told - asked) / 2 - there
    if clock.set_ahead(ahead):
        log.warning("this machine's clock differs from the database's: keep it right", seconds=ahead.total_seconds())


async def follow(database: Database) -> None:
    """Measures for ever."""
    while True:
        try:
            await measure(database)
        except SQLAlchemyError as error:
            log.info("database's clock not asked", error=type(error).__name__)
        await asyncio.sleep(_EVERY)
