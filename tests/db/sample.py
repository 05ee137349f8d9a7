"""Agents and queues for tests that need no telephone."""

import itertools
import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from db.accounts import accounts
from db.agents import attendance
from db.calls import arrivals, calls
from db.core.clock import now
from db.core.engine import Database
from db.models import Extension
from db.queues import memberships, queues
from domain.agents.agent import ExtensionKind
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.queues.queue import Queue
from tests.support.registrations import set_phones

RING = timedelta(seconds=20)

_names = itertools.count(1)


def new_name(kind: str) -> str:
    """A name that nothing else has."""
    return f"{kind} {next(_names)} {secrets.token_hex(4)}"


async def new_agents(db: Database, count: int) -> list[UUID]:
    """Idle agents whose desk phones are registered."""
    made = []
    for _ in range(count):
        request = accounts.AccountRequest(new_name("Sample"), kind=ExtensionKind.SIP)
        async with db.write() as session:
            account = await accounts.create(session, request, now())
            await set_phones(session, Extension.user_id == account.user_id)
            await attendance.arrive(session, account.user_id, now())
        made.append(account.user_id)
    return made


async def new_queue(db: Database, members: Sequence[UUID]) -> Queue:
    """A queue of these agents."""
    async with db.write() as session:
        name = new_name("Queue")
        queue_id = await queues.add(session, queues.NewQueue(name), now())
        for member in members:
            await memberships.add(session, queue_id, member)
    return Queue(queue_id, name, 20, 0, recorded=False)


async def arrive(db: Database, queue: Queue) -> str:
    """A new call that has come into a queue's line. Returns its id."""
    call_id, moment = str(ids.uuid7()), now()
    async with db.write() as session:
        await arrivals.enter(session, Arrival(call_id, "test", "100", "555", "Caller", moment), queue, moment)
        await calls.search(session, call_id, queue.queue_id, 1, moment, RING, is_new=True)
    return call_id
