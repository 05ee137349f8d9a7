"""What somebody with paper and pencil would note of a floor: what has been done there, and what must follow from it.

Nothing here comes from the code that routes: it is the other opinion that routing is measured by (goal D2).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from domain.agents.agent import WORKING, AgentState
from domain.queues.line import Move
from domain.queues.queue import Queue, Strategy

NEVER = datetime.min.replace(tzinfo=UTC)
MOST_URGENT = 99


@dataclass
class MemberNote:
    """How an agent serves a queue; `rung_at` and `answered` are since the agent joined it."""

    penalty: int
    position: int
    paused: bool = False
    rung_at: datetime | None = None
    answered: Counter[date] = field(default_factory=Counter)


@dataclass
class QueueNote:
    """A queue by its rules. `by_hand` are the calls in front that have been put in that order by somebody."""

    queue: Queue
    strategy: Strategy
    weight: int
    aging: int | None
    widening: int | None
    wants: dict[UUID, int]
    members: dict[UUID, MemberNote]
    by_hand: list[str] = field(default_factory=list)


@dataclass
class AgentNote:
    """An agent. `free_since` is when the agent last became free, and `wish` what follows the present call."""

    user_id: UUID
    free_since: datetime
    state: AgentState = AgentState.IDLE
    wish: AgentState | None = None
    call_id: str | None = None
    misses: int = 0
    levels: dict[UUID, int] = field(default_factory=dict)
    phone: bool = True
    token: str | None = None
    """Of the log-in; None for who is logged out."""

    def let_go(self, now: datetime, *, had_call: bool) -> None:
        """The call is over for the agent; whoever was only rung keeps the turn."""
        if self.wish is None and had_call:
            self.free_since = now
        self.state, self.wish, self.call_id = self.wish or AgentState.IDLE, None, None

    def become(self, wanted: AgentState, now: datetime) -> None:
        """The agent asks to be idle, paused or offline."""
        leaves_wrap_up = self.state is AgentState.WRAP_UP and wanted is AgentState.OFFLINE
        if self.state in WORKING and not leaves_wrap_up:
            self.wish = None if wanted is AgentState.IDLE else wanted
        elif self.state is not wanted:
            self.state, self.wish, self.call_id = wanted, None, None
            if wanted is AgentState.IDLE:
                self.free_since, self.misses = now, 0


@dataclass
class CallNote:
    """A call. While it is in line, `rung` are the agents it rings; `wraps_until` is the end of its agent's wrap-up."""

    call_id: str
    queue: QueueNote
    priority: int
    entered_at: datetime
    in_line: bool = True
    missed_by: set[UUID] = field(default_factory=set)
    rung: set[UUID] = field(default_factory=set)
    attempts: int = 0
    talks_with: UUID | None = None
    wraps_until: datetime | None = None

    def seconds(self, now: datetime) -> int:
        """For how long it has been in line."""
        return max(0, (now - self.entered_at) // timedelta(seconds=1))

    def urgency(self, now: datetime) -> int:
        """Its priority, with what it has gained by waiting."""
        gained = self.seconds(now) // self.queue.aging if self.queue.aging else 0
        return min(MOST_URGENT, self.priority + gained)

    def wanted(self, skill: UUID, now: datetime) -> int:
        """The level of a skill that will do now."""
        given_up = self.seconds(now) // self.queue.widening if self.queue.widening else 0
        return self.queue.wants.get(skill, 0) - given_up


@dataclass
class Notes:
    """The floor on paper."""

    queues: list[QueueNote]
    agents: dict[UUID, AgentNote]
    skills: list[UUID]
    calls: dict[str, CallNote] = field(default_factory=dict)

    def waiting(self) -> list[CallNote]:
        """The calls in line for whom nobody is being rung, the oldest first."""
        return [call for call in self.calls.values() if call.in_line and not call.rung]

    def idle(self) -> list[AgentNote]:
        """The agents who do nothing."""
        return [agent for agent in self.agents.values() if agent.state is AgentState.IDLE]

    def may_take(self, agent: AgentNote, call: CallNote, now: datetime) -> bool:
        """Whether the agent, when idle, could be rung for the call."""
        member = call.queue.members.get(agent.user_id)
        return (
            member is not None
            and not member.paused
            and agent.phone
            and agent.user_id not in call.missed_by
            and all(agent.levels.get(skill, 0) >= call.wanted(skill, now) for skill in call.queue.wants)
        )

    def line(self, queue: QueueNote, now: datetime) -> list[CallNote]:
        """Everybody in a queue's line, also who is rung for: first by hand, then by urgency, then by age."""
        calls = [call for call in self.calls.values() if call.in_line and call.queue is queue]
        front = [self.calls[call_id] for call_id in queue.by_hand]
        others = [call for call in calls if call not in front]
        return front + sorted(others, key=lambda call: (-call.urgency(now), call.entered_at))

    def turns(self, now: datetime) -> list[CallNote]:
        """All who wait, as they would be served: heavier queues first, then by urgency and age.

        Where a line was ordered by hand, its calls exchange the turns that they have among them.
        """
        waiting = self.waiting()
        slots = sorted(waiting, key=lambda call: (-call.queue.weight, -call.urgency(now), call.entered_at))
        lines = [iter([call for call in self.line(queue, now) if call in waiting]) for queue in self.queues]
        return [next(lines[self.queues.index(slot.queue)]) for slot in slots]

    def move(self, call: CallNote, move: Move | int, now: datetime) -> bool:
        """Somebody moves a call. Whoever is in front of it then, or was in front by hand before, stays there.

        False for a move that is left out here: see test_a_call_that_is_moved_again_keeps_its_place.
        """
        order = [one.call_id for one in self.line(call.queue, now)]
        at = order.index(call.call_id)
        steps = {Move.TOP: 0, Move.UP: at - 1, Move.DOWN: at + 1}
        to = min(max(0, steps[move] if isinstance(move, Move) else move - 1), len(order) - 1)
        order.insert(to, order.pop(at))
        if max(at, to) + 1 < len(call.queue.by_hand):
            return False
        call.queue.by_hand = order[: max(at, to) + 1]
        return True

    def leave_line(self, call: CallNote) -> None:
        """A call is in line no more."""
        call.in_line, call.rung = False, set()
        call.queue.by_hand = [call_id for call_id in call.queue.by_hand if call_id != call.call_id]

    def missed(self, call: CallNote, user_ids: Sequence[UUID], now: datetime, *, limit: int | None) -> None:
        """Agents did not take a call. With a limit they let it ring, and who does so too often is paused."""
        call.rung -= set(user_ids)
        call.missed_by |= set(user_ids)
        for agent in (self.agents[user_id] for user_id in user_ids):
            agent.misses += limit is not None
            if limit is not None and agent.misses >= limit and agent.wish is None:
                agent.wish = AgentState.PAUSED
            agent.let_go(now, had_call=True)

    def answered(self, call: CallNote, user_id: UUID, now: datetime) -> None:
        """An agent picked up: the others who were rung keep their turns."""
        for other in call.rung - {user_id}:
            self.agents[other].let_go(now, had_call=False)
        agent = self.agents[user_id]
        agent.state, agent.misses = AgentState.ON_CALL, 0
        # Who has left the queue while the phone rang is not counted there.
        if user_id in call.queue.members:
            call.queue.members[user_id].answered[now.date()] += 1
        self.leave_line(call)
        call.talks_with = user_id

    def ended(self, call: CallNote, now: datetime, wrap_up: timedelta) -> None:
        """A caller or an agent hung up."""
        for user_id in call.rung:
            self.agents[user_id].let_go(now, had_call=False)
        self.leave_line(call)
        agent = self.agents[call.talks_with] if call.talks_with else None
        if agent is not None and wrap_up:
            agent.state, call.wraps_until = AgentState.WRAP_UP, now + wrap_up
        else:
            self.completed(call, now)

    def completed(self, call: CallNote, now: datetime) -> None:
        """Nothing is left to do about a call."""
        agent = self.agents[call.talks_with] if call.talks_with else None
        if agent is not None and agent.call_id == call.call_id:
            agent.let_go(now, had_call=True)
        del self.calls[call.call_id]
