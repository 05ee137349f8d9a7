"""An Asterisk that refuses something for another reason than that somebody has left is asked again."""

from domain.calls.arrival import Arrival
from domain.calls.call import CallStage
from tests.model.centre import NODE
from tests.model.machine import CallMachine, Ground
from tests.model.setting import CUSTOMER, NUMBERS, PLANS

MOST = 3
"""Refusals, one after the other."""


def stage(machine: CallMachine) -> str:
    [run] = machine.centre.open_runs
    return run.call._state.stage


def test_whoever_is_there_is_let_in_and_brought_together(ground: Ground) -> None:
    for odd in range(1, MOST + 1):
        machine = CallMachine(ground)
        machine.open(PLANS[1], PLANS[3], 0)
        channel = machine.new_id()
        machine.centre.ari.call_in(channel, f"inbound,{NUMBERS[0]},allowed_not_screened", number=CUSTOMER)
        machine.centre.ari.odd = odd
        machine.begin(Arrival(channel, NODE, NUMBERS[0], CUSTOMER, "Caller", machine.centre.clock.time))
        machine.wait(5)
        assert stage(machine) == CallStage.OFFERED
        leg = machine.centre.ari.legs[channel]
        assert (leg.up, leg.music) == (True, True)
        machine.pick_up(0, at_once=False)
        machine.centre.ari.odd = odd
        machine.settle()
        machine.wait(5)
        assert stage(machine) == CallStage.CONNECTED
        machine.teardown()
