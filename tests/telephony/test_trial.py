"""A test call by a trunk, and what is learned from it."""

import pytest

from telephony.dialling import route_endpoint
from telephony.trial import Outcome, Trial
from telephony.trunk import Trunk
from tests.phones.raw_carrier import Manners, RawCarrier
from tests.telephony.node import TestNode

CARRIER = "127.0.0.9"
LOGIN = ("4930123", "se-cret")


@pytest.mark.parametrize(
    ("manners", "outcome"),
    [
        (Manners(login=LOGIN), Outcome(401, 21)),
        (Manners(caller="4930123"), Outcome(403, 21)),
        (Manners(plus=False), Outcome(484, 28)),
        (Manners(invite=(100, 488)), Outcome(488, 58)),
        (Manners(invite=(100, 503), options=None, headers={503: ["Retry-After: 30"]}), Outcome(503, 34)),
        (Manners(invite=(100, 180, 486)), Outcome(486, 17, rang=True)),
        (Manners(invite=(100, 180, 200)), Outcome(rang=True, answered=True)),
    ],
)
async def test_a_test_call_tells_what_the_carrier_answered(node: TestNode, manners: Manners, outcome: Outcome) -> None:
    async with RawCarrier.start(CARRIER, manners) as carrier:
        await node.provisioning.push_trunk(Trunk("trial", carrier.address, [CARRIER]))
        trial = Trial(node.site.http_port, node.site.ari_user, node.site.ari_password)
        endpoint = route_endpoint("trial", "+12025550147", carrier.address, "udp")
        assert await trial.call(endpoint, "+4930555", 10) == outcome
        if outcome.answered:
            await carrier.wait_for("BYE")
        await node.provisioning.remove_trunk("trial")
