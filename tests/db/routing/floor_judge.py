"""The rules of routing, as they are said to people, held against what routing did (goal D2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.agents.agent import AgentState
from domain.queues.queue import Strategy
from domain.routing.matching import Match
from tests.db.routing.floor_notes import NEVER, AgentNote, CallNote, Notes


@dataclass(frozen=True)
class Made:
    """A call that got these agents."""

    call: CallNote
    agents: Sequence[AgentNote]


class Judge:
    """Judges what was matched at one moment, and notes it."""

    def __init__(self, notes: Notes, now: datetime) -> None:
        self.notes = notes
        self.now = now
        self.turns = notes.turns(now)
        """Who waited before, in the order in which they are to be served."""
        self.rung_at = {
            (queue.queue.queue_id, user_id): member.rung_at or NEVER
            for queue in notes.queues
            for user_id, member in queue.members.items()
        }
        """When agents had last been rung for a queue, before."""

    def note(self, matches: Sequence[Match]) -> list[Made]:
        """Notes who is rung now. All of them were free to be, and nobody is rung for two."""
        by_call: dict[str, list[AgentNote]] = {}
        for made in matches:
            agent, call = self.notes.agents[made.user_id], self.notes.calls[made.call_id]
            assert agent.state is AgentState.IDLE, f"an agent who is {agent.state} is rung for {made.call_id}"
            assert call.in_line, f"{made.call_id} is not in line"
            assert not call.rung, f"{made.call_id} rings already"
            assert made.queue_id == call.queue.queue.queue_id
            assert self.notes.may_take(agent, call, self.now), f"an agent is rung who may not take {made.call_id}"
            agent.state, agent.call_id = AgentState.OFFERED, call.call_id
            call.queue.members[agent.user_id].rung_at = self.now
            by_call.setdefault(made.call_id, []).append(agent)
        for call_id, agents in by_call.items():
            self.notes.calls[call_id].rung = {agent.user_id for agent in agents}
        return [Made(self.notes.calls[call_id], agents) for call_id, agents in by_call.items()]

    def judge(self, made: Sequence[Made], *, within_queues: bool = False) -> None:
        """No call overtook another, and each got the agent whom its queue's strategy means.

        When time alone has opened a skill to more agents, the calls of different queues find them in the order of
        their timers: then turns are compared `within_queues`.
        """
        for one in made:
            for other in self.turns:
                if other.rung or not self._is_ahead(other, one.call, len(made) == 1, within_queues=within_queues):
                    continue
                could = any(self.notes.may_take(agent, other, self.now) for agent in one.agents)
                assert not could, f"{one.call.call_id} overtook {other.call_id}"
            later = [
                agent
                for other in made
                if self._is_ahead(one.call, other.call, False, within_queues=within_queues)
                for agent in other.agents
            ]
            rivals = [agent for agent in [*self.notes.idle(), *later] if self.notes.may_take(agent, one.call, self.now)]
            self._judge_choice(one, rivals)

    def _is_ahead(self, call: CallNote, other: CallNote, alone: bool, *, within_queues: bool) -> bool:
        if call.queue is not other.queue:
            # Calls that were ordered by hand exchange their turns anew after each that is served.
            by_hand = not alone and bool(call.queue.by_hand or other.queue.by_hand)
            if within_queues or by_hand:
                return False
        return self.turns.index(call) < self.turns.index(other)

    def _judge_choice(self, made: Made, rivals: Sequence[AgentNote]) -> None:
        strategy = made.call.queue.strategy
        assert strategy is Strategy.RING_ALL or len(made.agents) == 1, f"{made.call.call_id} rings several"
        for chosen in made.agents:
            for rival in rivals:
                assert self._rank(rival, made) >= self._rank(chosen, made), (
                    f"{made.call.call_id} of a {strategy} queue should have rung another agent"
                )
                if strategy is Strategy.RING_ALL:
                    assert self._rank(rival, made) > self._rank(chosen, made), f"{made.call.call_id} did not ring all"

    def _rank(self, agent: AgentNote, made: Made) -> tuple[object, ...]:
        """The lower, the sooner an agent is rung."""
        member = made.call.queue.members[agent.user_id]
        rung_at = self.rung_at[made.call.queue.queue.queue_id, agent.user_id]
        match made.call.queue.strategy:
            case Strategy.WEIGHTED:
                return ()
            case Strategy.RANDOM | Strategy.RING_ALL:
                return (member.penalty,)
            case Strategy.LONGEST_IDLE:
                return member.penalty, agent.free_since
            case Strategy.FEWEST_CALLS:
                return member.penalty, member.answered[self.now.date()], agent.free_since
            case Strategy.ROUND_ROBIN:
                return member.penalty, rung_at, member.position, agent.free_since
            case Strategy.LINEAR:
                return member.penalty, member.position, agent.free_since
