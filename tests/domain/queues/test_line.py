import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.queues.line import Move, moved, places

LINE = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("call_id", "move", "after"),
    [
        ("c", Move.UP, ["a", "c", "b", "d"]),
        ("c", Move.TOP, ["c", "a", "b", "d"]),
        ("c", Move.DOWN, ["a", "b", "d", "c"]),
        ("a", Move.UP, LINE),
        ("d", Move.DOWN, LINE),
        ("a", 3, ["b", "c", "a", "d"]),
        ("d", 2, ["a", "d", "b", "c"]),
        ("b", 2, LINE),
        ("b", 99, ["a", "c", "d", "b"]),
    ],
)
def test_a_call_is_moved_and_the_others_keep_their_order(call_id: str, move: Move | int, after: list[str]) -> None:
    assert moved(LINE, call_id, move) == after


@given(st.permutations(LINE), st.sampled_from(LINE))
def test_places_keep_the_order_and_are_before_whoever_has_none(line: list[str], until: str) -> None:
    fixed = places(line, until)
    assert sorted(fixed, key=fixed.__getitem__) == line[: line.index(until) + 1]
    assert all(place < 0 for place in fixed.values())
