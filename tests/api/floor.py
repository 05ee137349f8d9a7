"""A floor of agents for tests of the portal: users, queues and calls made straight in the database."""

import itertools
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from db import accounts, calls, queues, sessions
from db.accounts import AccountRequest, NewAccount
from db.clock import now
from db.engine import Database, WriteSession
from db.models import Agent, Call, WaitingCall
from db.notices import Notice, publish
from domain.agent import AgentState, ExtensionKind, Role
from domain.arrival import Arrival
from domain.call import CallStage
from domain.queue import Queue

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Floor:
    """Makes what a test needs; names are never used twice."""

    database: Database

    async def add_user(self, role: Role = Role.AGENT, kind: ExtensionKind = ExtensionKind.WEB) -> NewAccount:
        request = AccountRequest(f"{role.value} {next(_numbers)}", role, kind, password=PASSWORD)
        async with self.database.write() as session:
            return await accounts.create(session, request, now())

    async def token(self, user: NewAccount) -> str:
        """A session without the work of a log-in."""
        token = sessions.new_token()
        async with self.database.write() as session:
            await sessions.start(session, user.user_id, sessions.hash_token(token), now())
        return token

    async def add_queue(self, *members: NewAccount) -> Queue:
        new = queues.NewQueue(f"Queue {next(_numbers)}")
        async with self.database.write() as session:
            queue_id = await queues.add(session, new, now())
            for member in members:
                await queues.add_member(session, queue_id, member.user_id)
        return Queue(queue_id, new.name, new.ring_seconds, new.wrap_up_seconds, new.recorded)

    async def add_waiting_call(self, queue: Queue, caller_name: str = "Cleo") -> str:
        async with self.database.write() as session:
            return await enter(session, queue, caller_name)

    async def give_call(
        self, user: NewAccount, stage: CallStage, caller_name: str = "Cleo", *, queue: Queue | None = None
    ) -> str:
        """A call that the user has."""
        queue = queue or await self.add_queue(user)
        call_id = await self.add_waiting_call(queue, caller_name)
        talks = stage is CallStage.CONNECTED
        state = AgentState.ON_CALL if talks else AgentState.OFFERED
        values = {"stage": stage, "user_id": user.user_id, "answered_at": now() if talks else None}
        async with self.database.write() as session:
            await session.execute(update(Call).where(Call.id == call_id).values(**values))
            await session.execute(
                update(Agent).where(Agent.user_id == user.user_id).values(state=state, call_id=call_id, until=None),
            )
            publish(session, Notice("call.offered", user.user_id, queue.queue_id))
        return call_id

    async def is_claimed(self, call_id: str) -> UUID | None:
        """Who is held for a waiting call."""
        async with self.database.read() as session:
            waiting = await session.get(WaitingCall, call_id)
            return waiting.offered_to if waiting else None


async def enter(session: WriteSession, queue: Queue, caller_name: str = "Cleo") -> str:
    """Puts a call in line, in the caller's transaction."""
    call_id = f"test-{next(_numbers)}"
    await calls.enter(session, Arrival(call_id, "test", "5000", "+12025550147", caller_name, now()), queue, now())
    return call_id
