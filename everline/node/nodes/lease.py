"""Keeps this node alive in the eyes of the others."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from db.core.engine import Database
from db.nodes import leases
from everline.errors import EverlineError

log = structlog.get_logger(__name__)

_EVERY = 4.0
"""Seconds between two renewals."""
_AGAIN = 1.0
"""Seconds until one that has failed is tried again."""


class NodeNameTakenError(EverlineError):
    """Another machine runs a node of this name."""


@dataclass
class Lease:
    """This node's lease. `holder` says where it runs: a process that is started anew there goes on with it."""

    database: Database
    node: str
    holder: str
    returned: Sequence[Callable[[], Awaitable[object]]] = ()
    """What is done when the node was taken for dead: the others have closed its calls and forgotten its phones."""
    steady_since: float | None = None
    """Since when, by the monotonic clock, no renewal has failed."""

    async def take(self) -> bool:
        """Takes or renews the lease; whether it had not expired. Raises NodeNameTakenError."""
        async with self.database.write() as session:
            renewal = await leases.renew(session, self.node, self.holder)
        if not renewal.held:
            raise NodeNameTakenError(
                f"The node {self.node} runs already, at {renewal.holder}. Give this one another EVERLINE_NODE_NAME."
            )
        if self.steady_since is None:
            self.steady_since = time.monotonic()
        return renewal.was_alive

    @property
    def may_judge(self) -> bool:
        """Whether others had time to renew theirs: after the database was away, nobody's is valid at first."""
        return self.steady_since is not None and time.monotonic() - self.steady_since > leases.LEASE.total_seconds()

    async def keep(self) -> None:
        """Renews it for ever. Raises NodeNameTakenError when another node has taken the name meanwhile."""
        while True:
            await asyncio.sleep(_EVERY if self.steady_since is not None else _AGAIN)
            try:
                was_alive = await self.take()
            except SQLAlchemyError as error:
                self.steady_since = None
                log.warning("lease not renewed, trying again", node=self.node, error=type(error).__name__)
                continue
            if not was_alive:
                self.steady_since = time.monotonic()
                log.warning("this node was taken for dead", node=self.node)
                await asyncio.gather(*(self._do(job) for job in self.returned))

    async def _do(self, job: Callable[[], Awaitable[object]]) -> None:
        try:
            await job()
        except Exception:
            # Asterisk or the database is away: a new connection does the same.
            log.exception("not done after the node was taken for dead", node=self.node)
