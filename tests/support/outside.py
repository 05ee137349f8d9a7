"""Whom agents may call, and how much, for as long as a test needs it otherwise."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from db.accounts.accounts import NewAccount
from db.core.clock import now
from db.dialling_rules import destinations, dial_limits
from db.dialling_rules.destinations import NewDestination
from db.dialling_rules.dial_limits import SetLimits
from tests.support.centre import Centre


@asynccontextmanager
async def rule(centre: Centre, prefix: str, *, allowed: bool = True) -> AsyncIterator[None]:
    """Numbers that begin so may be called, or may not, until the end of the block."""
    async with centre.database.write() as session:
        made = await destinations.add(session, NewDestination(prefix, allowed), None, now())
    try:
        yield
    finally:
        async with centre.database.write() as session:
            await destinations.remove(session, made.id, None, now())


@asynccontextmanager
async def limits(
    centre: Centre, agent: NewAccount, *, a_minute: int | None = None, at_once: int | None = None
) -> AsyncIterator[None]:
    """What an agent may call until the end of the block."""
    async with centre.database.write() as session:
        await dial_limits.put(session, agent.user_id, SetLimits(a_minute, at_once), None, now())
    try:
        yield
    finally:
        async with centre.database.write() as session:
            await dial_limits.put(session, agent.user_id, SetLimits(), None, now())
