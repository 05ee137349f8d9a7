"""A running centre as a test sees it: people, queues and lines are made here, and the fate of calls is asked here."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select, update
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle

from activities.calls.wake import wake
from db.accounts import accounts
from db.agents import attendance
from db.core.clock import now
from db.core.engine import AnySession, Database
from db.history_keys.key_ring import KeyRing
from db.inbound import numbers
from db.models import Agent, Call, Cdr, Extension, Number, Participant, Queue, QueueExit, Recording
from db.nodes import leases, revisions
from db.phones import registrations
from db.queues import memberships, queues
from db.routing import line
from db.trunks import trunks
from domain.agents.agent import AgentState, ExtensionKind, Role
from domain.calls import ids
from domain.calls.call import CallRole, CallStage
from domain.queues.exits import ExitAction, Occasion
from domain.queues.line import Move
from everline.settings import Settings
from everline.stack import Stack
from everline.stack.asterisk import ARI_USER, find_asterisk
from everline.stack.secret_files import Secret, read_secret
from everline.temporal import connect
from telephony.ari import AriHttp
from telephony.asterisk import Asterisk
from tests.phones.soft_phone import SoftPhone
from tests.support.stack import killed_and_back
from workflows.calls.workflow import CallWorkflow

TRUNK_ADDRESS = "127.0.0.2"
"""Where the customers of tests call from."""

PHONE_ADDRESS = "127.0.0.3"
"""Where the agents' SIP phones of tests are."""

_STORED_SECONDS = 30.0
_names = itertools.count(1)


@dataclass(frozen=True)
class History:
    """The cost of a call in Temporal."""

    events: int
    workflow_tasks: int


OWN_MUSIC = "tone"
OWN_MUSIC_HZ = 480.0
"""What the test centre's owner has put into the folder music."""


@dataclass
class Centre:
    """A centre and the shortest ways to set it up."""

    stack: Stack
    database: Database = field(init=False)
    history_keys: KeyRing = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(self.settings.database, pool_size=4)
        self.history_keys = KeyRing(self.database, read_secret(self.settings.home, Secret.HISTORY))

    @property
    def settings(self) -> Settings:
        """Where everything is."""
        return self.stack.settings

    @property
    def sip_server(self) -> str:
        """Where phones register and trunks call."""
        return f"127.0.0.1:{self.settings.sip_port}"

    async def add_trunk(self) -> None:
        """Lets calls from the customers' address in."""
        async with self.database.write() as session:
            revision = await trunks.add(session, trunks.TrunkLine("customers", TRUNK_ADDRESS, TRUNK_ADDRESS))
        assert await revisions.wait_provisioned(self.database, revision, 10)

    async def add_agent(self, kind: ExtensionKind = ExtensionKind.SIP, role: Role = Role.AGENT) -> accounts.NewAccount:
        """A new user whose phone Asterisk knows."""
        request = accounts.AccountRequest(f"Agent {next(_names)}.", role, kind)
        async with self.database.write() as session:
            made = await accounts.create(session, request, now())
            revision = await session.scalar(select(Extension.revision).where(Extension.number == made.extension))
        assert revision is not None
        assert await revisions.wait_provisioned(self.database, revision, 10)
        return made

    async def add_queue(
        self, members: Sequence[accounts.NewAccount], *, wrap_up_seconds: int = 1, ring_seconds: int = 20
    ) -> str:
        """A new queue with a number of its own, which is returned."""
        number = str(8000 + next(_names))
        async with self.database.write() as session:
            queue_id = await queues.add(
                session, queues.NewQueue(f"Queue {number}", ring_seconds, wrap_up_seconds), now()
            )
            for member in members:
                await memberships.add(session, queue_id, member.user_id)
            await numbers.add(session, number, numbers.Destination(queue_id), None, now())
        return number

    async def queue_id(self, session: AnySession, number: str) -> UUID:
        """The queue that a number leads to."""
        found = await session.scalar(select(Number.queue_id).where(Number.number == number))
        assert found is not None
        return found

    async def set_rules(self, number: str, **rules: object) -> None:
        """Changes rules of the queue that a number leads to."""
        async with self.database.write() as session:
            queue_id = await self.queue_id(session, number)
            await session.execute(update(Queue).where(Queue.id == queue_id).values(**rules))

    async def set_exit(
        self, number: str, occasion: Occasion, action: ExitAction, *, to: str | None = None, message: str | None = None
    ) -> None:
        """Says where calls to a number go that its queue does not serve."""
        async with self.database.write() as session:
            queue_id = await self.queue_id(session, number)
            target = await self.queue_id(session, to) if to else None
            session.add(
                QueueExit(queue_id=queue_id, occasion=occasion, action=action, target_queue_id=target, message=message)
            )

    async def arrive(self, *agents: accounts.NewAccount) -> None:
        """Brings agents to work without a page of theirs."""
        for agent in agents:
            async with self.database.write() as session:
                await attendance.arrive(session, agent.user_id, now())

    async def leave(self, *agents: accounts.NewAccount) -> None:
        """Sends agents home."""
        for agent in agents:
            async with self.database.write() as session:
                await attendance.change(session, agent.user_id, AgentState.OFFLINE, now(), None)

    async def arrive_and_wake(self, agent: accounts.NewAccount) -> None:
        """Brings an agent to work and to the call that waits, as the portal does."""
        async with self.database.write() as session:
            matches = await attendance.arrive(session, agent.user_id, now())
        await wake(await self.temporal(), matches)

    async def pause(self, agent: accounts.NewAccount) -> None:
        """The agent wants a break, at once or after the present call."""
        async with self.database.write() as session:
            await attendance.change(session, agent.user_id, AgentState.PAUSED, now(), "break")

    def desk_phone(self, **options: object) -> AbstractAsyncContextManager[SoftPhone]:
        """An agent's SIP phone, to be registered with `register`."""
        return SoftPhone.start(bind=PHONE_ADDRESS, **options)  # type: ignore[arg-type]

    def customer(self, **options: object) -> AbstractAsyncContextManager[SoftPhone]:
        """A customer's phone."""
        return SoftPhone.start(bind=TRUNK_ADDRESS, **options)  # type: ignore[arg-type]

    async def register(self, phone: SoftPhone, agent: accounts.NewAccount) -> None:
        """Registers the agent's phone, and waits until the centre knows."""
        assert agent.sip_secret is not None
        await phone.register(self.sip_server, agent.extension, agent.sip_secret)
        await self.until(lambda: self._registered(agent.extension))

    async def until_registered(self, agent: accounts.NewAccount) -> None:
        """Waits until the centre knows that an agent's phone is there."""
        await self.until(lambda: self._registered(agent.extension))

    async def until_unregistered(self, agent: accounts.NewAccount) -> None:
        """Waits until the centre knows that an agent's phone is gone."""

        async def gone() -> bool:
            return not await self._registered(agent.extension)

        await self.until(gone)

    async def kill_and_revive(self, part: str) -> None:
        """kill -9 of a part, and wait until it is ready again."""
        await killed_and_back(self.stack, part)

    def uri(self, number: str) -> str:
        """What a customer dials."""
        return f"sip:{number}@{self.sip_server}"

    async def cdrs(self, number: str) -> Sequence[Cdr]:
        """The CDRs of the calls to a number, oldest first."""
        async with self.database.read() as session:
            return list(await session.scalars(select(Cdr).where(Cdr.our_number == number).order_by(Cdr.arrived_at)))

    async def completed_cdr(self, number: str, seconds: float = 15.0) -> Cdr:
        """The one CDR of a number, once the call's work is done; a second one is an error."""

        async def done() -> bool:
            found = await self.cdrs(number)
            return bool(found) and all(cdr.completed_at for cdr in found)

        await self.until(done, seconds)
        found = await self.cdrs(number)
        assert len(found) == 1
        return found[0]

    async def recordings(self, call_id: str) -> Sequence[Recording]:
        """What was recorded of a call: known once its workflow has ended, a little later than its record."""
        async with asyncio.timeout(_STORED_SECONDS):
            await (await self.temporal()).get_workflow_handle(ids.workflow(call_id)).result()
        async with self.database.read() as session:
            return list(await session.scalars(select(Recording).where(Recording.call_id == call_id)))

    def recording_file(self, recording: Recording) -> Path:
        """The file of a recording."""
        return self.settings.recordings / f"{recording.name}.wav"

    async def state_of(self, user_id: UUID) -> AgentState:
        """What an agent is doing."""
        async with self.database.read() as session:
            return AgentState(await session.scalar(select(Agent.state).where(Agent.user_id == user_id)) or "offline")

    async def until_state(self, agent: accounts.NewAccount, state: AgentState, seconds: float = 10.0) -> None:
        """Waits until an agent is in a state."""

        async def reached() -> bool:
            return await self.state_of(agent.user_id) is state

        await self.until(reached, seconds)

    async def live_calls(self) -> int:
        """How many calls are going on or in wrap-up."""
        async with self.database.read() as session:
            return await session.scalar(select(func.count()).select_from(Call)) or 0

    async def until_waiting(self, number: str, calls: int) -> None:
        """Waits until so many calls to a number wait and ring nobody."""

        async def reached() -> bool:
            query = select(func.count()).where(Call.our_number == number, Call.stage == CallStage.WAITING)
            async with self.database.read() as session:
                return await session.scalar(query) == calls

        await self.until(reached)

    async def until_quiet(self, number: str) -> None:
        """Waits until no call to a number is left."""

        async def reached() -> bool:
            async with self.database.read() as session:
                return not await session.scalar(select(func.count()).where(Call.our_number == number))

        await self.until(reached)

    async def temporal(self) -> Client:
        """A client of the centre's Temporal."""
        return await connect(self.settings, self.history_keys)

    async def history(self, call_id: str) -> History:
        """How long the history of a call became, once its workflow has ended."""
        handle = (await self.temporal()).get_workflow_handle(ids.workflow(call_id))
        await handle.result()
        events = (await handle.fetch_history()).events
        tasks = [event for event in events if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED]
        return History(len(events), len(tasks))

    async def call_out_to(self, customer: SoftPhone) -> None:
        """Lets calls to the outside reach this phone, whatever their number is."""
        line = trunks.TrunkLine("a-way-out", f"{TRUNK_ADDRESS}:{customer.port}", "127.0.0.9")
        async with self.database.write() as session:
            if line.name in {other.name for other in await trunks.listing(session)}:
                await trunks.remove(session, line.name, now())
            revision = await trunks.add(session, line)
        assert await revisions.wait_provisioned(self.database, revision, 10)

    async def move_to_top(self, queue_id: UUID, *, but: str) -> None:
        """Moves the call that waits in a queue, but for one, before that one."""
        async with self.database.write() as session:
            [call_id] = [one.call_id for one in await line.listing(session, [queue_id], now()) if one.call_id != but]
            await line.move(session, call_id, queue_id, Move.TOP, None, now())

    async def pause_reason(self, agent: accounts.NewAccount) -> str | None:
        """Why an agent is paused."""
        async with self.database.read() as session:
            return await session.scalar(select(Agent.reason).where(Agent.user_id == agent.user_id))

    async def call_of(self, agent: accounts.NewAccount) -> str:
        """The call that an agent has, as soon as there is one."""
        found: list[str] = []

        async def there() -> bool:
            async with self.database.read() as session:
                found[:] = await session.scalars(
                    select(Participant.call_id).where(
                        Participant.user_id == agent.user_id,
                        Participant.role == CallRole.AGENT,
                        Participant.until.is_(None),
                    )
                )
            return len(found) == 1

        await self.until(there)
        return found[0]

    async def cdr_of(self, call_id: str, seconds: float = 15.0) -> Cdr:
        """The CDR of a call, once its work is done."""
        found: list[Cdr] = []

        async def done() -> bool:
            query = select(Cdr).where(Cdr.call_id == call_id, Cdr.completed_at.is_not(None))
            async with self.database.read() as session:
                found[:] = await session.scalars(query)
            return bool(found)

        await self.until(done, seconds)
        return found[0]

    async def is_at(self, call_id: str, stage: CallStage) -> bool:
        """Whether a call is at a stage."""
        async with self.database.read() as session:
            return await session.scalar(select(Call.stage).where(Call.id == call_id)) == stage

    async def until_dialog(self, call_id: str, stage: CallStage = CallStage.ASKING) -> None:
        """Waits until a call's caller is being asked something, or, with another stage, has answered."""
        temporal = await self.temporal()
        handle: WorkflowHandle[CallWorkflow, None] = temporal.get_workflow_handle_for(
            CallWorkflow.run, ids.workflow(call_id)
        )

        async def so() -> bool:
            return (await handle.query(CallWorkflow.get_view)).stage == stage

        await self.until(so)

    async def sound(self, name: str) -> Path:
        """The file of one of Asterisk's own sounds."""
        program = await find_asterisk(self.settings)
        return program.data_dir / "sounds" / program.language / f"{name}.wav"

    async def until_recording(self, number: str) -> None:
        """Waits until what the caller of a number says is being recorded."""

        async def begun() -> bool:
            async with self.database.read() as session:
                call_id = await session.scalar(select(Call.id).where(Call.our_number == number))
            return bool(call_id) and (self.settings.recordings / f"{ids.voicemail(str(call_id))}.wav").exists()

        await self.until(begun, 20)

    @asynccontextmanager
    async def asterisk(self) -> AsyncIterator[Asterisk]:
        """Commands to the centre's Asterisk, past everything of ours."""
        http = AriHttp(self.settings.asterisk_http_port, ARI_USER, read_secret(self.settings.home, Secret.ARI))
        async with http:
            # All that there is, and not only what our application has.
            yield Asterisk(http, self.settings.recordings, http)

    async def is_gone_from_asterisk(self, call_id: str) -> bool:
        """Whether Asterisk has no channel and no bridge of a call."""
        async with self.asterisk() as asterisk:
            ids_there = [channel.id for channel in await asterisk.channels()]
            ids_there += [bridge.id for bridge in await asterisk.bridges()]
        return not any(found.startswith(call_id) for found in ids_there)

    async def in_bridge(self, call_id: str) -> set[str]:
        """The legs of a call that hear each other now."""
        async with self.asterisk() as asterisk:
            bridges = await asterisk.bridges()
        return {leg for bridge in bridges if bridge.id == ids.bridge(call_id) for leg in bridge.channels}

    async def until_stage(self, number: str, stage: CallStage, seconds: float = 10.0) -> Call:
        """Waits until the one live call to a number is at a stage."""
        found: list[Call] = []

        async def reached() -> bool:
            async with self.database.read() as session:
                found[:] = await session.scalars(select(Call).where(Call.our_number == number, Call.stage == stage))
            return len(found) == 1

        await self.until(reached, seconds)
        return found[0]

    async def until(self, fact: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> None:
        """Waits for a fact that is asked of the centre. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not await fact():  # noqa: ASYNC110  # No event tells a test what other processes did.
                await asyncio.sleep(0.03)

    async def _registered(self, number: str) -> bool:
        async with self.database.read() as session:
            at = [await registrations.listing(session, lease.name) for lease in await leases.listing(session)]
        return any(numbers[number] for numbers in at)

    async def close(self) -> None:
        """Lets go of the database."""
        await self.database.close()
