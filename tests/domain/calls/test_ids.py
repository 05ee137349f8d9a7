import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calls import ids

CALLS = ["node1-1763840000.12", "01a214d3-7037-7285-9ea5-6da37b906076"]


@pytest.mark.parametrize("call_id", CALLS)
def test_an_agents_leg_names_its_call(call_id: str) -> None:
    leg = ids.parse_leg(ids.agent_leg(call_id, 12))
    assert (leg.call_id, leg.attempt, leg.is_customer) == (call_id, 12, False)


@pytest.mark.parametrize("call_id", CALLS)
def test_a_channel_without_suffix_is_the_customers(call_id: str) -> None:
    leg = ids.parse_leg(call_id)
    assert (leg.call_id, leg.is_customer) == (call_id, True)


def test_the_phone_that_dials_is_the_first_agents_leg_and_the_others_are_named_as_ever() -> None:
    call_id = ids.dialled_on("node1-1763840000.12")
    assert ids.agent_leg(call_id, 1) == "node1-1763840000.12"
    leg = ids.dialling_leg("node1-1763840000.12")
    assert (leg.call_id, leg.attempt, leg.is_customer) == (call_id, 1, False)
    for name, attempt, dial in ((ids.agent_leg(call_id, 2), 2, 0), (ids.customer_leg(call_id, 1), 0, 1)):
        assert ids.parse_leg(name) == ids.Leg(call_id, attempt, dial=dial)
    assert ids.parse_leg(ids.listener(call_id, 1)).call_id == call_id


def test_a_listener_is_no_party_of_its_call() -> None:
    leg = ids.parse_leg(ids.listener("node1-1763840000.12", 1))
    assert (leg.call_id, leg.is_customer, leg.listens) == ("node1-1763840000.12", False, True)


@given(st.integers(1, 50))
def test_our_ids_are_version_7_and_sort_by_time(count: int) -> None:
    made = [ids.uuid7() for _ in range(count)]
    assert all(value.version == 7 for value in made)
    assert [value.int >> 80 for value in made] == sorted(value.int >> 80 for value in made)
