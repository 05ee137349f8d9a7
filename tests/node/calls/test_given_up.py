"""What was dialled on a phone while nobody listened, and given up again, is not dialled."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast
from uuid import UUID

import pytest
from sqlalchemy import select
from temporalio.client import Client

from activities.calls.ivr import IvrSteps
from activities.calls.manual import ManualCalls
from activities.calls.node import Node
from activities.calls.offers import Offers
from db.core.clock import now
from db.core.engine import Database
from db.models import Call, Extension
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.dialling_rules.refusal import DialRefusal
from telephony.asterisk import Asterisk
from tests.db.sample import new_agents
from workflows.calls.ivr import Admitted


@dataclass
class PhoneAtAsterisk:
    """An Asterisk in which the phone that has dialled still is, or is not any more."""

    is_there: bool
    refused: list[DialRefusal] = field(default_factory=list)

    async def exists(self, channel_id: str) -> bool:  # noqa: ARG002 - as Asterisk has it
        return self.is_there

    async def refuse(self, channel_id: str, refusal: DialRefusal) -> None:  # noqa: ARG002 - as Asterisk has it
        self.refused.append(refusal)


async def _extension(db: Database, agent: UUID) -> str:
    async with db.read() as session:
        found = await session.scalar(select(Extension.number).where(Extension.user_id == agent))
    assert found is not None
    return found


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_phone_that_has_gone_is_told_nothing_and_holds_no_agent(database: str, *, is_there: bool) -> None:
    db = Database(database, pool_size=2)
    asterisk = PhoneAtAsterisk(is_there)
    node = Node("test", "DE", db, cast("Asterisk", asterisk), cast("Client", None))
    steps = IvrSteps(node, Offers(node), ManualCalls(node, patience=0.0), lambda _: None)
    [agent] = await new_agents(db, 1)
    call_id = f"given-up-{ids.uuid7()}-d"
    long_ago = now() - timedelta(seconds=5)
    arrival = Arrival(call_id, "test", "", "911", "", long_ago, dialled_on=await _extension(db, agent))
    assert await steps.admit(arrival) == Admitted()
    assert asterisk.refused == ([DialRefusal.NUMBER] if is_there else [])
    async with db.read() as session:
        assert await session.get(Call, call_id) is None
        told = await session.scalar(select(Extension.refused).where(Extension.user_id == agent))
    assert (told is not None) is is_there
    await db.close()
