import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.queues.queue import Strategy
from domain.routing.matching import Candidate, Rules, WaitingCall, choose, in_order, match, may_take, urgency

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(seconds=60)
QUEUES = [UUID(int=900 + number) for number in range(3)]
AGENTS = [UUID(int=number) for number in range(1, 8)]

moments = st.integers(0, 50).map(lambda seconds: START + timedelta(seconds=seconds))
calls = st.lists(
    st.builds(
        WaitingCall,
        st.uuids().map(str),
        st.sampled_from(QUEUES),
        st.integers(-2, 2),
        moments,
        st.frozensets(st.sampled_from(AGENTS), max_size=3),
    ),
    max_size=8,
    unique_by=lambda call: call.call_id,
)


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    idle = {agent: draw(moments) for agent in AGENTS}
    pairs = draw(st.sets(st.tuples(st.sampled_from(AGENTS), st.sampled_from(QUEUES)), max_size=12))
    return [Candidate(agent, queue, idle[agent]) for agent, queue in sorted(pairs)]


@given(calls, candidates())
def test_no_agent_and_no_call_is_matched_twice(waiting: list[WaitingCall], free: list[Candidate]) -> None:
    made = match(waiting, free, {}, NOW, Random(1))
    assert len({one.user_id for one in made}) == len({one.call_id for one in made}) == len(made)


@given(calls, candidates())
def test_nobody_who_could_be_matched_is_left(waiting: list[WaitingCall], free: list[Candidate]) -> None:
    made = match(waiting, free, {}, NOW, Random(1))
    served, taken = {one.call_id for one in made}, {one.user_id for one in made}
    for call in waiting:
        if call.call_id not in served:
            left = {c.user_id for c in free if c.queue_id == call.queue_id} - call.missed_by
            assert left <= taken


def _line(waiting: list[WaitingCall]) -> list[WaitingCall]:
    """The turns by age; by hand, the calls of one queue have exchanged theirs."""
    turns = sorted(waiting, key=lambda call: (call.entered_at, call.call_id))
    by_hand = {
        queue: sorted((c for c in turns if c.queue_id == queue), key=lambda call: call.place) for queue in QUEUES
    }
    return [by_hand[call.queue_id].pop(0) for call in turns]


@given(calls, candidates())
def test_no_call_overtakes_one_that_could_have_had_its_agent(waiting: list[WaitingCall], free: list[Candidate]) -> None:
    made = {one.call_id: one.user_id for one in match(waiting, free, {}, NOW, Random(1))}
    line = _line(waiting)
    eligible = {(c.user_id, c.queue_id) for c in free}
    for position, call in enumerate(line):
        for later in line[position + 1 :]:
            agent = made.get(later.call_id)
            if call.call_id not in made and agent is not None and agent not in call.missed_by:
                assert (agent, call.queue_id) not in eligible


@given(candidates(), st.sampled_from(QUEUES))
def test_the_agent_idle_longest_is_chosen(free: list[Candidate], queue: UUID) -> None:
    made = match([WaitingCall("call", queue, 0, START)], free, {}, NOW, Random(1))
    idle = [candidate.idle_since for candidate in free if candidate.queue_id == queue]
    assert [c.idle_since for one in made for c in free if c.user_id == one.user_id][:1] == sorted(idle)[:1]


def _agents(*penalties: int) -> list[Candidate]:
    return [
        Candidate(UUID(int=number), QUEUES[0], START + timedelta(seconds=number), penalty)
        for number, penalty in enumerate(penalties, 1)
    ]


def _waiting(call_id: str, **facts: Any) -> WaitingCall:
    return WaitingCall(call_id, QUEUES[0], facts.pop("place", 0), facts.pop("entered_at", START), **facts)


def _first(strategy: Strategy, free: list[Candidate], seed: int = 1) -> list[int]:
    return [one.user_id.int for one in choose(free, strategy, Random(seed))]


@pytest.mark.parametrize("strategy", sorted(set(Strategy) - {Strategy.WEIGHTED}))
def test_a_lower_penalty_goes_first_whatever_the_strategy(strategy: Strategy) -> None:
    assert set(_first(strategy, _agents(5, 1, 5, 1))) <= {2, 4}


@pytest.mark.parametrize("strategy", list(Strategy))
def test_a_strategy_always_finds_somebody(strategy: Strategy) -> None:
    assert _first(strategy, _agents(3))
    assert not _first(strategy, [])


def test_ring_all_rings_everybody_of_the_lowest_penalty() -> None:
    assert _first(Strategy.RING_ALL, _agents(1, 0, 0)) == [2, 3]


def test_fewest_calls_rings_who_has_taken_fewest() -> None:
    agents = [replace(agent, answered=count) for agent, count in zip(_agents(0, 0, 0), (2, 1, 3), strict=True)]
    assert _first(Strategy.FEWEST_CALLS, agents) == [2]


def test_round_robin_rings_who_was_rung_the_longest_time_ago_and_newcomers_first() -> None:
    first, second, third = _agents(0, 0, 0)
    rung = [replace(first, offered_at=START), replace(second, offered_at=START - timedelta(seconds=9))]
    assert _first(Strategy.ROUND_ROBIN, rung) == [2]
    assert _first(Strategy.ROUND_ROBIN, [*rung, third]) == [3]


def test_linear_always_begins_at_the_top() -> None:
    agents = [replace(agent, position=place) for agent, place in zip(_agents(0, 0, 0), (3, 1, 2), strict=True)]
    assert _first(Strategy.LINEAR, agents) == [2]


def test_chance_rings_everybody_about_as_often_and_weights_tell() -> None:
    fair = Counter(_first(Strategy.RANDOM, _agents(0, 0, 0), seed)[0] for seed in range(600))
    assert all(150 < count < 250 for count in fair.values())
    weighted = Counter(_first(Strategy.WEIGHTED, _agents(0, 3), seed)[0] for seed in range(1000))
    # 1 to 1/4: four times in five.
    assert 740 < weighted[1] < 860


@given(calls, st.integers(1, 30))
def test_no_call_overtakes_an_older_one_of_its_priority(waiting: list[WaitingCall], aging: int) -> None:
    rules = dict.fromkeys(QUEUES, Rules(aging_seconds=aging))
    line = in_order(waiting, rules, NOW)
    for ahead, behind in itertools.combinations(line, 2):
        if (ahead.queue_id, ahead.place, ahead.priority) == (behind.queue_id, behind.place, behind.priority):
            assert ahead.entered_at <= behind.entered_at


def test_urgent_calls_go_first_and_old_ones_become_urgent() -> None:
    urgent = _waiting("urgent", priority=60, entered_at=NOW)
    old = _waiting("old", priority=50, entered_at=NOW - timedelta(seconds=600))
    assert [call.call_id for call in in_order([old, urgent], {}, NOW)] == ["urgent", "old"]
    aging = {QUEUES[0]: Rules(aging_seconds=60)}
    assert urgency(old, aging[QUEUES[0]], NOW) == 60
    assert [call.call_id for call in in_order([urgent, old], aging, NOW)] == ["old", "urgent"]


def test_the_order_by_hand_is_before_priority() -> None:
    line = [_waiting("urgent", priority=99), _waiting("moved", place=-1, priority=1)]
    assert [call.call_id for call in in_order(line, {}, NOW)] == ["moved", "urgent"]


def test_a_heavier_queue_is_served_first() -> None:
    other = WaitingCall("other", QUEUES[1], 0, NOW)
    line = in_order([_waiting("light"), other], {QUEUES[1]: Rules(weight=2)}, NOW)
    assert [call.call_id for call in line] == ["other", "light"]


def test_a_call_takes_the_agent_who_can_and_widens_as_it_waits() -> None:
    call = _waiting("call", skills={"french": 5}, entered_at=NOW - timedelta(seconds=25))
    knows = replace(_agents(0)[0], skills={"french": 3})
    knows_not = _agents(0, 0)[1]
    assert not may_take(knows, call, Rules(), NOW)
    assert may_take(knows, call, Rules(widening_seconds=10), NOW)
    assert not may_take(knows_not, call, Rules(widening_seconds=10), NOW)
    assert may_take(knows_not, call, Rules(widening_seconds=5), NOW)


def test_a_call_that_nobody_can_take_does_not_hold_up_the_line() -> None:
    hard, easy = _waiting("hard", skills={"french": 5}), _waiting("easy", entered_at=NOW)
    made = match([hard, easy], _agents(0), {}, NOW, Random(1))
    assert [one.call_id for one in made] == ["easy"]
