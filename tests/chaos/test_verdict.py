from dataclasses import replace

import pytest

from tests.chaos.verdict import Facts, Leg, Record, dialled_twice, overlaps, violations

RIGHT = Facts(
    "+12025550147",
    "ended by the customer",
    customer=(Leg("customer", 100.0, 100.1, 115.0),),
    agents=(Leg("A", 101.0, 102.0, 115.1),),
    records=(Record("answered", 115.0, 13.0, "stored", 13.0),),
    plain=True,
    heard_seconds=8.0,
)


def test_a_call_as_it_should_be_is_no_violation() -> None:
    assert not violations(RIGHT)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"records": ()}, "0 records"),
        ({"records": RIGHT.records * 2}, "2 records"),
        ({"records": (replace(RIGHT.records[0], disposition="abandoned"),)}, "the record says abandoned"),
        ({"agents": ()}, "nobody talked"),
        ({"records": (replace(RIGHT.records[0], ended=150.0),)}, "+35.0 s after the customer"),
        ({"records": (replace(RIGHT.records[0], talk_seconds=44.0),)}, "44.0 s of talk"),
        ({"records": (replace(RIGHT.records[0], recording=None),)}, "without a recording"),
        ({"records": (replace(RIGHT.records[0], recording_seconds=4.0),)}, "counts as whole"),
        ({"heard_seconds": 1.0}, "heard the agent for 1.0 s"),
        ({"agents": (*RIGHT.agents, Leg("B", 140.0, None, 150.0))}, "after the customer had gone"),
    ],
)
def test_what_is_wrong_is_found(wrong: dict[str, object], words: str) -> None:
    assert any(words in found for found in violations(replace(RIGHT, **wrong)))  # type: ignore[arg-type]


def test_a_call_that_its_agent_has_ended_is_over_while_the_customer_waits_for_the_node() -> None:
    alone = replace(RIGHT, customer=(replace(RIGHT.customer[0], ended=126.0),))
    assert not violations(alone)
    assert violations(replace(alone, records=(replace(RIGHT.records[0], ended=111.0),)))


def test_a_recording_that_is_flagged_may_be_short() -> None:
    flagged = replace(RIGHT.records[0], recording="failed", recording_seconds=0.0)
    assert not violations(replace(RIGHT, records=(flagged,)))


def test_an_agent_talks_on_one_call_at_a_time() -> None:
    first, second = Leg("A", 1.0, 2.0, 10.0), Leg("A", 5.0, 6.0, 12.0)
    assert overlaps([first, second])
    assert not overlaps([first, replace(second, answered=10.0)])
    assert not overlaps([first, replace(second, answered=None)])


def test_a_customer_is_called_once() -> None:
    assert dialled_twice(["+1", "+2", "+1"]) == ["+1 was called 2 times"]
