"""The floor as a run finds it: its queues, its agents and what they know. Afterwards it is tidied up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from db.agents import skills
from db.core.engine import Database, WriteSession
from db.models import Agent, AgentSkill, Call, Extension, LoginSession, QueueMember, QueueSkill, WaitingCall
from db.models import Queue as QueueRow
from db.users import sessions
from domain.agents.agent import AgentState
from domain.queues.queue import Strategy
from tests.db.routing.floor_notes import AgentNote, MemberNote, Notes, QueueNote
from tests.db.sample import new_name, new_queue
from tests.support.registrations import set_phones

OPENING = datetime(2026, 1, 5, 23, 58, tzinfo=UTC)
"""Shortly before midnight, when the calls of the day are counted anew."""
MOMENT = timedelta(milliseconds=1)
"""What happens one after the other is at least this much apart."""


@dataclass(frozen=True)
class QueuePlan:
    """A queue's rules, the skills its calls want, and its members with their penalties and positions, by number."""

    strategy: Strategy
    weight: int = 0
    aging: int | None = None
    widening: int | None = None
    wants: dict[int, int] = field(default_factory=dict)
    members: dict[int, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A floor; `levels` are the skills of each agent."""

    queues: Sequence[QueuePlan]
    levels: Sequence[dict[int, int]]


async def numbers_of(db: Database, agents: Sequence[UUID]) -> dict[UUID, str]:
    """The extensions of the agents."""
    async with db.read() as session:
        found = await session.execute(select(Extension.user_id, Extension.number).where(Extension.user_id.in_(agents)))
        return {user_id: number for user_id, number in found if user_id is not None}


async def open_floor(db: Database, agents: Sequence[UUID], plan: Plan) -> Notes:
    """Everybody is logged in and idle, the first the longest; nobody has called yet."""
    async with db.write() as session:
        known = [await skills.add(session, new_name("Skill"), None, OPENING) for _ in range(2)]
        staff = {
            user_id: AgentNote(user_id, OPENING + MOMENT * number, token=new_name("token"))
            for number, user_id in enumerate(agents)
        }
        for note, levels in zip(staff.values(), plan.levels, strict=True):
            note.levels = {known[skill]: level for skill, level in levels.items() if level}
            await _log_in(session, note)
    return Notes([await _open_queue(db, one, agents, known) for one in plan.queues], staff, known)


async def _log_in(session: WriteSession, note: AgentNote) -> None:
    assert note.token is not None
    await session.execute(
        update(Agent)
        .where(Agent.user_id == note.user_id)
        .values(state=AgentState.IDLE, since=note.free_since, idle_since=note.free_since, missed=0)
    )
    await set_phones(session, Extension.user_id == note.user_id)
    await sessions.start(session, note.user_id, note.token, note.free_since)
    for skill, level in note.levels.items():
        await session.execute(insert(AgentSkill).values(user_id=note.user_id, skill_id=skill, level=level))


async def _open_queue(db: Database, plan: QueuePlan, agents: Sequence[UUID], known: list[UUID]) -> QueueNote:
    queue = await new_queue(db, [])
    wants = {known[skill]: level for skill, level in plan.wants.items() if level}
    members = {agents[number]: MemberNote(*how) for number, how in plan.members.items()}
    async with db.write() as session:
        rules = {"aging_seconds": plan.aging, "skill_widening_seconds": plan.widening, "no_answer_limit": 2}
        await session.execute(
            update(QueueRow)
            .where(QueueRow.id == queue.queue_id)
            .values(strategy=plan.strategy, weight=plan.weight, **rules)
        )
        for skill, level in wants.items():
            await session.execute(insert(QueueSkill).values(queue_id=queue.queue_id, skill_id=skill, level=level))
        for user_id, note in members.items():
            how = {"penalty": note.penalty, "position": note.position}
            await session.execute(insert(QueueMember).values(queue_id=queue.queue_id, user_id=user_id, **how))
    return QueueNote(queue, plan.strategy, plan.weight, plan.aging, plan.widening, wants, members)


async def close_floor(db: Database, notes: Notes) -> None:
    """Nothing is left but the agents, who are offline."""
    agents, queues = list(notes.agents), [queue.queue.queue_id for queue in notes.queues]
    async with db.write() as session:
        await session.execute(
            update(Agent)
            .where(Agent.user_id.in_(agents))
            .values(state=AgentState.OFFLINE, until=None, reason=None, call_id=None, attempt=None, wanted=None)
        )
        for mine in (AgentSkill.user_id.in_(agents), LoginSession.user_id.in_(agents)):
            await session.execute(delete(mine.left.table).where(mine))
        await session.execute(delete(WaitingCall).where(WaitingCall.queue_id.in_(queues)))
        await session.execute(delete(Call).where(Call.queue_id.in_(queues)))
        await session.execute(delete(QueueRow).where(QueueRow.id.in_(queues)))
