"""Whether each node is registered with the trunks that want it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from db.core.engine import AnySession, WriteSession
from db.models import TrunkRegistration
from domain.trunks.registration import RegistrationState, Standing


@dataclass(frozen=True)
class Registration:
    """How the registration of a node with a trunk stands, since when, and the SIP status behind it; 0 for none."""

    node: str
    state: RegistrationState
    status: int
    since: datetime


async def put(
    session: WriteSession, node: str, standings: Mapping[str, Standing], names: Sequence[str], now: datetime
) -> None:
    """Notes how registrations of a node have come to stand; those with no trunk of `names` are forgotten."""
    gone = TrunkRegistration.trunk.not_in(list(names))
    await session.execute(delete(TrunkRegistration).where(TrunkRegistration.node == node, gone))
    for trunk, standing in standings.items():
        values = {"state": standing.state.value, "status": standing.status, "since": now}
        await session.execute(
            insert(TrunkRegistration)
            .values(node=node, trunk=trunk, **values)
            .on_conflict_do_update(index_elements=["node", "trunk"], set_=values)
        )


async def listing(session: AnySession) -> dict[str, list[Registration]]:
    """The registrations by trunk, those of each in the order of the nodes' names."""
    found: dict[str, list[Registration]] = {}
    for row in await session.scalars(select(TrunkRegistration).order_by(TrunkRegistration.node)):
        known = Registration(row.node, RegistrationState(row.state), row.status, row.since)
        found.setdefault(row.trunk, []).append(known)
    return found
