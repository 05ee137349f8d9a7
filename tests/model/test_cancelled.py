"""A call whose workflow is cancelled while a step of it is being done leaves no phone ringing."""

from domain.agents.agent import ExtensionKind
from tests.model.machine import CallMachine, Ground
from tests.model.setting import KINDS, NUMBERS, PLANS


def test_what_a_cancelled_step_has_rung_stops(ground: Ground) -> None:
    for begin in ("dial", "call_in", "bring_in"):
        machine = CallMachine(ground)
        machine.open(PLANS[1], PLANS[3], 1 if begin == "bring_in" else 0)
        machine.withhold()
        match begin:
            case "dial":
                machine.dial(KINDS.index(ExtensionKind.SIP), at_once=False)
            case "call_in":
                machine.call_in(NUMBERS[0], at_once=False)
            case _:
                machine.bring_in(0, at_once=False)
        machine.run(machine.centre.work())
        machine.cancel(0)
        machine.repair()
        machine.settle()
        ours = [leg.id for leg in machine.centre.ari.legs.values() if leg.ours]
        assert not ours, f"{begin}: {ours} ring on"
        machine.teardown()
