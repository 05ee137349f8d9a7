"""A callback whose customer is gone as soon as the phone is picked up leaves nothing behind while it waits."""

from domain.calls import ids
from tests.model.machine import CallMachine, Ground
from tests.model.setting import NUMBERS, PLANS


def test_no_bridge_is_left_over(ground: Ground) -> None:
    machine = CallMachine(ground)
    machine.open(PLANS[1], PLANS[3], 0)
    ari = machine.centre.ari
    # The caller asks to be called back before anybody has answered, and agrees to the number.
    machine.call_in(NUMBERS[1], at_once=True)
    for key in "51":
        machine.press(0, key, at_once=True)
        machine.wait(1)
    [caller] = [leg for leg in ari.legs.values() if not leg.ours]
    ari.end(caller.id, 16)
    machine.after(at_once=True)
    machine.wait(1)
    # An agent takes it; the customer picks up, and is gone before the call hears of that.
    machine.pick_up(0, at_once=True)
    [customer] = [leg for leg in ari.legs.values() if ids.parse_leg(leg.id).dial]
    ari.answer(customer.id)
    ari.end(customer.id, 16)
    machine.after(at_once=True)
    machine.wait(10)
    assert not ari.bridges
    machine.cancel(0)
    machine.teardown()
