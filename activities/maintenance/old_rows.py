"""Removes what is past, after as many days as the settings say."""

from dataclasses import dataclass

from temporalio import activity

from db.core.clock import now
from db.core.engine import Database
from db.records import retention
from domain.records.retention import Retention
from workflows.maintenance.retention import ACTIVITY


@dataclass(frozen=True)
class OldRows:
    """The activity behind the retention workflow."""

    database: Database
    retention: Retention

    @activity.defn(name=ACTIVITY)
    async def remove(self) -> None:
        """One round; repeating it does no harm."""
        await retention.remove(self.database, self.retention, now())
