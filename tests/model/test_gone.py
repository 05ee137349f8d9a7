"""Whoever asks for somebody else after the customer has gone, of which the call has not heard yet, rings nobody."""

import pytest

from tests.model.machine import OWN, CallMachine, Ground
from tests.model.requests import REACHES, Request
from tests.model.setting import NUMBERS, PLANS


@pytest.mark.parametrize("request_", REACHES, ids=str)
def test_nobody_is_rung_for_a_customer_who_has_gone(ground: Ground, request_: Request) -> None:
    machine = CallMachine(ground)
    machine.open(PLANS[1], PLANS[3], 0)
    machine.begin_talk(NUMBERS[0])
    ari = machine.centre.ari
    [caller] = [leg for leg in ari.legs.values() if not leg.ours and leg.listens_to is None]
    rung, dialled = {leg.id for leg in ari.legs.values()}, len(ari.dialled_outside)
    ari.end(caller.id, 16)
    machine.ask(0, OWN, 0, request_, at_once=False)
    machine.run(machine.centre.work())
    assert {leg.id for leg in ari.legs.values() if leg.listens_to is None} <= rung
    assert len(ari.dialled_outside) == dialled
    machine.teardown()
