"""Looks over the whole floor again and again, so that a lost wake-up costs a caller a second and not the place."""

from dataclasses import dataclass

from temporalio.client import Client

from activities.calls.wake import wake, wake_calls
from db.core.clock import now
from db.core.engine import Database
from db.routing import reconcile
from everline.node.keeping import keep_looking

_EVERY = 1.0
"""Seconds between two looks. A look that finds nothing is two short queries, however many calls wait."""


@dataclass(frozen=True)
class RoutingReconciler:
    """Brings together callers and agents whom no event brought together, and reminds calls of their claims."""

    database: Database
    client: Client

    async def keep(self) -> None:
        """Looks for ever."""
        await keep_looking(self.look, _EVERY, "no look over the floor")

    async def look(self) -> None:
        """Looks once."""
        async with self.database.read() as session:
            forgotten = await reconcile.unconfirmed(session, now())
            pairs = await reconcile.has_pairs(session, now())
        await wake_calls(self.client, forgotten)
        if not pairs:
            return
        async with self.database.write() as session:
            matches = await reconcile.match(session, now())
        await wake(self.client, matches)
