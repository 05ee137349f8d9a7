from dataclasses import dataclass, field

from temporalio.client import Client

from activities.calls.resting_trunks import Resting
from db.core.engine import Database
from telephony.asterisk import Asterisk


@dataclass(frozen=True)
class Node:
    """The node whose calls these are, and what steps act by: the database, its Asterisk, and Temporal.

    Numbers outside are read as those of `region` (ISO 3166). `resting` is shared by all calls of the process.
    """

    name: str
    region: str
    database: Database
    asterisk: Asterisk
    client: Client
    resting: Resting = field(default_factory=Resting)
