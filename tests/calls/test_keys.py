"""Keys that are pressed in a talk, in both directions."""

from tests.calls.talk import Talk


async def test_keys_reach_the_other_side_in_both_directions(talk: Talk) -> None:
    await talk.customer.dtmf("12")
    await talk.with_agent.wait_for_digits("12")
    await talk.with_agent.dtmf("34")
    await talk.customer.wait_for_digits("34")
    await talk.calls.send_digits(talk.call_id, "5#")
    await talk.customer.wait_for_digits("5#")
    await talk.customer.hang_up()
    await talk.over("customer", talk.agent)
