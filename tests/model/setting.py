"""The people and queues of a model, and what the database says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, update

from db.accounts import accounts
from db.core.engine import Database
from db.inbound import menus, numbers
from db.models import Agent, AgentChange, Extension, Queue, QueueExit
from db.queues import memberships, queues
from db.trunks import trunks
from domain.agents.agent import AgentState, ExtensionKind
from domain.queues.exits import ExitAction, Occasion
from tests.model.centre import NODE
from tests.model.clock import BEGINNING
from tests.support.registrations import set_phones

KINDS = (ExtensionKind.SIP, ExtensionKind.WEB, ExtensionKind.SIP)
NUMBERS = ("8000", "8001")
MENU = "8100"
NOBODYS = "8999"
OUTSIDE = "+12025550188"
CUSTOMER = "+12025550147"
_ALWAYS_SEEN = timedelta(days=3650)

_TIDY = (
    "calls",
    "waiting_calls",
    "cdrs",
    "callbacks",
    "queue_visits",
    "participants",
    "recordings",
    "voicemails",
    "outside_dials",
    "events",
    "agent_changes",
    "call_quality",
)
_FACTS = text("""
    SELECT json_build_object(
        'agents', (SELECT json_object_agg(user_id, json_build_object('state', state, 'call', call_id,
            'attempt', attempt, 'until', until)) FROM agents WHERE user_id = ANY(:users)),
        'calls', (SELECT coalesce(json_object_agg(calls.id, json_build_object('stage', stage, 'user', agent.user_id,
            'guest', guest.user_id, 'attempt', agent.leg)), '{}') FROM calls
            LEFT JOIN participants AS agent
                ON agent.call_id = calls.id AND agent.role = 'agent' AND agent.until IS NULL
            LEFT JOIN participants AS guest
                ON guest.call_id = calls.id AND guest.role = 'third_party' AND guest.until IS NULL),
        'waiting', (SELECT coalesce(json_object_agg(call_id, offered_to), '{}') FROM waiting_calls),
        'cdrs', (SELECT coalesce(json_object_agg(call_id, json_build_object('disposition', disposition,
            'done', completed_at IS NOT NULL, 'talk', talk_seconds)), '{}') FROM cdrs),
        'callbacks', (SELECT coalesce(json_object_agg(call_id, state), '{}') FROM callbacks)
    )
""")


@dataclass(frozen=True)
class QueuePlan:
    """A queue's rules; an exit to a queue leads to the model's other one."""

    name: str
    rules: Mapping[str, object]
    exits: Mapping[Occasion, ExitAction] = field(default_factory=dict)

    def __repr__(self) -> str:
        return self.name


PLANS = (
    QueuePlan(
        "voicemail",
        {"wrap_up_seconds": 5, "max_wait_seconds": 60, "callback_key": "5", "announce_seconds": 25},
        {Occasion.MAX_WAIT: ExitAction.VOICEMAIL, Occasion.NO_AGENTS: ExitAction.VOICEMAIL},
    ),
    QueuePlan(
        "ring_all",
        {"wrap_up_seconds": 0, "recorded": False, "strategy": "ring_all", "no_answer_limit": 2, "max_wait_seconds": 90},
        {Occasion.MAX_WAIT: ExitAction.HANG_UP},
    ),
    QueuePlan(
        "full",
        {"wrap_up_seconds": 5, "wrap_up_code_required": True, "max_wait_seconds": 40, "max_waiting": 1},
        {Occasion.MAX_WAIT: ExitAction.QUEUE, Occasion.FULL: ExitAction.CALLBACK, Occasion.NO_AGENTS: ExitAction.QUEUE},
    ),
    QueuePlan(
        "callback", {"wrap_up_seconds": 0, "callback_key": "5", "strategy": "ring_all", "callback_busy_seconds": 30}
    ),
)
_PLAIN = {
    "ring_seconds": 20,
    "wrap_up_seconds": 0,
    "recorded": True,
    "strategy": "longest_idle",
    "no_answer_limit": None,
    "max_wait_seconds": None,
    "max_waiting": None,
    "callback_key": None,
    "announce_seconds": None,
    "wrap_up_code_required": False,
    "callback_attempts": 2,
    "callback_busy_seconds": 60,
    "callback_no_answer_seconds": 60,
}


@dataclass(frozen=True)
class Facts:
    """The rows, as far as a judge needs them."""

    agents: Mapping[UUID, Mapping[str, Any]]
    calls: Mapping[str, Mapping[str, Any]]
    waiting: Mapping[str, Sequence[str]]
    cdrs: Mapping[str, Mapping[str, Any]]
    callbacks: Mapping[str, str]


@dataclass(frozen=True)
class Setting:
    """The database of a model: three agents, two queues with a number each, a menu before them, and a trunk."""

    database: Database
    users: Sequence[UUID]
    extensions: Sequence[str]
    queues: Sequence[UUID]

    @classmethod
    async def make(cls, database: Database) -> "Setting":
        """Makes everything, in a database that is the model's own."""
        async with database.write() as session:
            # Nothing here must outlive a crash, and every commit would else wait for the disk.
            await session.execute(text("SELECT set_config('synchronous_commit', 'off', false)"))
            made = [
                await accounts.create(session, accounts.AccountRequest(f"Agent {number}", kind=kind), BEGINNING)
                for number, kind in enumerate(KINDS)
            ]
            found = [await queues.add(session, queues.NewQueue(f"Queue {number}"), BEGINNING) for number in NUMBERS]
            for queue_id, number in zip(found, NUMBERS, strict=True):
                await numbers.add(session, number, numbers.Destination(queue_id), None, BEGINNING)
                for account in made:
                    await memberships.add(session, queue_id, account.user_id)
            options = tuple((str(key), queue_id) for key, queue_id in enumerate(found, 1))
            menu_id = await menus.add(session, menus.NewMenu("Menu", ("beep",), options), None, BEGINNING)
            await numbers.add(session, MENU, numbers.Destination(menu_id=menu_id), None, BEGINNING)
            await trunks.add(session, trunks.TrunkLine("line", "127.0.0.2", "127.0.0.2"))
        users = [account.user_id for account in made]
        return cls(database, users, [account.extension for account in made], found)

    async def begin(self, plans: Sequence[QueuePlan]) -> None:
        """Everybody is at work and idle, nobody has called, and the queues have these rules."""
        async with self.database.write() as session:
            await session.execute(text("".join(f"DELETE FROM {table};" for table in _TIDY)))
            await session.execute(
                update(Agent).values(
                    state="idle",
                    since=BEGINNING,
                    until=None,
                    reason=None,
                    idle_since=BEGINNING,
                    call_id=None,
                    attempt=None,
                    missed=0,
                    portal_seen_at=BEGINNING + _ALWAYS_SEEN,
                    wanted=None,
                    wanted_reason=None,
                )
            )
            await set_phones(session, node=NODE)
            await session.execute(text("DELETE FROM queue_exits"))
            for number, plan in enumerate(plans):
                queue_id, other = self.queues[number], self.queues[1 - number]
                rules = {**_PLAIN, **plan.rules}
                await session.execute(update(Queue).where(Queue.id == queue_id).values(**rules))
                for occasion, action in plan.exits.items():
                    target = other if action is ExitAction.QUEUE else None
                    values = {"occasion": occasion, "action": action, "target_queue_id": target}
                    await session.execute(insert(QueueExit).values(queue_id=queue_id, **values))

    async def facts(self) -> Facts:
        """What the rows say now."""
        async with self.database.look() as session:
            found = await session.scalar(_FACTS, {"users": list(self.users)})
        assert found is not None
        agents = {UUID(user_id): row for user_id, row in found.pop("agents").items()}
        return Facts(agents, **found)

    async def states(self) -> Mapping[UUID, Sequence[AgentState]]:
        """What each agent has been, in order; the database itself writes it down."""
        found: dict[UUID, list[AgentState]] = {user_id: [] for user_id in self.users}
        async with self.database.look() as session:
            changes = select(AgentChange.user_id, AgentChange.state).where(AgentChange.queue_id.is_(None))
            for user_id, state in await session.execute(changes.order_by(AgentChange.id)):
                found[user_id].append(AgentState(state))
        return found

    async def set_registered(self, number: int, registered: bool) -> None:
        """A phone comes or goes."""
        async with self.database.write() as session:
            await set_phones(session, Extension.number == self.extensions[number], there=registered, node=NODE)
