"""A floor of agents for tests of the portal: users, queues and calls made straight in the database."""

import itertools
import wave
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, select, update

from db.accounts import accounts
from db.accounts.accounts import AccountRequest, NewAccount
from db.calls import arrivals
from db.core.clock import now
from db.core.engine import Database, WriteSession
from db.core.notices import Notice, publish
from db.models import Agent, Call, Participant, PauseReason, Voicemail, WaitingCall, WrapUpCode
from db.models import Queue as QueueRow
from db.queues import memberships, queues
from db.users import sessions
from domain.agents.agent import AgentState, ExtensionKind, Role
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import CallRole, CallStage
from domain.events.notice import NoticeKind
from domain.queues.queue import Queue

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)
_STATES = {
    CallStage.OFFERED: AgentState.OFFERED,
    CallStage.DIALLING: AgentState.ON_CALL,
    CallStage.CONNECTED: AgentState.ON_CALL,
    CallStage.WRAP_UP: AgentState.WRAP_UP,
}


def agent_in(call_id: str, user_id: UUID, since: datetime) -> Participant:
    """The agent of a call, who talks."""
    return Participant(
        call_id=call_id, role=CallRole.AGENT, user_id=user_id, leg=1, arrived_at=since, since=since, joined_at=since
    )


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

    async def seen_at(self, user_id: UUID) -> datetime | None:
        """When the agent's page was last there."""
        async with self.database.read() as session:
            seen: datetime | None = await session.scalar(select(Agent.portal_seen_at).where(Agent.user_id == user_id))
        return seen

    async def add_queue(self, *members: NewAccount) -> Queue:
        new = queues.NewQueue(f"Queue {next(_numbers)}")
        async with self.database.write() as session:
            queue_id = await queues.add(session, new, now())
            for member in members:
                await memberships.add(session, queue_id, member.user_id)
        return Queue(queue_id, new.name, new.ring_seconds, new.wrap_up_seconds, new.recorded)

    async def add_waiting_call(self, queue: Queue, customer_name: str = "Cleo") -> str:
        async with self.database.write() as session:
            return await enter(session, queue, customer_name)

    async def give_call(
        self, user: NewAccount, stage: CallStage, customer_name: str = "Cleo", *, queue: Queue | None = None
    ) -> str:
        """A call that the user has. While it rings, only the agent's row tells so."""
        queue = queue or await self.add_queue(user)
        call_id = await self.add_waiting_call(queue, customer_name)
        rings = stage is CallStage.OFFERED
        moment = now()
        values = {
            "stage": stage,
            "offered_at": moment,
            "answered_at": None if rings else moment,
            "ended_at": moment if stage is CallStage.WRAP_UP else None,
        }
        async with self.database.write() as session:
            await session.execute(update(Call).where(Call.id == call_id).values(**values))
            if not rings:
                session.add(agent_in(call_id, user.user_id, moment))
            await self._ring(session, call_id, user, _STATES[stage])
            publish(session, Notice(NoticeKind.CALL_OFFERED, user.user_id, queue.queue_id))
        return call_id

    async def ring(self, call_id: str, *users: NewAccount) -> None:
        """Rings one call at several agents at once."""
        async with self.database.write() as session:
            await session.execute(update(Call).where(Call.id == call_id).values(stage=CallStage.OFFERED))
            await session.execute(
                update(WaitingCall)
                .where(WaitingCall.call_id == call_id)
                .values(offered_to=[user.user_id for user in users]),
            )
            for user in users:
                await self._ring(session, call_id, user, AgentState.OFFERED)
                publish(session, Notice(NoticeKind.CALL_OFFERED, user.user_id))

    @staticmethod
    async def _ring(session: WriteSession, call_id: str, user: NewAccount, state: AgentState) -> None:
        await session.execute(
            update(Agent)
            .where(Agent.user_id == user.user_id)
            .values(state=state, call_id=call_id, until=None, attempt=1),
        )

    async def add_voicemail(self, queue: Queue, folder: Path, *, seconds: int = 1, customer_name: str = "Cleo") -> UUID:
        """A message that a caller left, with its file."""
        voicemail_id, call_id = ids.uuid7(), f"test-{next(_numbers)}"
        recording = ids.voicemail(call_id)
        _write_silence(folder / f"{recording}.wav", seconds)
        async with self.database.write() as session:
            session.add(
                Voicemail(
                    id=voicemail_id,
                    call_id=call_id,
                    queue_id=queue.queue_id,
                    customer_number="+12025550147",
                    customer_name=customer_name,
                    recording=recording,
                    seconds=seconds,
                    left_at=now(),
                )
            )
            publish(session, Notice(NoticeKind.VOICEMAIL_LEFT, None, queue.queue_id, {"call_id": call_id}))
        return voicemail_id

    @asynccontextmanager
    async def pause_reasons(self, *names: str) -> AsyncIterator[None]:
        """The administrator's list, which all tests share, for as long as the block."""
        await self._set_reasons(names)
        try:
            yield
        finally:
            await self._set_reasons(())

    async def _set_reasons(self, names: Sequence[str]) -> None:
        async with self.database.write() as session:
            await session.execute(delete(PauseReason))
            session.add_all(PauseReason(id=ids.uuid7(), name=name, position=at) for at, name in enumerate(names))

    async def add_codes(self, queue: Queue, *names: str, required: bool = False) -> None:
        """The outcomes that calls of a queue can have, with the keys from 1."""
        async with self.database.write() as session:
            await session.execute(
                update(QueueRow).where(QueueRow.id == queue.queue_id).values(wrap_up_code_required=required),
            )
            session.add_all(
                WrapUpCode(id=ids.uuid7(), name=name, key=str(at), position=at, queue_id=queue.queue_id)
                for at, name in enumerate(names, 1)
            )

    async def is_claimed(self, call_id: str) -> UUID | None:
        """Who is held for a waiting call."""
        async with self.database.read() as session:
            waiting = await session.get(WaitingCall, call_id)
            return next(iter(waiting.offered_to), None) if waiting else None


async def enter(session: WriteSession, queue: Queue, customer_name: str = "Cleo") -> str:
    """Puts a call in line, in the caller's transaction."""
    call_id = f"test-{next(_numbers)}"
    await arrivals.enter(session, Arrival(call_id, "test", "5000", "+12025550147", customer_name, now()), queue, now())
    return call_id


def _write_silence(file: Path, seconds: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16_000 * seconds))
