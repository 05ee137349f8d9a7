"""Whether the database answers, however many ask."""

import asyncio
import time

from sqlalchemy import text

from db.core.engine import Database

_GOOD_FOR = 1.0


class Pulse:
    """Asks the database once a second at most; requests in between get the same answer."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()
        self.good_until = 0.0

    async def check(self) -> None:
        """Returns when the database has answered lately. Raises what it fails with."""
        async with self._turn:
            if time.monotonic() < self.good_until:
                return
            async with self._database.read() as session:
                await session.execute(text("SELECT 1"))
            self.good_until = time.monotonic() + _GOOD_FOR
