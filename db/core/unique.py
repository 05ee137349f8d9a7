"""Names that must be unique, where a statement cannot say by itself what to do about a clash."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError

from db.core.engine import WriteSession
from db.core.errors import AlreadyTakenError


@asynccontextmanager
async def or_taken(session: WriteSession, message: str) -> AsyncIterator[None]:
    """Undoes the block when it takes something that is taken, also at the same moment. Raises AlreadyTakenError."""
    try:
        async with session.begin_nested():
            yield
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation):
            raise AlreadyTakenError(message) from error
        raise
