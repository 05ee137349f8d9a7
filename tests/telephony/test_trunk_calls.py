"""What comes by a trunk, and what becomes of calls by one, as Asterisk tells of it."""

from collections.abc import AsyncIterator

import pytest

from telephony.dialling import trunk_endpoint
from telephony.events import ChannelDestroyed, ChannelEnteredApp
from telephony.provisioning import Trunk
from tests.phones.raw_caller import RawCaller
from tests.phones.raw_carrier import Manners, RawCarrier
from tests.telephony.node import TestNode

CARRIER = "127.0.0.8"


@pytest.fixture
async def carrier(node: TestNode) -> AsyncIterator[RawCarrier]:
    async with RawCarrier.start(CARRIER) as carrier:
        await node.provisioning.push_trunk(Trunk("carrier-8", carrier.address, [CARRIER]))
        yield carrier
    await node.provisioning.remove_trunk("carrier-8")


@pytest.mark.parametrize("dialled", ["5000;npdi", "5000;rn=+15551230000", "5000;phone-context=+49"])
async def test_parameters_of_a_number_are_no_part_of_it(node: TestNode, caller: RawCaller, dialled: str) -> None:
    event = await node.inbound(caller, dialled)
    assert event.arguments == ("inbound", "5000")
    await node.asterisk.hang_up(event.channel.id)


@pytest.mark.parametrize("target", ["7000", "+12025550199", "demo"])
async def test_a_called_number_that_answers_302_calls_nobody(node: TestNode, carrier: RawCarrier, target: str) -> None:
    contact = f"Contact: <sip:{target}@{carrier.address}>"
    carrier.manners = Manners(invite=(100, 302), headers={302: [contact]})
    mark = node.heard.mark()
    channel = f"redirected-{target.strip('+')}"
    await node.asterisk.originate(
        channel, endpoint=trunk_endpoint("carrier-8", "+12025550147"), app_args="agent", timeout=10
    )
    await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == channel, after=mark)
    assert not node.heard.after(mark, ChannelEnteredApp)
    assert not [found for found in await node.asterisk.channels() if "Local" in found.name]
    assert len(carrier.of("INVITE")) == 1
