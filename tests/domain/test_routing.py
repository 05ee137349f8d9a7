from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.routing import Candidate, WaitingCall, match

START = datetime(2026, 1, 1, tzinfo=UTC)
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
    made = match(waiting, free)
    assert len({one.user_id for one in made}) == len({one.call_id for one in made}) == len(made)


@given(calls, candidates())
def test_nobody_who_could_be_matched_is_left(waiting: list[WaitingCall], free: list[Candidate]) -> None:
    made = match(waiting, free)
    served, taken = {one.call_id for one in made}, {one.user_id for one in made}
    for call in waiting:
        if call.call_id not in served:
            left = {c.user_id for c in free if c.queue_id == call.queue_id} - call.missed_by
            assert left <= taken


@given(calls, candidates())
def test_no_call_overtakes_one_that_could_have_had_its_agent(waiting: list[WaitingCall], free: list[Candidate]) -> None:
    made = {one.call_id: one.user_id for one in match(waiting, free)}
    line = sorted(waiting, key=lambda call: (call.place, call.entered_at, call.call_id))
    eligible = {(c.user_id, c.queue_id) for c in free}
    for position, call in enumerate(line):
        for later in line[position + 1 :]:
            agent = made.get(later.call_id)
            if call.call_id not in made and agent is not None and agent not in call.missed_by:
                assert (agent, call.queue_id) not in eligible


@given(candidates(), st.sampled_from(QUEUES))
def test_the_agent_idle_longest_is_chosen(free: list[Candidate], queue: UUID) -> None:
    made = match([WaitingCall("call", queue, 0, START)], free)
    idle = [candidate.idle_since for candidate in free if candidate.queue_id == queue]
    assert [c.idle_since for one in made for c in free if c.user_id == one.user_id][:1] == sorted(idle)[:1]
