"""Which agents get which waiting calls: a pure choice among candidates that are already known to be available."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from uuid import UUID

from domain.queues.queue import Strategy

LOWEST_PRIORITY, USUAL_PRIORITY, HIGHEST_PRIORITY = 1, 50, 99
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Rules:
    """How a queue shares its calls among its agents. Times are in seconds; what is None never happens."""

    strategy: Strategy = Strategy.LONGEST_IDLE
    weight: int = 0
    aging_seconds: int | None = None
    widening_seconds: int | None = None


@dataclass(frozen=True)
class Candidate:
    """An agent who could take a call of `queue_id` now; `idle_since` is when the agent last became free.

    `answered` counts the queue's calls that the agent took today, `offered_at` is when one last rang the agent.
    `skills` are the agent's levels by skill id.
    """

    user_id: UUID
    queue_id: UUID
    idle_since: datetime
    penalty: int = 0
    position: int = 0
    answered: int = 0
    offered_at: datetime | None = None
    skills: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class WaitingCall:
    """A call in line that no agent is being rung for.

    `place` orders the queue's line by hand, before priority and age; a call that goes back keeps all three, so it is
    at the front again. `missed_by` are the agents who were rung for it and did not take it: others go first. `skills`
    are the levels that it wants at first, by skill id.
    """

    call_id: str
    queue_id: UUID
    place: int
    entered_at: datetime
    missed_by: frozenset[UUID] = frozenset()
    priority: int = USUAL_PRIORITY
    skills: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """This agent is to be rung for this call."""

    call_id: str
    queue_id: UUID
    user_id: UUID


def urgency(call: WaitingCall, rules: Rules, now: datetime) -> int:
    """A call's priority now: where its queue lets calls age, one more for each so many seconds of waiting."""
    if not rules.aging_seconds:
        return call.priority
    return min(HIGHEST_PRIORITY, call.priority + int(_waited(call, now) // rules.aging_seconds))


def wanted_level(level: int, call: WaitingCall, rules: Rules, now: datetime) -> int:
    """The level that a call still wants: one less for each so many seconds of waiting; at 0 anybody will do."""
    if not rules.widening_seconds:
        return level
    return max(0, level - int(_waited(call, now) // rules.widening_seconds))


def in_order(waiting: Sequence[WaitingCall], rules: Mapping[UUID, Rules], now: datetime) -> list[WaitingCall]:
    """The line as it is served: heavier queues first, then by urgency and by age.

    By hand, the calls of a queue exchange their turns; those of other queues keep theirs.
    """

    def turn(call: WaitingCall) -> tuple[int, int, datetime, str]:
        of_queue = rules.get(call.queue_id, Rules())
        return (-of_queue.weight, -urgency(call, of_queue, now), call.entered_at, call.call_id)

    line = sorted(waiting, key=turn)
    by_hand = {
        queue_id: iter(sorted((call for call in line if call.queue_id == queue_id), key=lambda call: call.place))
        for queue_id in {call.queue_id for call in line if call.place}
    }
    return [next(by_hand[call.queue_id]) if call.queue_id in by_hand else call for call in line]


def may_take(candidate: Candidate, call: WaitingCall, rules: Rules, now: datetime) -> bool:
    """Whether an agent may be rung for a call: of its queue, able, and not one who has missed it."""
    return (
        candidate.queue_id == call.queue_id
        and candidate.user_id not in call.missed_by
        and all(
            candidate.skills.get(skill, 0) >= wanted_level(level, call, rules, now)
            for skill, level in call.skills.items()
        )
    )


def match(
    waiting: Sequence[WaitingCall],
    candidates: Sequence[Candidate],
    rules: Mapping[UUID, Rules],
    now: datetime,
    chance: Random,
) -> list[Match]:
    """Serves the line in order: each call gets whom its queue's strategy chooses among those who may take it."""
    taken: set[UUID] = set()
    matches = []
    for call in in_order(waiting, rules, now):
        of_queue = rules.get(call.queue_id, Rules())
        free = [
            candidate
            for candidate in candidates
            if candidate.user_id not in taken and may_take(candidate, call, of_queue, now)
        ]
        for chosen in choose(free, of_queue.strategy, chance):
            taken.add(chosen.user_id)
            matches.append(Match(call.call_id, call.queue_id, chosen.user_id))
    return matches


def choose(free: Sequence[Candidate], strategy: Strategy, chance: Random) -> Sequence[Candidate]:
    """The agents that a queue rings, among those who may all be rung: those of the lowest penalty, by its strategy."""
    if not free:
        return ()
    if strategy is Strategy.WEIGHTED:
        return chance.choices(free, [1 / (1 + candidate.penalty) for candidate in free])
    lowest = min(candidate.penalty for candidate in free)
    best = [candidate for candidate in free if candidate.penalty == lowest]
    match strategy:
        case Strategy.RING_ALL:
            return best
        case Strategy.RANDOM:
            return [chance.choice(best)]
        case _:
            return [min(best, key=_KEYS[strategy])]


def _waited(call: WaitingCall, now: datetime) -> float:
    return max(0.0, (now - call.entered_at).total_seconds())


_Key = tuple[object, ...]
_KEYS: dict[Strategy, Callable[[Candidate], _Key]] = {
    Strategy.LONGEST_IDLE: lambda one: (one.idle_since, one.user_id),
    Strategy.FEWEST_CALLS: lambda one: (one.answered, one.idle_since, one.user_id),
    # With memory: the agent who was rung the longest time ago is next, however members come and go.
    Strategy.ROUND_ROBIN: lambda one: (one.offered_at or _NEVER, one.position, one.idle_since, one.user_id),
    Strategy.LINEAR: lambda one: (one.position, one.idle_since, one.user_id),
}
