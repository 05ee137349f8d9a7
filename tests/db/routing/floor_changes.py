"""What changes about agents and queues. Each change is noted first; nothing is returned where it cannot be made."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from db.agents import attendance, pauses, skills
from db.core.engine import WriteSession
from db.queues import memberships, queue_settings, queue_skills
from db.queues.memberships import Membership
from db.routing import claims
from db.users import sessions
from domain.agents.agent import AgentState
from domain.routing.matching import Match
from domain.users.login_session import EndReason
from tests.db.routing.floor_deeds import Deed
from tests.db.routing.floor_notes import AgentNote, MemberNote, Notes, QueueNote
from tests.db.sample import new_name
from tests.support.registrations import put_phone

RULES = ("weight", "aging_seconds", "skill_widening_seconds")


def come_or_go(notes: Notes, now: datetime, agent: AgentNote) -> Deed:
    """The agent logs out. Whoever is absent comes first, so that few are."""
    absent = next((one for one in notes.agents.values() if one.token is None), None)
    return come(now, absent) if absent else _go(now, agent, agent.token or "")


def come(now: datetime, agent: AgentNote) -> Deed:
    agent.token = token = new_name("token")
    if agent.state is AgentState.WRAP_UP:
        agent.wish = None
    else:
        agent.become(AgentState.IDLE, now)

    async def do(session: WriteSession) -> Sequence[Match]:
        await sessions.start(session, agent.user_id, token, now)
        return await attendance.arrive(session, agent.user_id, now)

    return Deed("log in", now, do)


def _go(now: datetime, agent: AgentNote, token: str) -> Deed:
    agent.token = None
    agent.become(AgentState.OFFLINE, now)

    async def do(session: WriteSession) -> Sequence[Match]:
        await attendance.leave(session, token, agent.user_id, EndReason.LOGGED_OUT, now)
        return []

    return Deed("log out", now, do)


def pause_or_return(notes: Notes, now: datetime, agent: AgentNote, cancels: bool) -> Deed | None:
    """The agent wants to be paused for all queues, or not; whoever is paused returns first, so that few are."""
    paused = next((one for one in notes.agents.values() if one.token and one.state is AgentState.PAUSED), None)
    if paused is None and agent.token is None:
        return None
    asks = paused or agent
    wanted = AgentState.IDLE if paused or cancels else AgentState.PAUSED
    asks.become(wanted, now)

    async def do(session: WriteSession) -> Sequence[Match]:
        return await attendance.change(session, asks.user_id, wanted, now, None)

    return Deed(f"ask to be {wanted}", now, do)


def pause_or_resume(now: datetime, agent: AgentNote, queue: QueueNote) -> Deed | None:
    """The agent pauses for one queue, or takes its calls again."""
    member = queue.members.get(agent.user_id)
    if member is None:
        return None
    member.paused = pauses_now = not member.paused

    async def do(session: WriteSession) -> Sequence[Match]:
        if pauses_now:
            await pauses.pause(session, agent.user_id, queue.queue.queue_id, "Break", now)
            return []
        return await pauses.resume(session, agent.user_id, queue.queue.queue_id, now)

    return Deed("pause a queue" if pauses_now else "resume a queue", now, do)


def plug(notes: Notes, now: datetime, agent: AgentNote, numbers: Mapping[UUID, str]) -> Deed:
    """The agent's phone is lost. One that is lost already registers again first."""
    found = next((one for one in notes.agents.values() if not one.phone), agent)
    found.phone = there = not found.phone

    async def do(session: WriteSession) -> Sequence[Match]:
        await put_phone(session, numbers[found.user_id], now, there=there)
        return await claims.match_agents(session, [found.user_id], now) if there else []

    return Deed("plug in" if there else "unplug", now, do)


def learn(notes: Notes, now: datetime, agent: AgentNote, skill: int, level: int) -> Deed:
    """An agent's level of a skill changes."""
    skill_id = notes.skills[skill]
    agent.levels[skill_id] = level

    async def do(session: WriteSession) -> Sequence[Match]:
        return await skills.grant(session, agent.user_id, skill_id, level, None, now)

    return Deed("learn", now, do)


def want(notes: Notes, now: datetime, queue: QueueNote, skill: int, level: int) -> Deed:
    """A queue's calls, also those that wait, want another level of a skill."""
    skill_id = notes.skills[skill]
    queue.wants[skill_id] = level

    async def do(session: WriteSession) -> Sequence[Match]:
        return await queue_skills.put(session, queue.queue.queue_id, skill_id, level, None, now)

    return Deed("want", now, do)


def forget(notes: Notes, now: datetime, skill: int) -> Deed:
    """A skill is removed, and another takes its place that nobody has and nothing wants."""
    gone, name = notes.skills[skill], new_name("Skill")
    for levels in (*(agent.levels for agent in notes.agents.values()), *(queue.wants for queue in notes.queues)):
        levels.pop(gone, None)

    async def do(session: WriteSession) -> Sequence[Match]:
        notes.skills[skill] = await skills.add(session, name, None, now)
        return await skills.remove(session, gone, None, now)

    return Deed("forget", now, do)


def join(now: datetime, queue: QueueNote, user_id: UUID, penalty: int, position: int) -> Deed:
    """An agent serves a queue from now on, or does so otherwise."""
    member = queue.members.setdefault(user_id, MemberNote(penalty, position))
    member.penalty, member.position = penalty, position

    async def do(session: WriteSession) -> Sequence[Match]:
        return await memberships.put(session, queue.queue.queue_id, user_id, Membership(penalty, position), None, now)

    return Deed("join", now, do)


def leave(now: datetime, queue: QueueNote, user_id: UUID) -> Deed | None:
    """An agent serves a queue no more; a call that rings goes on."""
    if queue.members.pop(user_id, None) is None:
        return None

    async def do(session: WriteSession) -> Sequence[Match]:
        await memberships.remove(session, queue.queue.queue_id, user_id, None, now)
        return []

    return Deed("leave", now, do)


def rule(now: datetime, queue: QueueNote, name: str, value: int) -> Deed:
    """A queue gets another weight, or calls in it age or widen otherwise; 0 turns a rule off."""
    match name:
        case "weight":
            queue.weight = value
        case "aging_seconds":
            queue.aging = value or None
        case "skill_widening_seconds":
            queue.widening = value or None
    wanted = value if name == "weight" else value or None

    async def do(session: WriteSession) -> Sequence[Match]:
        return await queue_settings.change(session, queue.queue.queue_id, {name: wanted}, None, now)

    return Deed("rule", now, do)
