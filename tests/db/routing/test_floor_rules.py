"""Goal D2: whatever happens on the floor, in whatever order, the rules of routing hold after every step."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar, cast
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, register_random, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from db.core.engine import Database
from db.routing import claims
from domain.agents.agent import AgentState
from domain.queues.line import Move
from domain.queues.queue import Strategy
from tests.db.routing import floor_changes, floor_deeds, floor_setting
from tests.db.routing.floor_deeds import Deed
from tests.db.routing.floor_model import Floor
from tests.db.routing.floor_notes import AgentNote, QueueNote
from tests.db.routing.floor_setting import Plan, QueuePlan
from tests.db.sample import new_agents

T = TypeVar("T")
OFTEN = (
    "at once",
    "chosen among several",
    "several rung",
    "served after waiting",
    "wanted a skill",
    "by longest idle",
    *(f"rung as {strategy}" for strategy in Strategy),
)
AGENTS, QUEUES, SKILLS = 5, 3, 2
SETTINGS = settings(
    max_examples=120,
    stateful_step_count=50,
    deadline=None,
    # The same runs every time. One that fails is made as short as it can be, and printed.
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
# Where a strategy leaves the choice to chance, a run that is repeated chooses the same.
register_random(claims._CHANCE)

levels = st.fixed_dictionaries({skill: st.integers(0, 3) for skill in range(SKILLS)})
wants = st.just(dict[int, int]()) | st.fixed_dictionaries({0: st.integers(1, 3)}) | levels
places = st.tuples(st.sampled_from([0, 0, 1]), st.integers(0, 3))
queue_plans = st.builds(
    QueuePlan,
    st.sampled_from(Strategy),
    st.sampled_from([0, 0, 1]),
    st.sampled_from([None, 2, 5]),
    st.sampled_from([None, 2, 5]),
    wants,
    st.dictionaries(st.integers(0, AGENTS - 1), places, min_size=3),
)
plans = st.builds(
    Plan,
    st.lists(queue_plans, min_size=QUEUES, max_size=QUEUES),
    st.lists(levels, min_size=AGENTS, max_size=AGENTS),
)
a_queue, an_agent, a_skill = st.integers(0, QUEUES - 1), st.integers(0, AGENTS - 1), st.integers(0, SKILLS - 1)
a_pick = st.integers(0, 7)
a_priority = st.sampled_from([50, 50, 50, 60, 98])
some_calls = st.lists(st.tuples(a_queue, a_priority), min_size=1, max_size=3)


class Ground:
    """What all runs share: the loop in which they happen, a database, and the agents."""

    def __init__(self, url: str) -> None:
        self.told: Counter[str] = Counter()
        self.runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.db = Database(url, pool_size=4)
        self.agents: Sequence[UUID] = self.run(new_agents(self.db, AGENTS))
        self.numbers = self.run(floor_setting.numbers_of(self.db, self.agents))

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(doing)

    def close(self) -> None:
        self.run(self.db.close())
        self.runner.close()


class FloorMachine(RuleBasedStateMachine):
    """A floor on which anything may happen next. What cannot be done just now does nothing.

    No rule is left out for the state that the floor is in: two transactions at once may end either way, and a run must
    be repeatable all the same.
    """

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground = ground
        self.floor: Floor | None = None

    @initialize(plan=plans)
    def open(self, plan: Plan) -> None:
        notes = self.ground.run(floor_setting.open_floor(self.ground.db, self.ground.agents, plan))
        self.floor = Floor(self.ground.db, notes, self.ground.told)

    def teardown(self) -> None:
        if self.floor is not None:
            self.ground.run(floor_setting.close_floor(self.ground.db, self.floor.notes))

    @property
    def here(self) -> Floor:
        assert self.floor is not None
        return self.floor

    def happen(self, deed: Deed | None) -> None:
        self.ground.run(self.here.happen(deed))

    def agent(self, number: int) -> AgentNote:
        return self.here.notes.agents[self.ground.agents[number]]

    def queue(self, number: int) -> QueueNote:
        return self.here.notes.queues[number]

    @invariant()
    def the_rules_hold(self) -> None:
        if self.floor is not None:
            self.ground.run(self.floor.check())

    @rule(calls=some_calls)
    def arrive(self, calls: list[tuple[int, int]]) -> None:
        for queue, priority in calls:
            self.happen(floor_deeds.arrive(self.here.notes, self.here.tick(), self.queue(queue), priority))

    @rule(calls=some_calls)
    def arrive_too(self, calls: list[tuple[int, int]]) -> None:
        self.arrive(calls)

    @rule(first=a_queue, second=a_queue, beside=st.sampled_from(["arrive", "finish", "come", "resume", "learn"]))
    def arrive_at_once(self, first: int, second: int, beside: str) -> None:
        """With another call, or while an agent becomes free for it."""
        other: Deed | None = None
        match beside:
            case "finish":
                other = floor_deeds.finish(self.here.notes, self.here.tick(), 0, timedelta(0))
            case "come":
                away = [agent for agent in self.here.notes.agents.values() if agent.state is AgentState.OFFLINE]
                other = floor_changes.come(self.here.tick(), away[0]) if away else None
            case "resume":
                members = self.queue(first).members
                paused = [self.here.notes.agents[user_id] for user_id in members if members[user_id].paused]
                if paused:
                    other = floor_changes.pause_or_resume(self.here.tick(), paused[0], self.queue(first))
            case "learn":
                other = floor_changes.learn(self.here.notes, self.here.tick(), self.agent(first), 0, 3)
        if other is None:
            other = floor_deeds.arrive(self.here.notes, self.here.tick(), self.queue(second), 50)
        arrival = floor_deeds.arrive(self.here.notes, self.here.tick(), self.queue(first), 50)
        self.ground.run(self.here.happen_at_once(other, arrival))

    @rule(pick=a_pick)
    def answer(self, pick: int) -> None:
        self.happen(floor_deeds.answer(self.here.notes, self.here.tick(), pick))

    @rule(pick=a_pick)
    def answer_another(self, pick: int) -> None:
        self.answer(pick)

    @rule(pick=a_pick, everybody=st.booleans(), no_answer=st.booleans())
    def miss(self, pick: int, everybody: bool, no_answer: bool) -> None:
        """Then the call looks for somebody else, as its workflow does."""
        notes = self.here.notes
        self.happen(floor_deeds.miss(notes, self.here.tick(), pick, everybody=everybody, no_answer=no_answer))
        self.ground.run(self.here.look_on())

    @rule(pick=a_pick)
    def forgive(self, pick: int) -> None:
        self.happen(floor_deeds.forgive(self.here.notes, self.here.tick(), pick))

    @rule(pick=a_pick)
    def hang_up(self, pick: int) -> None:
        self.happen(floor_deeds.hang_up(self.here.notes, self.here.tick(), pick))

    @rule(pick=a_pick, wrap_up=st.sampled_from([0, 3, 8]))
    def finish(self, pick: int, wrap_up: int) -> None:
        self.happen(floor_deeds.finish(self.here.notes, self.here.tick(), pick, timedelta(seconds=wrap_up)))

    @rule(pick=a_pick)
    def finish_another(self, pick: int) -> None:
        self.finish(pick, 0)

    @rule(pick=a_pick)
    def end_wrap_up(self, pick: int) -> None:
        self.happen(floor_deeds.complete_one(self.here.notes, self.here.tick(), pick))

    @rule(pick=a_pick, move=st.sampled_from(Move) | st.integers(1, 6))
    def reorder(self, pick: int, move: Move | int) -> None:
        self.happen(floor_deeds.reorder(self.here.notes, self.here.tick(), pick, move))

    @rule(seconds=st.integers(1, 12))
    def wait(self, seconds: int) -> None:
        self.ground.run(self.here.wait(seconds))

    @rule(number=an_agent)
    def come_or_go(self, number: int) -> None:
        self.happen(floor_changes.come_or_go(self.here.notes, self.here.tick(), self.agent(number)))

    @rule(number=an_agent, cancels=st.booleans())
    def pause_or_return(self, number: int, cancels: bool) -> None:
        self.happen(floor_changes.pause_or_return(self.here.notes, self.here.tick(), self.agent(number), cancels))

    @rule(number=an_agent, queue=a_queue)
    def pause_or_resume(self, number: int, queue: int) -> None:
        self.happen(floor_changes.pause_or_resume(self.here.tick(), self.agent(number), self.queue(queue)))

    @rule(number=an_agent)
    def plug(self, number: int) -> None:
        self.happen(floor_changes.plug(self.here.notes, self.here.tick(), self.agent(number), self.ground.numbers))

    @rule(number=an_agent, skill=a_skill, level=st.sampled_from([0, 1, 2, 3, 3]))
    def learn(self, number: int, skill: int, level: int) -> None:
        self.happen(floor_changes.learn(self.here.notes, self.here.tick(), self.agent(number), skill, level))

    @rule(queue=a_queue, skill=a_skill, level=st.sampled_from([0, 0, 1, 2]))
    def want(self, queue: int, skill: int, level: int) -> None:
        self.happen(floor_changes.want(self.here.notes, self.here.tick(), self.queue(queue), skill, level))

    @rule(queue=a_queue, number=an_agent, penalty=st.integers(0, 1), position=st.integers(0, 3))
    def join_or_leave(self, queue: int, number: int, penalty: int, position: int) -> None:
        """Of a queue with few members nobody leaves."""
        agent, of_queue, now = self.ground.agents[number], self.queue(queue), self.here.tick()
        if agent in of_queue.members and len(of_queue.members) > 2:
            self.happen(floor_changes.leave(now, of_queue, agent))
        else:
            self.happen(floor_changes.join(now, of_queue, agent, penalty, position))

    @rule(queue=a_queue, name=st.sampled_from([*floor_changes.RULES, "forget"]), value=st.sampled_from([0, 1, 2, 5]))
    def administer(self, queue: int, name: str, value: int) -> None:
        if name == "forget":
            self.happen(floor_changes.forget(self.here.notes, self.here.tick(), value % SKILLS))
        else:
            self.happen(floor_changes.rule(self.here.tick(), self.queue(queue), name, value))


@pytest.fixture
def ground(database: str) -> Iterator[Ground]:
    made = Ground(database)
    yield made
    made.close()


@pytest.mark.timeout(600)
def test_the_rules_hold_after_every_step(ground: Ground) -> None:
    run_state_machine_as_test(cast("type[FloorMachine]", partial(FloorMachine, ground)), settings=SETTINGS)
    # The runs are worth something only when the floor was busy.
    assert min(ground.told[what] for what in OFTEN) > 0, ground.told
    assert ground.told["arrive"] > 400
