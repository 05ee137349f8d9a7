import pytest

from tests.day.verdict import growths

CALLS = 200


def day(gauge: str, *, per_call: float, warm_up: float = 0.0, start: float = 1000.0) -> bool:
    """Whether a gauge leaks that is read forty times in a day, and is high at first by what warms up."""
    readings = [
        {gauge: start + per_call * CALLS * place / 40 + (warm_up if place < 10 else 0.0)} for place in range(40)
    ]
    (found,) = growths(readings, CALLS)
    return found.leaks


@pytest.mark.parametrize(
    "gauge",
    [
        "page: DOM nodes",
        "page: listeners",
        "page: objects",
        "page: peer connections",
        "api: files",
        "asterisk: threads",
    ],
)
def test_one_thing_a_call_is_a_leak(gauge: str) -> None:
    assert day(gauge, per_call=1)
    assert not day(gauge, per_call=0.1)
    assert not day(gauge, per_call=-1)


@pytest.mark.parametrize(
    ("gauge", "held"),
    [("page: heap", 5_000), ("node: memory", 60_000), ("asterisk: memory", 30_000)],
)
def test_what_an_object_with_its_belongings_takes_is_a_leak(gauge: str, held: float) -> None:
    assert day(gauge, per_call=held)
    assert not day(gauge, per_call=held / 10)


def test_what_grows_until_everything_is_warm_is_no_leak() -> None:
    assert not day("page: DOM nodes", per_call=0, warm_up=-800)


def test_what_stores_calls_may_grow() -> None:
    assert not day("postgres: memory", per_call=1_000_000)
