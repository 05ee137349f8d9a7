"""The colleagues that an agent can consult, or transfer a call to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text

from db.core.engine import AnySession
from db.routing.availability import HAS_MICROPHONE, IS_FREE, IS_OVER, IS_REACHABLE
from domain.agents.agent import AgentState, Role


class Relation(StrEnum):
    """What a colleague is to an agent: the first of these that is true."""

    SUPERVISOR = "supervisor"
    SAME_QUEUE = "same_queue"
    OTHER = "other"


@dataclass(frozen=True)
class Colleague:
    """Another user. `available`: the phone is there, and nothing else is going on."""

    user_id: UUID
    name: str
    role: Role
    relation: Relation
    extension: str
    state: AgentState
    available: bool


_COLLEAGUES = text(f"""
    SELECT * FROM (SELECT users.id, users.name, users.role,
        CASE WHEN users.role <> 'agent' THEN 'supervisor'
            WHEN EXISTS (
                SELECT FROM queue_members AS mine JOIN queue_members AS theirs USING (queue_id)
                WHERE mine.user_id = :user_id AND theirs.user_id = users.id
            ) THEN 'same_queue'
            ELSE 'other' END AS relation,
        extensions.number, CASE WHEN {IS_OVER} THEN 'idle' ELSE agents.state END AS state,
        ({IS_REACHABLE} AND {HAS_MICROPHONE} AND {IS_FREE}) AS available
    FROM users JOIN agents ON agents.user_id = users.id JOIN extensions ON extensions.user_id = users.id
    WHERE users.id <> :user_id AND users.disabled_at IS NULL AND agents.state <> 'offline'
    ) AS found
    ORDER BY relation = 'other', relation = 'same_queue', available DESC, lower(name)
""")  # noqa: S608 - made of constants


async def listing(session: AnySession, user_id: UUID, now: datetime) -> Sequence[Colleague]:
    """Everybody else who is logged in: supervisors, agents of the same queues, others; of each the free ones first."""
    rows = await session.execute(_COLLEAGUES, {"user_id": user_id, "now": now})
    return [
        Colleague(
            row.id,
            row.name,
            Role(row.role),
            Relation(row.relation),
            row.number,
            AgentState(row.state),
            row.available,
        )
        for row in rows
    ]
