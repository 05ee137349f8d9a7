"""Parties who were brought together by a step that then breaks off have talked, and the record says since when."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from db.calls import calls
from domain.calls import ids
from tests.model.machine import CallMachine, Ground
from tests.model.setting import NUMBERS, PLANS

TALK = timedelta(seconds=3)


@pytest.mark.parametrize("by_hand", [False, True], ids=["called in", "dialled"])
@pytest.mark.parametrize("who_leaves", ["customer", "agent", "nobody"])
def test_who_has_talked_has_talked(ground: Ground, by_hand: bool, who_leaves: str) -> None:
    machine = CallMachine(ground)
    machine.open(PLANS[1], PLANS[3], 0)
    connect, broken = calls.connect, False

    async def breaks_off_once(*given: object, **about: object) -> object:
        nonlocal broken
        if broken:
            return await connect(*given, **about)  # type: ignore[arg-type]
        broken = True
        machine.centre.clock.time += TALK
        [bridge] = machine.centre.ari.bridges.values()
        [agent] = [member for member in bridge if not ids.parse_leg(member).dial and member in _ours(machine)]
        [customer] = [member for member in bridge if member != agent]
        if who_leaves != "nobody":
            machine.centre.ari.end(customer if who_leaves == "customer" else agent, 16)
        raise ConnectionResetError("trouble")

    with patch.object(calls, "connect", breaks_off_once):
        if by_hand:
            machine.dial(0, at_once=True)
        else:
            machine.call_in(NUMBERS[0], at_once=True)
        machine.pick_up(0, at_once=True)
        if by_hand:
            machine.pick_up(0, at_once=True)
        machine.wait(1)
    assert broken
    machine.end_everything()
    [record] = machine.run(ground.setting.facts()).cdrs.values()
    assert record["disposition"] == "answered"
    assert record["talk"] >= TALK.total_seconds()
    machine.teardown()


def _ours(machine: CallMachine) -> list[str]:
    return [leg.id for leg in machine.centre.ari.legs.values() if leg.ours]
