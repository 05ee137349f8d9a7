"""A customer is called once, also when a step breaks off before; the record is true where that is unclear."""

from unittest.mock import patch

from activities.calls import customer_leg, wake
from domain.agents.agent import ExtensionKind
from tests.model.ari import MemoryAri
from tests.model.machine import CallMachine, Ground
from tests.model.setting import KINDS, PLANS

DESK_PHONE = KINDS.index(ExtensionKind.SIP)


def test_a_call_by_hand_whose_step_fails_before_it_has_dialled_is_dialled(ground: Ground) -> None:
    machine = CallMachine(ground)
    machine.open(PLANS[1], PLANS[3], 0)
    failures = [ConnectionResetError("trouble")]

    async def fails_once(*given: object, **about: object) -> None:
        if failures:
            raise failures.pop()
        await wake.wake(*given, **about)  # type: ignore[arg-type]

    machine.dial(DESK_PHONE, at_once=True)
    with patch.object(customer_leg, "wake", fails_once):
        machine.pick_up(0, at_once=True)
        machine.wait(1)
    assert len(machine.centre.ari.dialled_outside) == 1
    machine.teardown()


def test_a_call_by_hand_of_which_nobody_knows_whether_it_was_dialled_has_failed(ground: Ground) -> None:
    machine = CallMachine(ground)
    machine.open(PLANS[1], PLANS[3], 0)
    machine.dial(DESK_PHONE, at_once=True)

    def breaks(self: MemoryAri, channel: str, query: object) -> None:
        raise ConnectionResetError("trouble")

    with patch.object(MemoryAri, "_originate", breaks):
        machine.pick_up(0, at_once=True)
        machine.wait(1)
    assert not machine.centre.ari.dialled_outside
    facts = machine.run(ground.setting.facts())
    [record] = facts.cdrs.values()
    assert record["disposition"] == "failed"
    machine.teardown()
